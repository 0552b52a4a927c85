//! Scores of predictions of events that happen or do not.

use crate::Error;

/// The mean logarithmic score: minus the natural logarithm of the probability that was given to what happened; less is better.
///
/// # Shape
/// One outcome (0 or 1) and one probability per row.
///
/// # Nulls
/// None. A probability of 0 for what happened is taken as the smallest positive number, so that the score stays finite.
///
/// # Errors
/// Arguments of different lengths; no rows.
///
/// # Source
/// Good (1952), Rational Decisions, Journal of the Royal Statistical Society B 14(1): 107-114.
pub fn log_score(outcomes: &[f64], probabilities: &[f64]) -> Result<f64, Error> {
    check(outcomes, probabilities)?;
    let of = |(y, p): (&f64, &f64)| {
        let given = if *y > 0.5 { *p } else { 1.0 - *p };
        -given.max(f64::MIN_POSITIVE).ln()
    };
    Ok(outcomes.iter().zip(probabilities).map(of).sum::<f64>() / outcomes.len() as f64)
}

/// The mean of squared differences between probability and outcome; less is better, 0.25 where every row is given one half.
///
/// # Shape
/// As [`log_score`].
///
/// # Nulls
/// None.
///
/// # Errors
/// As [`log_score`].
///
/// # Source
/// Brier (1950), in the form for one event: half of his.
pub fn brier(outcomes: &[f64], probabilities: &[f64]) -> Result<f64, Error> {
    check(outcomes, probabilities)?;
    let of = |(y, p): (&f64, &f64)| (p - y).powi(2);
    Ok(outcomes.iter().zip(probabilities).map(of).sum::<f64>() / outcomes.len() as f64)
}

/// The area under the curve of the receiver operating characteristic: the probability that a row with the event was given more than a
/// row without, equal ones counting half.
///
/// # Shape
/// As [`log_score`].
///
/// # Nulls
/// `None` where all rows have the event, or none.
///
/// # Errors
/// As [`log_score`].
///
/// # Source
/// Hanley & McNeil (1982), Radiology 143(1): 29-36.
pub fn auc(outcomes: &[f64], probabilities: &[f64]) -> Result<Option<f64>, Error> {
    check(outcomes, probabilities)?;
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let (mut ranks, mut events, mut from) = (0.0, 0.0, 0);
    while from < order.len() {
        let value = probabilities[order[from]];
        let mut to = from;
        while to < order.len() && probabilities[order[to]] == value {
            to += 1;
        }
        // Rows that are equal share the mean of their ranks.
        let rank = (from + to + 1) as f64 / 2.0;
        let here = order[from..to].iter().filter(|row| outcomes[**row] > 0.5).count() as f64;
        ranks += rank * here;
        events += here;
        from = to;
    }
    let others = outcomes.len() as f64 - events;
    Ok((events > 0.0 && others > 0.0)
        .then(|| (ranks - events * (events + 1.0) / 2.0) / (events * others)))
}

pub(super) fn check(outcomes: &[f64], probabilities: &[f64]) -> Result<(), Error> {
    if outcomes.len() != probabilities.len() {
        let (got, wanted) = (probabilities.len(), outcomes.len());
        return Err(Error::Shape { what: "the probabilities", got, wanted });
    }
    if outcomes.is_empty() { Err(Error::Empty { what: "the score" }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_their_definitions() {
        let score = log_score(&[1.0, 0.0], &[0.5, 0.75]).unwrap();
        assert!((score - f64::midpoint(2.0_f64.ln(), 4.0_f64.ln())).abs() < 1e-12);
        assert!(log_score(&[1.0], &[0.0]).unwrap().is_finite());
        assert_eq!(brier(&[1.0, 0.0], &[0.5, 0.25]).unwrap(), 0.15625);
        // Pairs: (0.9 > 0.1), (0.9 > 0.5), (0.5 > 0.1), (0.5 = 0.5).
        let area = auc(&[1.0, 1.0, 0.0, 0.0], &[0.9, 0.5, 0.1, 0.5]).unwrap();
        assert_eq!(area, Some(0.875));
        assert_eq!(auc(&[1.0, 1.0], &[0.9, 0.5]).unwrap(), None);
        assert!(auc(&[], &[]).is_err() && log_score(&[1.0], &[]).is_err());
    }
}
