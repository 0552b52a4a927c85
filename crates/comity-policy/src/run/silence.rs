//! What a test of a document leaves out of its world because of what it gives.

use comity_sql::VIEWS;

/// The tables that a test leaves uncovered where it gives `table` and not them: fallbacks, which answer only where that has no coverage.
pub fn left_out_beside(table: &str) -> Vec<&'static str> {
    let views = VIEWS.iter().filter(|view| view.reads.contains(&table));
    let mut all: Vec<&'static str> = views.filter_map(|view| view.fallback).collect();
    all.dedup();
    all
}
