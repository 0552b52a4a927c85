//! To which year a commitment is answered, and what reaches further.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use comity_record::catalogue::Catalogue;

use super::block::Rows;
use super::evaluate::{Cell, Evaluation, Outcome, at_least};
use super::judge::is_judged;
use super::plan::blocks;
use crate::audit::{Answered, CommitmentAudit, Reach};
use crate::document::{Commitment, Kind};
use crate::verdict::Verdict;

/// To which year a commitment is answered for any state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredAnywhere {
    /// The commitment.
    pub commitment: String,
    /// The last year in which it is answered for some state; none: it is unknown everywhere.
    pub last_year: Option<i32>,
    /// For how many states it is in that year.
    pub states: usize,
}

/// To which year one commitment of an audit is answered.
pub(super) fn of(audit: &CommitmentAudit, catalogue: &Catalogue) -> Answered {
    let answered = |v: &&crate::audit::YearVerdict| is_answer(v.verdict, v.at_least.is_some());
    let verdicts = audit.verdicts.iter().filter(answered).map(|v| v.year);
    let values = audit.values.iter().filter(|_| !audit.judged).map(|v| v.year);
    let last_year = verdicts.chain(values.clone()).max();
    let covered = audit.verdicts.iter().filter(|v| v.covered).map(|v| v.year);
    let looked = audit.looked.iter().map(|l| l.to).max();
    let mut moved_by = BTreeSet::new();
    for missing in audit.missing.iter().filter(|m| last_year.is_none_or(|last| m.to > last)) {
        for proposed in &missing.answered_by {
            let Some((dataset, edition)) = catalogue.furthest(proposed) else { continue };
            if last_year.is_none_or(|last| edition.last_year > last) {
                moved_by.insert((
                    Reverse(edition.last_year),
                    dataset.to_owned(),
                    edition.version.to_owned(),
                ));
            }
        }
    }
    Answered {
        last_year,
        last_covered: covered.chain(values).max(),
        looked_to: looked.filter(|to| last_year.is_none_or(|last| *to > last)),
        moved_by: moved_by
            .into_iter()
            .map(|(Reverse(to), dataset, version)| Reach { dataset, version, to })
            .collect(),
    }
}

/// A verdict that says something; that nothing applies or nothing came up is something.
fn is_answer(verdict: Verdict, at_least: bool) -> bool {
    verdict != Verdict::Unknown || at_least
}

impl Evaluation {
    /// The last year in which anything was found: a source may speak of years that it does not cover.
    pub(super) fn last_found(&self) -> Option<i32> {
        *self.last_found.get_or_init(|| {
            let outcomes = self.outcomes.iter().flatten();
            let blocks = outcomes.flat_map(|o| &o.readings).flat_map(|r| &r.blocks);
            let found = blocks.filter_map(|b| match &b.rows {
                Rows::Found(found) => Some(found.graded()),
                Rows::Values(_) => None,
            });
            let there = |(state, year, _): &(i32, i32, _)| self.grid.cell(*state, *year).is_some();
            found.flatten().filter(there).map(|(_, year, _)| year).max()
        })
    }

    /// Of every commitment that was evaluated, watches and goals left out: to which year it is answered for any state. Years in which it
    /// does not apply to a state count for none.
    pub fn answered_anywhere(&self) -> Vec<AnsweredAnywhere> {
        let commitments = self.policy.commitments.iter().zip(&self.outcomes);
        let conduct = commitments.filter(|(c, _)| !matches!(c.kind, Kind::Watch | Kind::Goal));
        conduct
            .filter_map(|(commitment, outcome)| Some(self.anywhere(commitment, outcome.as_ref()?)))
            .collect()
    }

    fn anywhere(&self, commitment: &Commitment, outcome: &Outcome) -> AnsweredAnywhere {
        let applies = |cell: &Cell| !matches!(cell.verdict, Verdict::NotApplicable);
        let answers = |cell: &Cell| {
            applies(cell) && is_answer(cell.verdict, at_least(cell.verdict, cell.bounds).is_some())
        };
        let judged = blocks(&commitment.versions).any(|e| is_judged(commitment.kind, e));
        let of: BTreeSet<(i32, i32)> = if judged {
            let cells = outcome.cells.iter().enumerate().filter(|(_, cell)| answers(cell));
            cells.map(|(at, _)| self.grid.at(at)).map(|(state, year)| (year, state)).collect()
        } else {
            let blocks = outcome.readings.first().into_iter().flat_map(|r| &r.blocks);
            let known = blocks.flat_map(|b| b.standings.state_years());
            known.map(|(state, year)| (year, state)).collect()
        };
        let last_year = of.last().map(|(year, _)| *year);
        AnsweredAnywhere {
            commitment: commitment.id.clone(),
            last_year,
            states: of.iter().filter(|(year, _)| Some(*year) == last_year).count(),
        }
    }
}
