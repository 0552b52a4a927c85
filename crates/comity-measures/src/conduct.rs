//! Conduct against what would be expected: predictions of rows that a model has not seen, how much counts vary around them, and whether
//! they are right on the whole.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::models::{Collinear, Design, Family, Options, fit};
use crate::{Error, Reference};

/// Prediction is judged on rows that the model has not seen.
pub const WARD_GREENHILL_BAKKE: Reference = Reference {
    authors: "Ward, Michael D., Brian D. Greenhill and Kristin M. Bakke",
    year: 2010,
    title: "The Perils of Policy by P-value: Predicting Civil Conflicts",
    published_in: "Journal of Peace Research 47(4): 363-375",
    doi: "10.1177/0022343309356491",
};

/// What is expected of each row by a model that was fitted to the rows of the other folds.
///
/// # Shape
/// One outcome and one fold per row of the design; folds are numbered from 0.
///
/// # Units
/// Those of the outcome: a probability for a logit, an expected count for a Poisson model.
///
/// # Nulls
/// None: rows with a missing value are left out before.
///
/// # Errors
/// Arguments of different lengths; fewer than two folds; what [`fit`] refuses, of the rows outside one fold. A term that follows from others
/// in these rows is left out of their model.
///
/// # Source
/// Cross-validation as in Ward, Greenhill & Bakke (2010).
pub fn held_out(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    folds: &[usize],
) -> Result<Vec<f64>, Error> {
    for (what, got) in [("the outcome", outcomes.len()), ("the folds", folds.len())] {
        if got != design.rows {
            return Err(Error::Shape { what, got, wanted: design.rows });
        }
    }
    let count = folds.iter().max().map_or(0, |most| most + 1);
    if count < 2 {
        return Err(Error::TooFew { what: "folds", got: count, wanted: 2 });
    }
    let mut expected = vec![0.0; design.rows];
    for fold in 0..count {
        let (out, rest): (Vec<usize>, Vec<usize>) =
            (0..design.rows).partition(|row| folds[*row] == fold);
        let values: Vec<f64> = rest.iter().map(|row| outcomes[*row]).collect();
        let means = unseen(family, outcome, &values, design, &rest, &out)?;
        out.into_iter().zip(means).for_each(|(row, mean)| expected[row] = mean);
    }
    Ok(expected)
}

/// What is expected of some rows by a model that was fitted to others, whose outcomes are given.
fn unseen(
    family: Family,
    outcome: &str,
    values: &[f64],
    design: &Design,
    seen: &[usize],
    out: &[usize],
) -> Result<Vec<f64>, Error> {
    if out.is_empty() {
        return Ok(Vec::new());
    }
    let options = Options { collinear: Collinear::LeaveOut, ..Options::default() };
    let fitted = fit(family, outcome, values, &design.at(seen), &options)?;
    let sums = fitted.linear(&design.at(out)).ok_or(Error::Unidentified {
        model: family.name(),
        reason: "a term of its fit is not among the terms of the rows left out".to_owned(),
    })?;
    Ok(sums.into_iter().map(|sum| family.mean(sum)).collect())
}

