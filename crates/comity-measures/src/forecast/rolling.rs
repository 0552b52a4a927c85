//! The rolling origin: each period forecast from the periods before it, and scored.

use super::past;
use crate::Error;
use crate::scores::{VIEWS_BINS, crps, ignorance, interval_score};

/// A forecast beside what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Which history it is of.
    pub unit: usize,
    /// Which period was forecast.
    pub period: usize,
    /// Samples of the forecast, rising.
    pub samples: Vec<f64>,
    /// What happened.
    pub outcome: f64,
}

/// Forecasts of all periods from one on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rolled {
    /// By period, then unit.
    pub rows: Vec<Held>,
    /// Outcomes that are known and for which the method gave no forecast.
    pub without: usize,
}

/// Forecasts every period from `from` on, `ahead` periods after the last one that the method sees.
///
/// The method is given histories that end before: it cannot look ahead, whatever it does. It gives one forecast per history, `None` where it
/// has none.
///
/// # Shape
/// Histories of the same periods; `from` counts periods from 0, `ahead` from 1.
///
/// # Nulls
/// Periods in which the outcome of a unit is not known are not scored; they are no part of [`Rolled::without`].
///
/// # Errors
/// What the method refuses; histories of different lengths; `ahead` of 0, or `from` before it; a method that gives another number of
/// forecasts than there are histories.
///
/// # Source
/// The rolling origin of Tashman (2000), International Journal of Forecasting 16(4): 437-450.
pub fn rolling(
    histories: &[&[Option<f64>]],
    from: usize,
    ahead: usize,
    mut method: impl FnMut(&[&[Option<f64>]]) -> Result<Vec<Option<Vec<f64>>>, Error>,
) -> Result<Rolled, Error> {
    let periods = past::check(histories)?;
    if ahead == 0 || from < ahead {
        let (value, wanted) =
            (from as f64, "at least the number of periods ahead, which is at least 1");
        return Err(Error::Argument { what: "the first period forecast", value, wanted });
    }
    let mut rolled = Rolled { rows: Vec::new(), without: 0 };
    for period in from..periods {
        let seen: Vec<&[Option<f64>]> = histories.iter().map(|h| &h[..=period - ahead]).collect();
        let forecasts = method(&seen)?;
        if forecasts.len() != histories.len() {
            let (got, wanted) = (forecasts.len(), histories.len());
            return Err(Error::Shape { what: "the forecasts of a method", got, wanted });
        }
        for (unit, samples) in forecasts.into_iter().enumerate() {
            match (samples, histories[unit][period]) {
                (_, None) => {}
                (None, Some(_)) => rolled.without += 1,
                (Some(samples), Some(outcome)) => {
                    rolled.rows.push(Held { unit, period, samples, outcome });
                }
            }
        }
    }
    Ok(rolled)
}

/// The three scores of one forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// [`crps`].
    pub crps: f64,
    /// [`ignorance`] over the bins of VIEWS.
    pub ignorance: f64,
    /// [`interval_score`].
    pub interval: f64,
}

/// The scores of one forecast, given as samples.
///
/// # Units
/// `alpha` is that of the interval score: .10 for the interval of 90 %.
///
/// # Errors
/// As the scores: no samples, numbers that are not finite or negative, an `alpha` not between 0 and 1.
pub fn score(samples: &[f64], outcome: f64, alpha: f64) -> Result<Score, Error> {
    Ok(Score {
        crps: crps(samples, outcome)?,
        ignorance: ignorance(samples, outcome, &VIEWS_BINS)?,
        interval: interval_score(samples, outcome, alpha)?,
    })
}

/// The [`score`] of each row.
///
/// # Errors
/// As [`score`].
pub fn scored(rows: &[Held], alpha: f64) -> Result<Vec<Score>, Error> {
    rows.iter().map(|row| score(&row.samples, row.outcome, alpha)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_sees_only_what_was_known() {
        let one: Vec<Option<f64>> = (0..6).map(|i| Some(f64::from(i))).collect();
        let mut other = one.clone();
        other[4] = None;
        let mut seen = Vec::new();
        let last = |histories: &[&[Option<f64>]]| {
            seen.push(histories[0].len());
            Ok(histories.iter().map(|h| h.last().copied().flatten().map(|x| vec![x])).collect())
        };
        let rolled = rolling(&[&one, &other], 3, 2, last).unwrap();
        assert_eq!(seen, [2, 3, 4]);
        let rows: Vec<(usize, usize, f64, f64)> =
            rolled.rows.iter().map(|r| (r.unit, r.period, r.samples[0], r.outcome)).collect();
        assert_eq!(
            rows,
            [
                (0, 3, 1.0, 3.0),
                (1, 3, 1.0, 3.0),
                (0, 4, 2.0, 4.0),
                (0, 5, 3.0, 5.0),
                (1, 5, 3.0, 5.0)
            ]
        );
        assert_eq!(rolled.without, 0);
        assert!(scored(&rolled.rows, 0.1).unwrap().iter().all(|s| s.crps == 2.0));
        let never = rolling(&[&one, &other], 3, 1, |h| Ok(vec![None; h.len()])).unwrap();
        assert_eq!((never.rows.len(), never.without), (0, 5));
    }

    #[test]
    fn origins_that_cannot_be_are_refused() {
        let one: Vec<Option<f64>> = vec![Some(1.0); 4];
        let none = |h: &[&[Option<f64>]]| Ok(vec![None; h.len()]);
        assert!(rolling(&[&one], 2, 0, none).is_err());
        assert!(rolling(&[&one], 1, 2, none).is_err());
        assert!(rolling(&[&one], 2, 1, |_| Ok(Vec::new())).is_err());
    }
}
