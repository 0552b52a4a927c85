//! Draws of blocks, and intervals from them.

use comity_record::parallel::waiting;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::Serialize;

/// Draws of blocks with replacement. The numbers of a draw depend on the seed and on which draw it is, and on nothing else: the result is the
/// same for any number of threads.
///
/// # Source
/// Carlstein (1986), The Use of Subseries Values for Estimating the Variance of a General Statistic from a Stationary Sequence, Annals of
/// Statistics 14(3): 1171-1179; percentile intervals: Efron (1979), Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics
/// 7(1): 1-26.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Draws {
    /// Of all random numbers.
    pub seed: u64,
    /// How many draws.
    pub draws: u32,
    /// How many blocks there are, and are drawn each time.
    pub blocks: usize,
    /// Threads.
    pub threads: usize,
}

/// A statistic with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// Of all rows.
    pub value: f64,
    /// The 2.5th percentile of the draws.
    pub low: f64,
    /// The 97.5th percentile of the draws.
    pub high: f64,
    /// Draws in which the statistic has no value (no onset was drawn): they are left out of the percentiles.
    pub undefined: u32,
}

impl Draws {
    /// How often each block is drawn.
    pub fn weights(&self, draw: u32) -> Vec<f64> {
        let mut weights = vec![0.0; self.blocks];
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(u64::from(draw));
        for _ in 0..self.blocks {
            // The high half of a product with the number of blocks is a block.
            let block = (u128::from(random.next_u64()) * self.blocks as u128) >> 64;
            weights[block as usize] += 1.0;
        }
        weights
    }

    /// A statistic of how often each block counts, and its interval. Null where it has no value over all rows, or in no draw.
    pub fn estimate(&self, statistic: impl Fn(&[f64]) -> Option<f64> + Sync) -> Option<Estimate> {
        let value = statistic(&vec![1.0; self.blocks])?;
        let draws: Vec<u32> = (0..self.draws).collect();
        let made = waiting(self.threads, &draws, |draw| statistic(&self.weights(*draw)));
        let mut values: Vec<f64> = made.into_iter().flatten().collect();
        values.sort_by(f64::total_cmp);
        let undefined = self.draws - values.len() as u32;
        let (low, high) = (percentile(&values, 0.025)?, percentile(&values, 0.975)?);
        Some(Estimate { value, low, high, undefined })
    }
}

/// The median of sorted values; null without values.
pub fn median(values: &[f64]) -> Option<f64> {
    percentile(values, 0.5)
}

/// A percentile of sorted values, between two of them where it falls between; null without values.
fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let at = share * (values.len().checked_sub(1)?) as f64;
    let (below, above) = (values.get(at.floor() as usize)?, values.get(at.ceil() as usize)?);
    Some(below + (above - below) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_for_any_number_of_threads() {
        let mean = |weights: &[f64]| {
            let blocks: Vec<(f64, f64)> = (0..40).map(|i| (f64::from(i), 1.0)).collect();
            crate::score::ratio(&blocks, weights)
        };
        let estimate =
            |threads, seed| Draws { seed, draws: 500, blocks: 40, threads }.estimate(mean).unwrap();
        assert_eq!(estimate(1, 7), estimate(3, 7));
        assert_ne!(estimate(1, 7), estimate(1, 8));
        // The standard error of a mean of 0 to 39 from 40 draws is 11.54/√40 = 1.825.
        let Estimate { value, low, high, undefined } = estimate(2, 7);
        assert_eq!((value, undefined), (19.5, 0));
        assert!((high - low - 2.0 * 1.96 * 1.825).abs() < 0.8, "{low} {high}");
    }

    #[test]
    fn each_draw_has_all_blocks_in_number() {
        let draws = Draws { seed: 1, draws: 3, blocks: 9, threads: 1 };
        let weights: Vec<Vec<f64>> = (0..3).map(|draw| draws.weights(draw)).collect();
        assert!(weights.iter().all(|w| w.iter().sum::<f64>() == 9.0));
        assert_ne!(weights[0], weights[1]);
        assert_eq!(
            Draws { blocks: 0, ..draws }.estimate(|_| Some(1.0)).map(|e| e.value),
            Some(1.0)
        );
        assert_eq!(draws.estimate(|_| None), None);
    }

    #[test]
    fn percentiles_lie_between_values() {
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
