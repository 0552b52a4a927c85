//! Whether the probabilities of forecasts mean what they say.

use super::samples::{at, sorted};
use crate::Error;
use crate::models::{Interval, share_interval};

/// The level of the intervals around observed shares.
const LEVEL: f64 = 0.95;

/// A group of rows that were given about the same probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// Rows in it.
    pub rows: usize,
    /// The least probability that one of them was given.
    pub from: f64,
    /// The greatest.
    pub to: f64,
    /// The mean of what they were given.
    pub expected: f64,
    /// The share that had the event, with its exact 95 % interval (of rows that are independent).
    pub observed: Interval,
}

/// Rows in groups of about equal size by the probability that they were given (tenths with 10): the points of a calibration plot.
///
/// # Shape
/// One outcome (0 or 1) and one probability per row. At most `groups` points, by rising probability; rows with the same probability are never
/// in two groups, so that there are fewer groups where many rows have one.
///
/// # Units
/// Probabilities and shares.
///
/// # Nulls
/// None.
///
/// # Errors
/// Arguments of different lengths; no rows; no groups; a probability outside 0 to 1.
///
/// # Source
/// The attributes diagram of Murphy (1973), Journal of Applied Meteorology 12(4): 595-600; intervals of Clopper & Pearson (1934).
pub fn reliability(
    outcomes: &[f64],
    probabilities: &[f64],
    groups: usize,
) -> Result<Vec<Reliability>, Error> {
    super::events::check(outcomes, probabilities)?;
    if groups == 0 {
        return Err(Error::TooFew { what: "groups", got: 0, wanted: 1 });
    }
    if let Some(row) = probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
        let (what, value) = ("the probability".to_owned(), probabilities[row]);
        return Err(Error::Value { what, row, value, wanted: "a number from 0 to 1" });
    }
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    order.sort_by(|a, b| {
        probabilities[*a].total_cmp(&probabilities[*b]).then(outcomes[*a].total_cmp(&outcomes[*b]))
    });
    let (mut points, mut from) = (Vec::new(), 0);
    for group in 1..=groups {
        let mut to = (order.len() * group).div_ceil(groups);
        while to > from
            && to < order.len()
            && probabilities[order[to]] == probabilities[order[to - 1]]
        {
            to += 1;
        }
        if to > from {
            points.push(point(outcomes, probabilities, &order[from..to])?);
            from = to;
        }
    }
    Ok(points)
}

/// One point of [`reliability`], of rows in rising order of probability.
fn point(outcomes: &[f64], probabilities: &[f64], rows: &[usize]) -> Result<Reliability, Error> {
    let given = |row: Option<&usize>| row.map_or(0.0, |r| probabilities[*r]);
    let events = rows.iter().filter(|r| outcomes[**r] > 0.5).count();
    Ok(Reliability {
        rows: rows.len(),
        from: given(rows.first()),
        to: given(rows.last()),
        expected: rows.iter().map(|r| probabilities[*r]).sum::<f64>() / rows.len() as f64,
        observed: share_interval(events as u64, rows.len() as u64, LEVEL)?,
    })
}

/// One bar of the histogram of the probability integral transform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pit {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// The share of outcomes in it; `to − from` where forecasts are calibrated.
    pub share: f64,
    /// The lower end of a 95 % interval: the share of so many independent rows.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Where outcomes fall in the distributions that were forecast for them: flat where forecasts are calibrated, U-shaped where they are too
/// narrow, a hump where they are too wide, a slope where they are too low or too high. An outcome that several samples equal is spread evenly
/// over their shares, as counts need.
///
/// # Shape
/// One slice of samples and one outcome per row; `bars` bars.
///
/// # Units
/// Shares; they add up to 1.
///
/// # Nulls
/// None.
///
/// # Errors
/// Arguments of different lengths; no rows; no bars; samples or outcomes that are not finite.
///
/// # Source
/// The nonrandomized transform of Czado, Gneiting & Held (2009), equation 2. The interval is that of a share by the normal approximation, with
/// the variance of the mean over rows.
pub fn pit(samples: &[&[f64]], outcomes: &[f64], bars: usize) -> Result<Vec<Pit>, Error> {
    rows(samples, outcomes)?;
    if bars == 0 {
        return Err(Error::TooFew { what: "bars", got: 0, wanted: 1 });
    }
    let n = outcomes.len() as f64;
    let mut sums = vec![(0.0, 0.0); bars];
    for (samples, y) in samples.iter().zip(outcomes) {
        let sorted = sorted(samples, *y)?;
        let size = sorted.len() as f64;
        let below = sorted.partition_point(|x| x < y) as f64 / size;
        let up_to = sorted.partition_point(|x| x <= y) as f64 / size;
        let by = |u: f64| match up_to > below {
            true => ((u - below) / (up_to - below)).clamp(0.0, 1.0),
            // No sample equals it: its place is a point, in the bar that it begins.
            false => f64::from(u > below || u >= 1.0),
        };
        for (bar, sum) in sums.iter_mut().enumerate() {
            let (from, to) = (bar as f64 / bars as f64, (bar + 1) as f64 / bars as f64);
            let here = by(to) - if bar == 0 { 0.0 } else { by(from) };
            sum.0 += here;
            sum.1 += here * here;
        }
    }
    let bar = |(at, (sum, squares)): (usize, (f64, f64))| {
        let share = sum / n;
        let error = ((squares / n - share * share).max(0.0) / n).sqrt();
        let (low, high) = ((share - 1.96 * error).max(0.0), (share + 1.96 * error).min(1.0));
        Pit { from: at as f64 / bars as f64, to: (at + 1) as f64 / bars as f64, share, low, high }
    };
    Ok(sums.into_iter().enumerate().map(bar).collect())
}