/// What is expected of the rows of each year, from one on, by a model that was fitted to the rows of earlier years only.
///
/// # Shape
/// One outcome (`None` where it is not known) and one year per row of the design; what the terms of a row hold must have been known before its year (last year's values). The
/// model is fitted anew for every `every` years, to all rows before the first of them.
///
/// # Units
/// Those of the outcome.
///
/// # Nulls
/// `None` for the rows before `from`. Rows whose outcome is not known are forecast, and never fitted to.
///
/// # Errors
/// Arguments of different lengths; `every` of 0; no known row before `from`; what [`fit`] refuses. A term that follows from others in the rows seen
/// is left out of their model.
///
/// # Source
/// Prediction out of sample as in Ward, Greenhill & Bakke (2010), with a rolling origin.
pub fn ahead(
    family: Family,
    outcome: &str,
    outcomes: &[Option<f64>],
    design: &Design,
    year: &[i32],
    from: i32,
    every: u16,
) -> Result<Vec<Option<f64>>, Error> {
    for (what, got) in [("the outcome", outcomes.len()), ("the years", year.len())] {
        if got != design.rows {
            return Err(Error::Shape { what, got, wanted: design.rows });
        }
    }
    if every == 0 {
        let wanted = "at least 1";
        return Err(Error::Argument { what: "the years between fits", value: 0.0, wanted });
    }
    let last = year.iter().max().copied().unwrap_or(from);
    let mut expected = vec![None; design.rows];
    let mut first = from;
    while first <= last {
        let next = first.saturating_add(i32::from(every));
        let rows = |keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..design.rows).filter(|row| keep(*row)).collect()
        };
        let seen = rows(&|row| year[row] < first && outcomes[row].is_some());
        let out = rows(&|row| year[row] >= first && year[row] < next);
        if seen.is_empty() && !out.is_empty() {
            return Err(Error::Empty { what: "the years before the first one forecast" });
        }
        let values = seen.iter().filter_map(|row| outcomes[*row]).collect::<Vec<f64>>();
        let means = unseen(family, outcome, &values, design, &seen, &out)?;
        out.into_iter().zip(means).for_each(|(row, mean)| expected[row] = Some(mean));
        if next == first {
            break;
        }
        first = next;
    }
    Ok(expected)
}

/// How much more counts vary around what is expected than independent events do: 1 where they do not.
///
/// # Shape
/// One count, expectation and variance per unit (a state in a year).
///
/// # Nulls
/// `None` where there is no variance to compare with.
///
/// # Source
/// The Pearson estimate: McCullagh & Nelder (1989), section 4.5, with one sum over all units, since most expectations are near zero.
pub fn dispersion(observed: &[f64], expected: &[f64], variance: &[f64]) -> Option<f64> {
    let squares: f64 = observed.iter().zip(expected).map(|(o, e)| (o - e).powi(2)).sum();
    let all: f64 = variance.iter().sum();
    (all > 0.0).then(|| (squares / all).max(1.0))
}

/// The counts between which a count lies with this probability: negative binomial with this expectation and variance, Poisson where the
/// variance is no greater. The count is below the first, and above the second, with at most half of the rest each.
///
/// # Units
/// `level` is a probability, 0.95 for a 95 % interval.
///
/// # Nulls
/// `None` where the expectation is negative or no number, or the level is not between 0 and 1.
pub fn count_interval(expected: f64, variance: f64, level: f64) -> Option<(u32, u32)> {
    const MOST: u32 = 1_000_000;
    if !(expected >= 0.0 && expected < f64::from(MOST) && level > 0.0 && level < 1.0) {
        return None;
    }
    if expected == 0.0 {
        return Some((0, 0));
    }
    let tail = (1.0 - level) / 2.0;
    let over = variance / expected;
    let (mut below, mut low, mut count) = (0.0, None, 0);
    loop {
        below += log_mass(count, expected, over).exp();
        if low.is_none() && below > tail {
            low = Some(count);
        }
        if below >= 1.0 - tail || count >= MOST {
            return Some((low.unwrap_or(count), count));
        }
        count += 1;
    }
}

/// The logarithm of the probability of a count; `over` is variance over expectation.
fn log_mass(count: u32, expected: f64, over: f64) -> f64 {
    let k = f64::from(count);
    if !(over > 1.0 + 1e-9) {
        return k * expected.ln() - expected - libm::lgamma(k + 1.0);
    }
    let size = expected / (over - 1.0);
    libm::lgamma(k + size) - libm::lgamma(size) - libm::lgamma(k + 1.0)
        + k * (1.0 - 1.0 / over).ln()
        - size * over.ln()
}

