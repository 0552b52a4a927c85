//! Scores of forecasts that are given as samples of a distribution.

use crate::Error;

/// Where the bins of the ignorance score begin, as the VIEWS challenge publishes them; the last has no end.
pub const VIEWS_BINS: [f64; 11] =
    [0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5];

/// The continuous ranked probability score of samples: E|X − y| − ½ E|X − X′|; less is better, and of one sample it is its error.
///
/// # Shape
/// Samples in any order, each as probable as the others.
///
/// # Units
/// Those of the outcome.
///
/// # Nulls
/// None.
///
/// # Errors
/// No samples; a sample or an outcome that is not finite.
///
/// # Source
/// Gneiting & Raftery (2007), equation 21, with the samples taken as the whole distribution (pairs of a sample with itself count).
pub fn crps(samples: &[f64], outcome: f64) -> Result<f64, Error> {
    let sorted = sorted(samples, outcome)?;
    let n = sorted.len() as f64;
    let away = sorted.iter().map(|x| (x - outcome).abs()).sum::<f64>() / n;
    // Of sorted samples, the sum over all pairs is a weighted sum over the samples.
    let apart: f64 =
        sorted.iter().enumerate().map(|(i, x)| (2.0 * (i + 1) as f64 - n - 1.0) * x).sum();
    Ok(away - apart / (n * n))
}

/// The ignorance score: −log₂((c + 1) / (n + bins)), where c of n samples lie in the bin of the outcome. Each bin has one sample more than
/// were given, so that no outcome is impossible; less is better.
///
/// What the extra samples weigh depends on n: **scores of forecasts with different numbers of samples must not be compared.** Right without
/// fail, one sample scores 2.585 with 11 bins, and 1,000 equal ones score .014.
///
/// # Shape
/// Samples in any order; where the bins begin, rising ([`VIEWS_BINS`]). A bin holds its beginning, not its end.
///
/// # Units
/// Bits.
///
/// # Nulls
/// None.
///
/// # Errors
/// No samples; a sample or an outcome that is not finite, or below the first bin; bins that do not rise.
///
/// # Source
/// Roulston & Smith (2002); bins and extra samples as in the VIEWS challenge (Hegre et al. 2024).
pub fn ignorance(samples: &[f64], outcome: f64, bins: &[f64]) -> Result<f64, Error> {
    finite(samples, outcome)?;
    if bins.is_empty() || !bins.windows(2).all(|pair| pair[0] < pair[1]) {
        return Err(Error::Empty { what: "bins that rise" });
    }
    let bin = |value: f64| bins.partition_point(|begin| *begin <= value);
    if let Some(row) = samples.iter().position(|x| bin(*x) == 0) {
        return Err(below("the sample", row, samples[row]));
    }
    let there = bin(outcome);
    if there == 0 {
        return Err(below("the outcome", 0, outcome));
    }
    let count = samples.iter().filter(|x| bin(**x) == there).count() as f64;
    Ok(-((count + 1.0) / (samples.len() + bins.len()) as f64).log2())
}

/// The interval score: the width of the central interval that holds a share 1 − α, and 2/α times how far outside it the outcome is; less is
/// better. Its mean over rows is the MIS.
///
/// # Shape
/// Samples in any order; the ends of the interval are their [`quantile`]s at α/2 and 1 − α/2.
///
/// # Units
/// Those of the outcome; `alpha` is a share, .10 for an interval of 90 %.
///
/// # Nulls
/// None.
///
/// # Errors
/// No samples; a sample or an outcome that is not finite; `alpha` not between 0 and 1.
///
/// # Source
/// Gneiting & Raftery (2007), equation 43.
pub fn interval_score(samples: &[f64], outcome: f64, alpha: f64) -> Result<f64, Error> {
    let sorted = sorted(samples, outcome)?;
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(Error::Argument { what: "alpha", value: alpha, wanted: "between 0 and 1" });
    }
    let (low, high) = (at(&sorted, 0.5 * alpha), at(&sorted, 1.0 - 0.5 * alpha));
    let outside = (low - outcome).max(0.0) + (outcome - high).max(0.0);
    Ok(high - low + 2.0 / alpha * outside)
}

/// The value below which a share of samples lies, on the line between the two samples nearest to it (type 7 of Hyndman & Fan 1996, as R and
/// NumPy do).
///
/// # Errors
/// No samples; a sample that is not finite; a share outside 0 to 1.
pub fn quantile(samples: &[f64], share: f64) -> Result<f64, Error> {
    let sorted = sorted(samples, 0.0)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Error::Argument { what: "the share", value: share, wanted: "from 0 to 1" });
    }
    Ok(at(&sorted, share))
}

