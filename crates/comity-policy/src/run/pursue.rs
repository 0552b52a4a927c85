//! Verdicts on something striven for: where a state stands among all states of the year.

use std::collections::BTreeMap;

use super::findings::Valued;
use crate::document::Better;
use crate::verdict::Verdict;

/// Fewer states with a value than this say nothing about where one stands.
const FEWEST_STATES: usize = 30;

/// One state-year's standing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The value.
    pub value: f64,
    /// Share of that year's states with a worse value; null where too few have one.
    pub percentile: Option<f64>,
    /// First decile, first quartile, median, third quartile, ninth decile in ascending order of values.
    pub spread: Option<[f64; 5]>,
    /// Verdict.
    pub verdict: Verdict,
}

/// The `q`-quantile of ascending values, interpolated linearly (Hyndman & Fan type 7).
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let (low, share) = (at.floor() as usize, at.fract());
    match sorted.get(low + 1) {
        Some(next) => sorted[low] + share * (next - sorted[low]),
        None => sorted[low],
    }
}

/// Standings by state and year, of the values that count (covered, in the system, applicable).
///
/// `system` is the number of states to which the commitment applies in a year: with values for
/// fewer than thirty or less than half of them the verdict is unknown.
pub(crate) fn standings(
    values: &[Valued],
    better: Better,
    system: impl Fn(i32) -> usize,
) -> BTreeMap<(i32, i32), Standing> {
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    let mut years: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    let mut own: BTreeMap<(i32, i32), f64> = BTreeMap::new();
    for v in values {
        years.entry(v.year).or_default().push(v.value);
        own.insert((v.state, v.year), v.value);
    }
    for list in years.values_mut() {
        list.sort_by(f64::total_cmp);
    }
    let mut all = BTreeMap::new();
    for v in values {
        let list = &years[&v.year];
        if list.len() < FEWEST_STATES || 2 * list.len() < system(v.year) {
            let standing = Standing {
                value: v.value,
                percentile: None,
                spread: None,
                verdict: Verdict::Unknown,
            };
            all.insert((v.state, v.year), standing);
            continue;
        }
        let spread = [0.1, 0.25, 0.5, 0.75, 0.9].map(|q| quantile(list, q));
        let worse = if better == Better::Higher {
            list.partition_point(|x| *x < v.value)
        } else {
            list.len() - list.partition_point(|x| *x <= v.value)
        };
        let percentile = worse as f64 / list.len() as f64;
        let (quarter, tenth) = match better {
            Better::Higher => (spread[1], spread[0]),
            Better::Lower => (spread[3], spread[4]),
        };
        let past: Vec<f64> =
            (1..=5).filter_map(|back| own.get(&(v.state, v.year - back)).copied()).collect();
        let rising =
            past.len() >= 3 && sign * v.value > sign * past.iter().sum::<f64>() / past.len() as f64;
        let zero = better == Better::Higher && v.value == 0.0;
        let at_median = sign * v.value >= sign * spread[2];
        let verdict = if at_median && !zero {
            Verdict::Kept
        } else if at_median {
            Verdict::Strained
        } else if sign * v.value < sign * tenth {
            Verdict::Broken
        } else if sign * v.value >= sign * quarter || rising {
            Verdict::Strained
        } else {
            Verdict::Broken
        };
        all.insert(
            (v.state, v.year),
            Standing {
                value: v.value,
                percentile: Some(percentile),
                spread: Some(spread),
                verdict,
            },
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(values: &[f64]) -> Vec<Valued> {
        let states = (1..).zip(values);
        states.map(|(state, value)| Valued { state, year: 2000, value: *value }).collect()
    }

    #[test]
    fn median_quartile_and_bottom_tenth() {
        let values = year(&(0..40).map(f64::from).collect::<Vec<_>>());
        let s = standings(&values, Better::Higher, |_| 60);
        assert_eq!(s[&(40, 2000)].verdict, Verdict::Kept);
        assert_eq!(s[&(15, 2000)].verdict, Verdict::Strained);
        assert_eq!(s[&(8, 2000)].verdict, Verdict::Broken);
        assert_eq!(s[&(1, 2000)].verdict, Verdict::Broken);
        let s = standings(&values, Better::Lower, |_| 60);
        assert_eq!(s[&(1, 2000)].verdict, Verdict::Kept);
        assert_eq!(s[&(40, 2000)].verdict, Verdict::Broken);
        assert_eq!(s[&(1, 2000)].percentile, Some(39.0 / 40.0));
    }

    #[test]
    fn too_few_states_say_nothing() {
        let values = year(&(0..29).map(f64::from).collect::<Vec<_>>());
        assert!(
            standings(&values, Better::Higher, |_| 29)
                .values()
                .all(|s| s.verdict == Verdict::Unknown)
        );
        let values = year(&(0..40).map(f64::from).collect::<Vec<_>>());
        assert!(
            standings(&values, Better::Higher, |_| 100)
                .values()
                .all(|s| s.verdict == Verdict::Unknown)
        );
    }

    #[test]
    fn a_zero_is_never_kept_where_higher_is_better() {
        let values = year(&[0.0; 40]);
        assert!(
            standings(&values, Better::Higher, |_| 40)
                .values()
                .all(|s| s.verdict == Verdict::Strained)
        );
        assert!(
            standings(&values, Better::Lower, |_| 40).values().all(|s| s.verdict == Verdict::Kept)
        );
    }

    #[test]
    fn getting_better_strains_instead_of_breaking_but_not_in_the_bottom_tenth() {
        let mut values = Vec::new();
        for (y, v) in [(1997, 1.0), (1998, 1.0), (1999, 1.0), (2000, 6.0)] {
            values.push(Valued { state: 500, year: y, value: v });
        }
        values.extend(year(&(0..40).map(f64::from).collect::<Vec<_>>()));
        let s = standings(&values, Better::Higher, |_| 40);
        assert_eq!(s[&(500, 2000)].verdict, Verdict::Strained);
        values[3].value = 2.0;
        let s = standings(&values, Better::Higher, |_| 40);
        assert_eq!(s[&(500, 2000)].verdict, Verdict::Broken);
    }
}
