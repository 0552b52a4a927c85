//! The forecasts that a model must beat.

/// What a unit had in each of its last periods, each as probable as the others: *last year* with one period, *five* and *twelve pooled
/// years* with more. Periods that are not known are left out.
///
/// # Shape
/// The history up to the period before the one forecast. As many samples as periods of these are known, rising.
///
/// # Units
/// Those of the history.
///
/// # Nulls
/// `None` where none of these periods is known, or where `whole` asks for all of them and one is not.
///
/// # Source
/// The benchmarks of the VIEWS challenge (Hegre et al. 2024): the last value, and the values of the last twelve periods.
pub fn pooled(history: &[Option<f64>], periods: usize, whole: bool) -> Option<Vec<f64>> {
    let from = history.len().saturating_sub(periods);
    let mut known: Vec<f64> = history[from..].iter().copied().flatten().collect();
    if known.is_empty() || (whole && known.len() < periods) {
        return None;
    }
    known.sort_by(f64::total_cmp);
    Some(known)
}

/// So many samples from a few, each repeated as evenly as may be: the (i + ½)/n quantiles of the few.
///
/// # Shape
/// Rising samples; `samples` of them, rising. None of none.
pub fn spread(few: &[f64], samples: usize) -> Vec<f64> {
    let at = |i: usize| few.get((2 * i + 1) * few.len() / (2 * samples)).copied();
    (0..samples).filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_pool_what_is_known() {
        let history = [Some(5.0), None, Some(7.0), Some(1.0)];
        assert_eq!(pooled(&history, 1, true), Some(vec![1.0]));
        assert_eq!(pooled(&history, 3, false), Some(vec![1.0, 7.0]));
        assert_eq!(pooled(&history, 3, true), None);
        assert_eq!(pooled(&history, 9, false), Some(vec![1.0, 5.0, 7.0]));
        assert_eq!(pooled(&history, 9, true), None);
        assert_eq!(pooled(&[None], 1, false), None);
        assert_eq!(pooled(&[], 1, false), None);
    }

    #[test]
    fn samples_are_spread_evenly() {
        assert_eq!(spread(&[1.0, 2.0], 4), [1.0, 1.0, 2.0, 2.0]);
        let twelve: Vec<f64> = (0..12).map(f64::from).collect();
        let many = spread(&twelve, 1000);
        assert_eq!(many.len(), 1000);
        for value in &twelve {
            let count = many.iter().filter(|x| *x == value).count();
            assert!(count == 83 || count == 84, "{count}");
        }
        assert!(spread(&[], 10).is_empty());
    }
}
