use crate::Error;

/// How good probabilities are, against what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// The mean natural logarithm of the probability given to what happened; at most 0, and the higher the better.
    pub log_score: f64,
    /// The mean squared difference between probability and outcome (Brier 1950).
    pub brier: f64,
    /// The area under the ROC curve: how often a row with the outcome has a higher probability than one without, ties counted half. `None`
    /// where all outcomes are alike.
    pub auc: Option<f64>,
}

/// Scores of probabilities.
///
/// # Shape
/// One probability for each outcome.
///
/// # Units
/// Outcomes are 0 or 1; probabilities are from 0 to 1.
///
/// # Nulls
/// None; the area is null without both outcomes.
///
/// # Errors
/// No rows, different lengths, a value out of range. A probability of zero for what happened has no logarithm: an error, since one such row
/// would decide everything.
///
/// # Source
/// Good (1952); Brier (1950); Hanley & `McNeil` (1982).
pub fn scores(probabilities: &[f64], outcomes: &[f64]) -> Result<Scores, Error> {
    if outcomes.is_empty() {
        return Err(Error::Empty { what: "scores" });
    }
    if probabilities.len() != outcomes.len() {
        let (got, wanted) = (probabilities.len(), outcomes.len());
        return Err(Error::Shape { what: "the probabilities", got, wanted });
    }
    let n = outcomes.len() as f64;
    let (mut log, mut square) = (0.0, 0.0);
    for (row, (p, y)) in probabilities.iter().zip(outcomes).enumerate() {
        let bad = |what: &str, value, wanted| {
            Err(Error::Value { what: what.to_owned(), row, value, wanted })
        };
        if *y != 0.0 && *y != 1.0 {
            return bad("the outcome", *y, "0 or 1");
        }
        let happened = if *y == 1.0 { *p } else { 1.0 - p };
        if !(0.0..=1.0).contains(p) {
            return bad("the probability", *p, "from 0 to 1");
        }
        if happened == 0.0 {
            return bad("the probability", *p, "it excludes what happened");
        }
        log += if *y == 1.0 { p.ln() } else { (-p).ln_1p() };
        square += (p - y) * (p - y);
    }
    Ok(Scores { log_score: log / n, brier: square / n, auc: area(probabilities, outcomes) })
}

fn area(probabilities: &[f64], outcomes: &[f64]) -> Option<f64> {
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let (mut below, mut won, mut positive) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|a, b| probabilities[*a] == probabilities[*b]) {
        let with: f64 = tied.iter().map(|row| outcomes[*row]).sum();
        let without = tied.len() as f64 - with;
        won += with * (below + 0.5 * without);
        below += without;
        positive += with;
    }
    (positive > 0.0 && below > 0.0).then(|| won / (positive * below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs() {
        let p = [0.1, 0.4, 0.4, 0.8, 0.2];
        let y = [0.0, 0.0, 1.0, 1.0, 1.0];
        // Pairs: 0.4 beats 0.1 and ties 0.4; 0.8 beats both; 0.2 beats 0.1.
        let s = scores(&p, &y).unwrap();
        assert!((s.auc.unwrap() - (1.5 + 2.0 + 1.0) / 6.0).abs() < 1e-15);
        let log = [0.9, 0.6, 0.4, 0.8, 0.2].map(f64::ln).iter().sum::<f64>() / 5.0;
        assert!((s.log_score - log).abs() < 1e-15);
        assert!((s.brier - (0.01 + 0.16 + 0.36 + 0.04 + 0.64) / 5.0).abs() < 1e-15);
        assert_eq!(scores(&p, &[1.0; 5]).unwrap().auc, None);
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(matches!(scores(&[], &[]), Err(Error::Empty { .. })));
        assert!(matches!(scores(&[0.5], &[0.0, 1.0]), Err(Error::Shape { .. })));
        assert!(matches!(scores(&[0.5, 1.5], &[0.0, 1.0]), Err(Error::Value { row: 1, .. })));
        assert!(matches!(scores(&[0.5, 0.0], &[0.0, 1.0]), Err(Error::Value { row: 1, .. })));
        assert!(matches!(scores(&[0.5, 0.5], &[0.0, 3.0]), Err(Error::Value { row: 1, .. })));
    }
}