/// How often central intervals held the outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// The share that the interval is to hold.
    pub level: f64,
    /// The share of rows whose interval held the outcome, with its exact 95 % interval (of rows that are independent).
    pub held: Interval,
    /// The share of rows whose outcome was below the interval.
    pub below: f64,
    /// The share whose outcome was above.
    pub above: f64,
    /// The mean width.
    pub width: f64,
}

/// How often the central intervals of the forecasts held the outcome. Of counts that are mostly zero they hold more than their level, since
/// an interval that ends at zero holds all zeros.
///
/// # Shape
/// One slice of samples and one outcome per row; one [`Coverage`] per level.
///
/// # Units
/// Shares; the width has the unit of the outcome.
///
/// # Nulls
/// None.
///
/// # Errors
/// Arguments of different lengths; no rows; a level not between 0 and 1; samples or outcomes that are not finite.
pub fn coverage(
    samples: &[&[f64]],
    outcomes: &[f64],
    levels: &[f64],
) -> Result<Vec<Coverage>, Error> {
    rows(samples, outcomes)?;
    if let Some(level) = levels.iter().find(|level| !(**level > 0.0 && **level < 1.0)) {
        return Err(Error::Argument { what: "a level", value: *level, wanted: "between 0 and 1" });
    }
    let n = outcomes.len();
    let mut found = vec![(0_usize, 0_usize, 0.0); levels.len()];
    for (samples, y) in samples.iter().zip(outcomes) {
        let sorted = sorted(samples, *y)?;
        for (level, (below, above, width)) in levels.iter().zip(&mut found) {
            let tail = 0.5 - 0.5 * level;
            let (low, high) = (at(&sorted, tail), at(&sorted, 1.0 - tail));
            *below += usize::from(*y < low);
            *above += usize::from(*y > high);
            *width += high - low;
        }
    }
    let one = |(level, (below, above, width)): (&f64, (usize, usize, f64))| {
        let held = (n - below - above) as u64;
        Ok(Coverage {
            level: *level,
            held: share_interval(held, n as u64, LEVEL)?,
            below: below as f64 / n as f64,
            above: above as f64 / n as f64,
            width: width / n as f64,
        })
    };
    levels.iter().zip(found).map(one).collect()
}

fn rows(samples: &[&[f64]], outcomes: &[f64]) -> Result<(), Error> {
    if samples.len() != outcomes.len() {
        let (got, wanted) = (samples.len(), outcomes.len());
        return Err(Error::Shape { what: "the forecasts", got, wanted });
    }
    if outcomes.is_empty() { Err(Error::Empty { what: "the calibration" }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_keeps_equal_probabilities_together_and_all_rows() {
        let p = [0.1, 0.1, 0.1, 0.4, 0.5, 0.9];
        let y = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let points = reliability(&y, &p, 3).unwrap();
        assert_eq!(points.iter().map(|g| g.rows).collect::<Vec<_>>(), [3, 1, 2]);
        assert!((points[0].expected - 0.1).abs() < 1e-12);
        assert!((points[0].observed.rate - 1.0 / 3.0).abs() < 1e-12);
        assert!(points[0].observed.low < 0.01 && points[0].observed.high > 0.9);
        assert_eq!((points[2].from, points[2].to), (0.5, 0.9));
        // One probability for all is one point, whatever is asked.
        assert_eq!(reliability(&y, &[0.5; 6], 10).unwrap().len(), 1);
        assert!(reliability(&y, &[0.5; 5], 2).is_err() && reliability(&y, &p, 0).is_err());
        assert!(reliability(&[1.0], &[1.5], 2).is_err());
    }

    #[test]
    fn the_transform_is_flat_where_forecasts_are_right_and_leans_where_they_are_low() {
        let x: Vec<f64> = (0..100).map(|i| f64::from(i / 10)).collect();
        let rows: Vec<&[f64]> = (0..10).map(|_| x.as_slice()).collect();
        let y: Vec<f64> = (0..10).map(f64::from).collect();
        for bar in pit(&rows, &y, 5).unwrap() {
            assert!((bar.share - 0.2).abs() < 1e-12 && bar.low < 0.2 && bar.high > 0.2, "{bar:?}");
        }
        let high = pit(&rows, &[50.0; 10], 5).unwrap();
        assert_eq!(high.iter().map(|b| b.share).collect::<Vec<_>>(), [0.0, 0.0, 0.0, 0.0, 1.0]);
        let low = pit(&rows, &[-1.0; 10], 5).unwrap();
        assert_eq!(low[0].share, 1.0);
        // Between two samples, and equal to none: one bar holds it whole.
        let between = pit(&[&[1.0, 3.0]], &[2.0], 4).unwrap();
        assert_eq!(between.iter().map(|b| b.share).collect::<Vec<_>>(), [0.0, 0.0, 1.0, 0.0]);
        assert!(pit(&rows, &y, 0).is_err() && pit(&[], &[], 5).is_err());
    }

    #[test]
    fn coverage_counts_both_sides() {
        let x: Vec<f64> = (0..=100).map(f64::from).collect();
        let rows: Vec<&[f64]> = vec![&x; 4];
        let found = coverage(&rows, &[3.0, 50.0, 96.0, 500.0], &[0.9, 0.98]).unwrap();
        assert_eq!((found[0].held.rate, found[0].below, found[0].above), (0.25, 0.25, 0.5));
        assert_eq!((found[1].held.rate, found[1].above), (0.75, 0.25));
        assert!((found[0].width - 90.0).abs() < 1e-9);
        assert!(coverage(&rows, &[1.0; 4], &[1.0]).is_err());
        assert!(coverage(&rows, &[1.0; 3], &[0.5]).is_err());
    }
}
