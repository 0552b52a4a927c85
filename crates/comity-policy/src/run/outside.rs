//! Findings that no verdict counts: of years in which their state was not in the state system.

use std::collections::{BTreeMap, BTreeSet};

use super::block::Rows;
use super::evaluate::Evaluation;
use super::report::runs;

/// Most spans of years that are listed for one commitment.
const MOST_SPANS: usize = 4;

impl Evaluation {
    /// A sentence about the findings of a state that lie outside its years in the state system, by commitment; none
    /// where there are no such findings.
    pub(crate) fn outside(&self, ccode: i32) -> Option<String> {
        let requested = &self.options.commitments;
        let mut parts = Vec::new();
        for (commitment, outcome) in self.policy.commitments.iter().zip(&self.outcomes) {
            let Some(outcome) = outcome else { continue };
            if !requested.is_empty() && !requested.contains(&commitment.id) {
                continue;
            }
            let mut found = BTreeMap::new();
            for block in outcome.readings.iter().flat_map(|r| &r.blocks) {
                let Rows::Found(rows) = &block.rows else { continue };
                for f in rows.of_years(ccode, |year| self.grid.cell(ccode, year).is_none()) {
                    let key = (block.version, block.block, f.severity, f.other, f.what);
                    found.insert((key, f.source, f.source_row, f.label, f.year), f.year);
                }
            }
            if found.is_empty() {
                continue;
            }
            let years: BTreeSet<i32> = found.values().copied().collect();
            let spans = runs(&years.into_iter().collect::<Vec<_>>());
            let mut listed: Vec<String> = spans
                .iter()
                .take(MOST_SPANS)
                .map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") })
                .collect();
            if spans.len() > MOST_SPANS {
                listed.push("…".into());
            }
            parts.push(format!("{} of {} ({})", found.len(), commitment.id, listed.join(", ")));
        }
        (!parts.is_empty()).then(|| {
            format!(
                "Findings of years in which the state was not in the state system of this record have no verdict: {}.",
                parts.join("; ")
            )
        })
    }
}
