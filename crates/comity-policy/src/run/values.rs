//! The values of what is striven for, asked for one by one.

use super::evaluate::Evaluation;

impl Evaluation {
    /// The value of each block of something striven for, on one state and year, in the order of the document; empty for other kinds.
    pub fn values(&self, ccode: i32, commitment: &str, year: i32) -> Vec<Option<f64>> {
        let at = self.policy.commitments.iter().position(|c| c.id == commitment);
        let Some(outcome) = at.and_then(|at| self.outcomes[at].as_ref()) else { return Vec::new() };
        let Some(baseline) = outcome.readings.first() else { return Vec::new() };
        let valued = |b: &&std::sync::Arc<super::evaluate::BlockOutcome>| {
            matches!(b.rows, super::block::Rows::Values(_))
        };
        baseline.blocks.iter().filter(valued).map(|b| b.standings.value((ccode, year))).collect()
    }
}
