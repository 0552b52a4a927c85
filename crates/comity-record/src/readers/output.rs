//! The canonical rows that a reader writes, and what it has to say about them.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::rows::{TableRows, Value};
use crate::schema;

use super::row::When;

/// Canonical rows in the making.
#[derive(Debug)]
pub struct Output {
    source: String,
    tables: Vec<TableRows>,
    notes: Vec<String>,
    unplaced: BTreeMap<String, usize>,
}

impl Output {
    /// Nothing yet, for this source id.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            tables: Vec::new(),
            notes: Vec::new(),
            unplaced: BTreeMap::new(),
        }
    }

    /// Begins a table: it is then covered, even if no row follows.
    ///
    /// # Panics
    /// On a table that does not exist: a mistake in the reader, not in the data.
    pub fn begin(&mut self, table: &str) {
        if !self.tables.iter().any(|t| t.table().name == table) {
            let table = schema::table(table).unwrap_or_else(|| panic!("there is no table {table}"));
            self.tables.push(TableRows::new(table, self.source.clone()));
        }
    }

    /// Adds a row to a table.
    pub fn push(&mut self, table: &str, cells: &[(&str, Value)], source_row: impl AsRef<str>) {
        self.begin(table);
        if let Some(rows) = self.tables.iter_mut().find(|t| t.table().name == table) {
            rows.push(cells, source_row);
        }
    }

    /// Says what a reader of a verdict must know.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Counts a code that is no state of the system: its row is kept, with the code in `source_row`.
    pub fn unplaced(&mut self, what: impl Into<String>) {
        *self.unplaced.entry(what.into()).or_default() += 1;
    }

    /// The tables in their canonical order, and the notes.
    pub(super) fn finish(mut self) -> (Vec<(&'static str, RecordBatch)>, Vec<String>) {
        if !self.unplaced.is_empty() {
            let counted: usize = self.unplaced.values().sum();
            let listed: Vec<String> =
                self.unplaced.iter().map(|(c, n)| format!("{c} ({n})")).collect();
            self.notes.push(format!(
                "{counted} codes are of no state of the system at the time; their rows are kept without that state, the code in source_row: {}",
                listed.join(", ")
            ));
        }
        let order = |t: &TableRows| schema::TABLES.iter().position(|o| o.name == t.table().name);
        self.tables.sort_by_key(order);
        let tables = self.tables.into_iter().map(|t| (t.table().name, t.finish())).collect();
        (tables, self.notes)
    }
}

/// The four cells of a spell; an open one has no end.
pub fn spell(start: When, end: When) -> [(&'static str, Value); 4] {
    [
        ("start", start.date.into()),
        ("start_year", start.year.into()),
        ("end", end.date.into()),
        ("end_year", end.year.into()),
    ]
}
