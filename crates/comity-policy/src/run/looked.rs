//! Which sources did cover a year that is unknown, and held nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::block::Rows;
use super::evaluate::{BlockOutcome, Evaluation, Outcome};
use super::report::runs;
use super::rules::Grade;
use crate::audit::Looked;
use crate::document::Commitment;
use crate::verdict::Verdict;

/// Sources, and what they claim to see.
type Seen = (BTreeSet<String>, BTreeSet<String>);

impl Evaluation {
    /// Of the years in which a commitment is unknown under the baseline: the blocks that were fully covered and found nothing.
    pub(crate) fn looked(
        &self,
        commitment: &Commitment,
        outcome: &Outcome,
        ccode: i32,
        from: i32,
        to: i32,
    ) -> Vec<Looked> {
        let mut all = Vec::new();
        for block in outcome.readings.first().into_iter().flat_map(|r| &r.blocks) {
            let name = &commitment.versions[block.version].evidence[block.block].name;
            let mut years: BTreeMap<Seen, Vec<i32>> = BTreeMap::new();
            for year in from..=to {
                let Some(cell) = self.grid.cell(ccode, year) else { continue };
                if nothing_in(block, cell) && outcome.cells[cell].verdict == Verdict::Unknown {
                    years.entry(self.seen(block, ccode, year)).or_default().push(year);
                }
            }
            for ((sources, about), years) in years {
                for (from, to) in runs(&years) {
                    let (sources, about) = (sources.iter().cloned(), about.iter().cloned());
                    let (sources, about) = (sources.collect(), about.collect());
                    all.push(Looked { block: name.clone(), from, to, sources, about });
                }
            }
        }
        all.sort_by(|a, b| (a.from, a.to, &a.block).cmp(&(b.from, b.to, &b.block)));
        all
    }

    /// The sources whose claims cover a state and year for the tables that can give rows to a block.
    fn seen(&self, block: &BlockOutcome, ccode: i32, year: i32) -> Seen {
        let (mut sources, mut about) = Seen::default();
        for (need, coverage) in block.coverage(&self.record) {
            if !need.found && need.exempts {
                continue;
            }
            for (source, claim) in coverage.entries() {
                let now = (claim.from..=claim.to).contains(&year) && claim.units.contain(ccode);
                if now && need.answered(claim) {
                    sources.insert(source.clone());
                    about.extend(claim.scope.clone());
                }
            }
        }
        (sources, about)
    }
}

/// Whether a block that returns findings is fully covered in a state-year and found nothing.
fn nothing_in(block: &BlockOutcome, cell: usize) -> bool {
    matches!(block.rows, Rows::Found(_))
        && block.bounds[cell].is_some_and(|b| b.covered && b.worst == Grade::Nothing)
}

/// Whether a state-year is unknown although a block of the baseline was fully covered there and found nothing.
pub(super) fn is_looked_at(outcome: &Outcome, cell: usize) -> bool {
    let mut baseline = outcome.readings.first().into_iter().flat_map(|r| &r.blocks);
    outcome.cells[cell].verdict == Verdict::Unknown && baseline.any(|b| nothing_in(b, cell))
}