/// [`quantile`] of samples that are sorted and not none.
pub(super) fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Samples in rising order; they are copied only where they are not so already.
pub(super) fn sorted(samples: &[f64], outcome: f64) -> Result<std::borrow::Cow<'_, [f64]>, Error> {
    finite(samples, outcome)?;
    if samples.is_sorted() {
        return Ok(samples.into());
    }
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted.into())
}

fn finite(samples: &[f64], outcome: f64) -> Result<(), Error> {
    const WANTED: &str = "a finite number";
    if samples.is_empty() {
        return Err(Error::Empty { what: "a forecast without samples" });
    }
    if let Some(row) = samples.iter().position(|x| !x.is_finite()) {
        let what = "the sample".to_owned();
        return Err(Error::Value { what, row, value: samples[row], wanted: WANTED });
    }
    if !outcome.is_finite() {
        return Err(Error::Argument { what: "the outcome", value: outcome, wanted: WANTED });
    }
    Ok(())
}

fn below(what: &str, row: usize, value: f64) -> Error {
    Error::Value { what: what.to_owned(), row, value, wanted: "a number in one of the bins" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition, pair by pair.
    fn slow(x: &[f64], y: f64) -> f64 {
        let n = x.len() as f64;
        let away = x.iter().map(|a| (a - y).abs()).sum::<f64>() / n;
        let apart: f64 = x.iter().flat_map(|a| x.iter().map(move |b| (a - b).abs())).sum();
        away - 0.5 * apart / (n * n)
    }

    #[test]
    fn crps_is_that_of_its_definition_in_any_order() {
        assert_eq!(crps(&[3.0], 7.0).unwrap(), 4.0);
        assert_eq!(crps(&[3.0; 9], 7.0).unwrap(), 4.0);
        // ½(|0−1| + |2−1|) − ½ · (0 + 2 + 2 + 0)/4.
        assert_eq!(crps(&[0.0, 2.0], 1.0).unwrap(), 0.5);
        let x = [9.0, 0.0, 0.0, 2.5, 100.0, 7.0];
        for y in [0.0, 5.0, 99.0, 1e6] {
            assert!((crps(&x, y).unwrap() - slow(&x, y)).abs() < 1e-9 * y.max(1.0));
        }
        assert!(crps(&[], 1.0).is_err() && crps(&[f64::NAN], 1.0).is_err());
        assert!(crps(&[1.0], f64::INFINITY).is_err());
    }

    #[test]
    fn ignorance_counts_samples_in_the_bin_of_the_outcome() {
        let bits = |c: f64, n: f64| -(c / (n + 11.0)).log2();
        assert_eq!(ignorance(&[0.0], 0.0, &VIEWS_BINS).unwrap(), bits(2.0, 1.0));
        assert_eq!(ignorance(&[0.0; 1000], 0.0, &VIEWS_BINS).unwrap(), bits(1001.0, 1000.0));
        // 3, 4 and 5 are in one bin; 6 is in the next; 1,001 and a million are in the last.
        let x = [3.0, 5.0, 6.0, 1_001.0];
        assert_eq!(ignorance(&x, 4.0, &VIEWS_BINS).unwrap(), bits(3.0, 4.0));
        assert_eq!(ignorance(&x, 1e6, &VIEWS_BINS).unwrap(), bits(2.0, 4.0));
        assert_eq!(ignorance(&x, 0.0, &VIEWS_BINS).unwrap(), bits(1.0, 4.0));
        assert!(ignorance(&[-1.0], 4.0, &VIEWS_BINS).is_err());
        assert!(ignorance(&[1.0], -4.0, &VIEWS_BINS).is_err());
        assert!(ignorance(&[1.0], 1.0, &[0.0, 0.0]).is_err());
    }

    #[test]
    fn the_interval_score_is_width_and_miss() {
        let x: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(interval_score(&x, 50.0, 0.1).unwrap(), 90.0);
        assert_eq!(interval_score(&x, 97.0, 0.1).unwrap(), 90.0 + 20.0 * 2.0);
        assert_eq!(interval_score(&x, 0.0, 0.1).unwrap(), 90.0 + 20.0 * 5.0);
        assert_eq!(interval_score(&[4.0], 5.0, 0.1).unwrap(), 20.0);
        assert!(interval_score(&x, 1.0, 1.0).is_err());
        assert_eq!(quantile(&[10.0, 0.0], 0.25).unwrap(), 2.5);
        assert!(quantile(&[1.0], 1.5).is_err());
    }
}