/// Whether expectations are right on the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Events that happened.
    pub observed: f64,
    /// Events that were expected.
    pub expected: f64,
    /// The first over the second.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Observed over expected events, with a 95 % interval by drawing whole years (block bootstrap): events of one year are not independent.
///
/// # Shape
/// One year, outcome and expectation per row.
///
/// # Errors
/// Arguments of different lengths; no row; nothing expected; fewer than two years.
///
/// # Source
/// Percentiles of a bootstrap over blocks: Davison & Hinkley (1997), chapters 2 and 8. The draws depend on the seed alone.
pub fn calibration(
    year: &[i32],
    observed: &[f64],
    expected: &[f64],
    draws: usize,
    seed: u64,
) -> Result<Calibration, Error> {
    for (what, got) in [("the outcome", observed.len()), ("what is expected", expected.len())] {
        if got != year.len() {
            return Err(Error::Shape { what, got, wanted: year.len() });
        }
    }
    let mut years: Vec<(i32, f64, f64)> = Vec::new();
    let mut order: Vec<usize> = (0..year.len()).collect();
    order.sort_by_key(|row| year[*row]);
    for row in order {
        match years.last_mut().filter(|last| last.0 == year[row]) {
            Some(last) => {
                last.1 += observed[row];
                last.2 += expected[row];
            }
            None => years.push((year[row], observed[row], expected[row])),
        }
    }
    let (seen, hoped) = years.iter().fold((0.0, 0.0), |sum, y| (sum.0 + y.1, sum.1 + y.2));
    if years.len() < 2 {
        return Err(Error::TooFew { what: "years", got: years.len(), wanted: 2 });
    }
    if !(hoped > 0.0) {
        return Err(Error::Empty { what: "the expected events" });
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut ratios: Vec<f64> = (0..draws.max(1))
        .map(|_| {
            let (mut o, mut e) = (0.0, 0.0);
            for _ in 0..years.len() {
                let one = years[(random.next_u64() % years.len() as u64) as usize];
                o += one.1;
                e += one.2;
            }
            if e > 0.0 { o / e } else { 1.0 }
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[((ratios.len() - 1) as f64 * share).round() as usize];
    Ok(Calibration {
        observed: seen,
        expected: hoped,
        ratio: seen / hoped,
        low: at(0.025),
        high: at(0.975),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_counts_are_those_of_the_distributions() {
        // Poisson of mean 4: P(X <= 0) = .0183, P(X <= 1) = .0916, P(X <= 8) = .9786, P(X <= 7) = .9489.
        assert_eq!(count_interval(4.0, 4.0, 0.95), Some((1, 8)));
        // Negative binomial of mean 4 and variance 12 (size 2, p 1/3): P(0) = 1/9, P(X <= 12) = .9726, P(X <= 13) = .9806.
        assert_eq!(count_interval(4.0, 12.0, 0.95), Some((0, 13)));
        assert_eq!(count_interval(0.0, 0.0, 0.95), Some((0, 0)));
        assert_eq!(count_interval(0.001, 0.001, 0.95), Some((0, 0)));
        for (expected, level) in [(-1.0, 0.95), (f64::NAN, 0.95), (1.0, 1.0), (1.0, 0.0)] {
            assert_eq!(count_interval(expected, 1.0, level), None);
        }
    }

    #[test]
    fn counts_that_vary_more_than_independent_ones_have_a_dispersion_above_one() {
        assert_eq!(dispersion(&[0.0, 4.0], &[2.0, 2.0], &[2.0, 2.0]), Some(2.0));
        assert_eq!(dispersion(&[2.0, 2.0], &[2.0, 2.0], &[2.0, 2.0]), Some(1.0));
        assert_eq!(dispersion(&[], &[], &[]), None);
    }

    #[test]
    fn no_row_is_predicted_by_a_model_that_saw_it() {
        // In each fold the outcome is certain of the others' rows in the other direction: what it saw would be followed.
        let outcomes = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let folds = [0, 0, 0, 0, 1, 1, 1, 1];
        let expected =
            held_out(Family::Logit, "y", &outcomes, &Design::constant(8), &folds).unwrap();
        // Three of four in one fold, one of four in the other.
        assert!(expected[..4].iter().all(|p| (p - 0.25).abs() < 1e-9), "{expected:?}");
        assert!(expected[4..].iter().all(|p| (p - 0.75).abs() < 1e-9), "{expected:?}");
        let one_fold = held_out(Family::Logit, "y", &outcomes, &Design::constant(8), &[0; 8]);
        assert!(matches!(one_fold, Err(Error::TooFew { got: 1, .. })), "{one_fold:?}");
        let short = held_out(Family::Logit, "y", &outcomes, &Design::constant(8), &[0; 3]);
        assert!(matches!(short, Err(Error::Shape { got: 3, .. })), "{short:?}");
    }

    #[test]
    fn a_year_is_forecast_from_the_years_before_it_alone() {
        // Four rows a year; in year t the share of ones is t in four.
        let year: Vec<i32> = (0..16).map(|i| 2000 + i / 4).collect();
        let outcomes: Vec<Option<f64>> = (0..16).map(|i| Some(f64::from(i % 4 < i / 4))).collect();
        let design = Design::constant(16);
        let of = |from, every| ahead(Family::Logit, "y", &outcomes, &design, &year, from, every);
        let yearly = of(2002, 1).unwrap();
        assert_eq!(yearly[..8], [None; 8]);
        // One of eight before 2002, three of twelve before 2003.
        assert!(yearly[8..12].iter().all(|p| (p.unwrap() - 0.125).abs() < 1e-9), "{yearly:?}");
        assert!(yearly[12..].iter().all(|p| (p.unwrap() - 0.25).abs() < 1e-9), "{yearly:?}");
        let once = of(2002, 2).unwrap();
        assert!(once[8..].iter().all(|p| (p.unwrap() - 0.125).abs() < 1e-9), "{once:?}");
        // A year that is not known yet is forecast, and the next one from what is known.
        let mut open = outcomes.clone();
        open[8..].fill(None);
        let still = ahead(Family::Logit, "y", &open, &design, &year, 2002, 1).unwrap();
        assert_eq!(still, once);
        assert!(of(2000, 1).is_err() && of(2002, 0).is_err());
        assert!(of(2004, 1).unwrap().iter().all(Option::is_none));
        let short = ahead(Family::Logit, "y", &outcomes, &design, &year[1..], 2002, 1);
        assert!(matches!(short, Err(Error::Shape { got: 15, .. })), "{short:?}");
    }

    #[test]
    fn calibration_is_the_same_for_any_order_of_rows_and_holds_one_where_it_is_right() {
        let year: Vec<i32> = (0..400).map(|i| 1900 + i / 10).collect();
        let observed: Vec<f64> = (0..400).map(|i| f64::from(i % 4 == 0)).collect();
        let expected = vec![0.25; 400];
        let right = calibration(&year, &observed, &expected, 200, 7).unwrap();
        assert!((right.ratio - 1.0).abs() < 1e-12 && right.low <= 1.0 && right.high >= 1.0);
        let turned: Vec<usize> = (0..400).rev().collect();
        let again = calibration(
            &turned.iter().map(|i| year[*i]).collect::<Vec<_>>(),
            &turned.iter().map(|i| observed[*i]).collect::<Vec<_>>(),
            &expected,
            200,
            7,
        );
        assert_eq!(again.unwrap(), right);
        let twice = calibration(&year, &observed, &[0.125; 400], 200, 7).unwrap();
        assert!(twice.low > 1.5, "{twice:?}");
        assert!(calibration(&[1900; 3], &[0.0; 3], &[0.5; 3], 10, 1).is_err());
        assert!(calibration(&[1900, 1901], &[0.0; 2], &[0.0; 2], 10, 1).is_err());
    }
}
