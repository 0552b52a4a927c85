//! Scores of values and probabilities against what happened, with intervals by block bootstrap.
//!
//! Rows that are near in time are not independent: they belong to blocks (calendar years), and a bootstrap draws whole blocks. Everything
//! here takes how often each block counts, so that a draw costs no second sort.

mod draws;
mod ranking;

pub use draws::{Draws, Estimate, median};
pub use ranking::{Pairs, Point, Ranking, Unit};

/// The mean squared error of probabilities, by block: Brier's score.
///
/// # Units
/// 0 to 1; less is better.
///
/// # Source
/// Brier (1950), Verification of Forecasts Expressed in Terms of Probability, Monthly Weather Review 78(1): 1-3.
#[derive(Debug, Clone, PartialEq)]
pub struct Brier {
    /// By block: the sum of squared errors, and rows.
    blocks: Vec<(f64, f64)>,
}

impl Brier {
    /// Of rows of a block, a probability and whether it happened. Rows of blocks that there are not are left out.
    pub fn new(rows: impl IntoIterator<Item = (usize, f64, bool)>, blocks: usize) -> Self {
        let mut sums = vec![(0.0, 0.0); blocks];
        for (block, probability, outcome) in rows {
            if let Some((squares, rows)) = sums.get_mut(block) {
                *squares += (probability - f64::from(u8::from(outcome))).powi(2);
                *rows += 1.0;
            }
        }
        Self { blocks: sums }
    }

    /// The score where each block counts so often; null without rows.
    pub fn score(&self, weights: &[f64]) -> Option<f64> {
        ratio(&self.blocks, weights)
    }
}

/// The ratio of two sums over blocks, each of which counts so often; null where the second is 0.
pub fn ratio(blocks: &[(f64, f64)], weights: &[f64]) -> Option<f64> {
    let (mut above, mut below) = (0.0, 0.0);
    for ((a, b), weight) in blocks.iter().zip(weights) {
        above += a * weight;
        below += b * weight;
    }
    (below > 0.0).then(|| above / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brier_is_the_mean_square() {
        let brier =
            Brier::new([(0, 0.5, true), (0, 0.0, false), (1, 1.0, false), (7, 0.5, true)], 2);
        assert_eq!(brier.score(&[1.0, 1.0]), Some(1.25 / 3.0));
        assert_eq!(brier.score(&[2.0, 0.0]), Some(0.125));
        assert_eq!(brier.score(&[0.0, 0.0]), None);
    }
}
