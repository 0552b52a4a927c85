//! How far a mean score would move with other countries.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::Error;

/// A mean over rows, with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Rows.
    pub rows: usize,
    /// Groups that were drawn.
    pub groups: usize,
}

/// Means over rows with 95 % intervals, by drawing whole groups (countries) with replacement: the rows of one are not independent.
///
/// Several columns are drawn together, so that the interval of a difference between two scores is had by giving the difference as a column.
///
/// # Shape
/// One group (any number) per row; one value per row in each column. One [`Mean`] per column. Rows and groups may stand in any order.
///
/// # Units
/// Those of the columns.
///
/// # Nulls
/// None.
///
/// # Errors
/// Columns of other lengths; no rows; fewer than two groups; a value that is not finite.
///
/// # Source
/// Percentiles of a bootstrap over blocks: Davison & Hinkley (1997), sections 2.2 and 5.3. The draws depend on the seed alone.
pub fn by_groups(
    groups: &[i64],
    columns: &[&[f64]],
    draws: usize,
    seed: u64,
) -> Result<Vec<Mean>, Error> {
    check(groups, columns)?;
    let sums = sums(groups, columns);
    if sums.len() < 2 {
        return Err(Error::TooFew { what: "groups", got: sums.len(), wanted: 2 });
    }
    let mean = |of: &mut dyn Iterator<Item = usize>| -> Vec<f64> {
        let (mut rows, mut total) = (0.0, vec![0.0; columns.len()]);
        for group in of {
            rows += sums[group].0;
            total.iter_mut().zip(&sums[group].1).for_each(|(t, s)| *t += s);
        }
        total.iter().map(|t| t / rows).collect()
    };
    let values = mean(&mut (0..sums.len()));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(draws.max(1)); columns.len()];
    for _ in 0..draws.max(1) {
        let mut picks = (0..sums.len()).map(|_| (random.next_u64() % sums.len() as u64) as usize);
        drawn.iter_mut().zip(mean(&mut picks)).for_each(|(all, one)| all.push(one));
    }
    let of = |(value, mut all): (f64, Vec<f64>)| {
        all.sort_by(f64::total_cmp);
        let (low, high) = (super::samples::at(&all, 0.025), super::samples::at(&all, 0.975));
        Mean { value, low, high, rows: groups.len(), groups: sums.len() }
    };
    Ok(values.into_iter().zip(drawn).map(of).collect())
}

/// Rows and sums of each group, by rising number; each sum is taken over sorted values, so that the order of rows does not matter.
fn sums(groups: &[i64], columns: &[&[f64]]) -> Vec<(f64, Vec<f64>)> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|row| groups[*row]);
    let sum = |column: &&[f64], rows: &[usize]| {
        let mut values: Vec<f64> = rows.iter().map(|row| column[*row]).collect();
        values.sort_by(f64::total_cmp);
        values.iter().sum()
    };
    order
        .chunk_by(|a, b| groups[*a] == groups[*b])
        .map(|rows| (rows.len() as f64, columns.iter().map(|c| sum(c, rows)).collect()))
        .collect()
}

fn check(groups: &[i64], columns: &[&[f64]]) -> Result<(), Error> {
    if groups.is_empty() || columns.is_empty() {
        return Err(Error::Empty { what: "the mean score" });
    }
    for column in columns {
        if column.len() != groups.len() {
            let (got, wanted) = (column.len(), groups.len());
            return Err(Error::Shape { what: "a column of scores", got, wanted });
        }
        if let Some(row) = column.iter().position(|value| !value.is_finite()) {
            let (what, value) = ("the score".to_owned(), column[row]);
            return Err(Error::Value { what, row, value, wanted: "a finite number" });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_the_same_for_any_order_and_intervals_follow_the_groups() {
        let groups: Vec<i64> = (0..60).map(|i| i / 6).collect();
        let even: Vec<f64> = (0..60).map(|i| f64::from(i % 6)).collect();
        let uneven: Vec<f64> =
            (0..60).map(|i| if i < 6 { 0.1 + f64::from(i) } else { 0.3 }).collect();
        let means = by_groups(&groups, &[&even, &uneven], 500, 3).unwrap();
        // Groups that are alike have a mean that does not move.
        assert_eq!((means[0].value, means[0].low, means[0].high), (2.5, 2.5, 2.5));
        assert_eq!((means[1].rows, means[1].groups), (60, 10));
        assert!(means[1].low < means[1].value && means[1].high > means[1].value, "{means:?}");
        let back = |column: &[f64]| column.iter().rev().copied().collect::<Vec<_>>();
        let turned: Vec<i64> = groups.iter().rev().copied().collect();
        let again = by_groups(&turned, &[&back(&even), &back(&uneven)], 500, 3).unwrap();
        assert_eq!(again, means);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(matches!(
            by_groups(&[1, 1], &[&[1.0, 2.0]], 10, 1),
            Err(Error::TooFew { got: 1, .. })
        ));
        assert!(by_groups(&[1, 2], &[&[1.0]], 10, 1).is_err());
        assert!(by_groups(&[1, 2], &[&[1.0, f64::NAN]], 10, 1).is_err());
        assert!(by_groups(&[], &[&[]], 10, 1).is_err());
    }
}
