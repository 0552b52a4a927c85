//! What is known of events in the years before: benchmarks, and terms for models.
//!
//! Outcomes are 1, 0, or `None` where they are not known. A year in which nothing is known of anyone is no year here: it counts in no window
//! and no memory fades in it. So the year after next is forecast from the last years that are known, and not as if the next had been quiet.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;

/// The years of which something is known, in order.
struct Known(Vec<i32>);

impl Known {
    fn of(year: &[i32], outcomes: &[Option<f64>]) -> Self {
        let known = year.iter().zip(outcomes).filter(|(_, y)| y.is_some()).map(|(year, _)| *year);
        Self(known.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// How many of them are before a year.
    fn before(&self, year: i32) -> usize {
        self.0.partition_point(|known| *known < year)
    }
}

/// The share of all rows of earlier years that had the event: of all, or of the last so many.
///
/// # Shape
/// One year and outcome per row.
///
/// # Nulls
/// `None` for rows before which nothing is known.
///
/// # Errors
/// Arguments of different lengths; an outcome that is not 0, 1 or unknown.
pub fn base_rates(
    year: &[i32],
    outcomes: &[Option<f64>],
    years: Option<u16>,
) -> Result<Vec<Option<f64>>, Error> {
    check(year, outcomes, year.len())?;
    let known = Known::of(year, outcomes);
    // Sums over the known years before each.
    let mut sums = vec![(0.0, 0.0); known.0.len() + 1];
    for (year, outcome) in year.iter().zip(outcomes) {
        if let Some(outcome) = outcome {
            let of = &mut sums[known.before(*year) + 1];
            *of = (of.0 + outcome, of.1 + 1.0);
        }
    }
    for at in 1..sums.len() {
        sums[at] = (sums[at].0 + sums[at - 1].0, sums[at].1 + sums[at - 1].1);
    }
    let rate = |year: &i32| {
        let to = known.before(*year);
        let from = years.map_or(0, |years| to.saturating_sub(usize::from(years)));
        let (events, rows) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
        (rows > 0.0).then(|| events / rows)
    };
    Ok(year.iter().map(rate).collect())
}

/// How often a unit had the event in its last years (one, five, twelve), with one more year at the base rate: (events + base) / (years + 1).
/// The added year keeps an event possible where none was seen; with it alone a new unit has the base rate.
///
/// # Shape
/// One unit (any number), year, outcome and base rate per row; at most one row per unit and year. Years in which nothing is known of the unit
/// are not counted.
///
/// # Nulls
/// `None` where the base rate is.
///
/// # Errors
/// Arguments of different lengths; an outcome that is not 0, 1 or unknown; two rows of one unit and year.
pub fn own_rates(
    unit: &[i64],
    year: &[i32],
    outcomes: &[Option<f64>],
    base: &[Option<f64>],
    years: u16,
) -> Result<Vec<Option<f64>>, Error> {
    check(year, outcomes, unit.len())?;
    if base.len() != unit.len() {
        let (got, wanted) = (base.len(), unit.len());
        return Err(Error::Shape { what: "the base rates", got, wanted });
    }
    let known = Known::of(year, outcomes);
    let mut rates = vec![None; unit.len()];
    for rows in by_unit(unit, year)? {
        let mut from = 0;
        for (at, row) in rows.iter().enumerate() {
            let first = known.before(year[*row]).saturating_sub(usize::from(years));
            let begin = known.0.get(first).copied().unwrap_or(i32::MAX);
            while from < at && year[rows[from]] < begin {
                from += 1;
            }
            let seen = rows[from..at].iter().filter_map(|r| outcomes[*r]);
            let (events, count) = seen.fold((0.0, 0.0), |sum, y| (sum.0 + y, sum.1 + 1.0));
            rates[*row] = base[*row].map(|base| (events + base) / (count + 1.0));
        }
    }
    Ok(rates)
}

/// Events of a group in the years before, each counting less the older it is: the sum over earlier years of events × memory^(known years
/// since).
///
/// # Shape
/// One group (a pair, a pair the other way round, a state: any number), year and outcome per row; a group may have many rows a year. `of` says
/// whose events a row is given, `group` whose its own outcome is; they are the same but for the other way round.
///
/// # Units
/// Events; `memory` is a share from 0 to 1.
///
/// # Nulls
/// None: a group without earlier rows has 0, which says that none were seen.
///
/// # Errors
/// Arguments of different lengths; an outcome that is not 0, 1 or unknown; a memory outside 0 to 1.
pub fn remembered(
    group: &[i64],
    of: &[i64],
    year: &[i32],
    outcomes: &[Option<f64>],
    memory: f64,
) -> Result<Vec<f64>, Error> {
    check(year, outcomes, group.len())?;
    if of.len() != group.len() {
        let (got, wanted) = (of.len(), group.len());
        return Err(Error::Shape { what: "the groups that are asked for", got, wanted });
    }
    if !(0.0..=1.0).contains(&memory) {
        return Err(Error::Argument { what: "the memory", value: memory, wanted: "from 0 to 1" });
    }
    let known = Known::of(year, outcomes);
    let mut events: BTreeMap<i64, BTreeMap<usize, f64>> = BTreeMap::new();
    for ((group, year), outcome) in group.iter().zip(year).zip(outcomes) {
        if let Some(outcome) = outcome.filter(|y| *y > 0.0) {
            let at = known.before(*year);
            *events.entry(*group).or_default().entry(at).or_default() += outcome;
        }
    }
    let sum = |(of, year): (&i64, &i32)| {
        let now = known.before(*year);
        let seen = events.get(of).into_iter().flat_map(|by| by.range(..now));
        seen.map(|(at, n)| n * memory.powi((now - at - 1) as i32)).sum()
    };
    Ok(of.iter().zip(year).map(sum).collect())
}

/// The rows of each unit, by year.
fn by_unit(unit: &[i64], year: &[i32]) -> Result<Vec<Vec<usize>>, Error> {
    let mut order: Vec<usize> = (0..unit.len()).collect();
    order.sort_by_key(|row| (unit[*row], year[*row]));
    if let Some(pair) =
        order.windows(2).find(|p| (unit[p[0]], year[p[0]]) == (unit[p[1]], year[p[1]]))
    {
        let (what, row) = ("the year of a unit".to_owned(), pair[0].max(pair[1]));
        let wanted = "one row for each unit and year; this one stands twice";
        return Err(Error::Value { what, row, value: f64::from(year[row]), wanted });
    }
    Ok(order.chunk_by(|a, b| unit[*a] == unit[*b]).map(<[usize]>::to_vec).collect())
}

fn check(year: &[i32], outcomes: &[Option<f64>], rows: usize) -> Result<(), Error> {
    for (what, got) in [("the years", year.len()), ("the outcome", outcomes.len())] {
        if got != rows {
            return Err(Error::Shape { what, got, wanted: rows });
        }
    }
    let wrong = |y: &Option<f64>| y.filter(|y| *y != 0.0 && *y != 1.0);
    match outcomes.iter().enumerate().find_map(|(row, y)| Some((row, wrong(y)?))) {
        Some((row, value)) => {
            let wanted = "0 or 1; None where it is not known";
            Err(Error::Value { what: "the outcome".to_owned(), row, value, wanted })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: [i32; 7] = [2000, 2000, 2001, 2001, 2002, 2003, 2003];
    const UNIT: [i64; 7] = [1, 2, 1, 2, 1, 1, 2];
    const ONE: Option<f64> = Some(1.0);
    const NIL: Option<f64> = Some(0.0);
    const EVENT: [Option<f64>; 7] = [ONE, NIL, NIL, NIL, ONE, NIL, ONE];

    #[test]
    fn rates_are_of_the_years_before() {
        let base = base_rates(&YEAR, &EVENT, None).unwrap();
        let (half, quarter) = (Some(0.5), Some(0.25));
        assert_eq!(base, [None, None, half, half, quarter, Some(0.4), Some(0.4)]);
        let recent = base_rates(&YEAR, &EVENT, Some(1)).unwrap();
        assert_eq!(recent, [None, None, half, half, NIL, ONE, ONE]);
        let own = own_rates(&UNIT, &YEAR, &EVENT, &base, 1).unwrap();
        // Unit 2 has no row in 2002: in 2003 it has the base rate.
        assert_eq!(own[..2], [None, None]);
        assert_eq!(own[2..], [Some(0.75), quarter, Some(0.125), Some(0.7), Some(0.4)]);
        let two = own_rates(&UNIT, &YEAR, &EVENT, &base, 2).unwrap();
        assert_eq!(two[5..], [Some(1.4 / 3.0), Some(0.2)]);
    }

    #[test]
    fn older_events_count_less_and_later_ones_not_at_all() {
        let own = remembered(&UNIT, &UNIT, &YEAR, &EVENT, 0.5).unwrap();
        assert_eq!(own, [0.0, 0.0, 1.0, 0.0, 0.5, 1.25, 0.0]);
        let other: Vec<i64> = UNIT.iter().map(|u| 3 - u).collect();
        let against = remembered(&UNIT, &other, &YEAR, &EVENT, 0.5).unwrap();
        assert_eq!(against, [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.25]);
        let all = remembered(&[0; 7], &[0; 7], &YEAR, &EVENT, 1.0).unwrap();
        assert_eq!(all, [0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
    }

    #[test]
    fn years_that_are_not_known_are_not_quiet_ones() {
        // 2003 to 2009 are not known: 2010 is forecast as 2003 would be.
        let mut later = YEAR;
        later[5..].fill(2010);
        let mut open = EVENT;
        open[5..].fill(None);
        let (unit, base) = (UNIT, base_rates(&later, &open, None).unwrap());
        assert_eq!(base, base_rates(&YEAR, &EVENT, None).unwrap());
        let own = own_rates(&unit, &later, &open, &base, 1).unwrap();
        assert_eq!(own, own_rates(&unit, &YEAR, &EVENT, &base, 1).unwrap());
        let seen = remembered(&unit, &unit, &later, &open, 0.5).unwrap();
        assert_eq!(seen, remembered(&unit, &unit, &YEAR, &EVENT, 0.5).unwrap());
    }

    #[test]
    fn rows_that_cannot_be_are_refused() {
        assert!(base_rates(&YEAR, &[Some(0.5); 7], None).is_err());
        assert!(base_rates(&YEAR, &[NIL; 6], None).is_err());
        let base = [Some(0.1); 7];
        assert!(own_rates(&[1; 7], &YEAR, &EVENT, &base, 1).is_err());
        assert!(own_rates(&UNIT, &YEAR, &EVENT, &base[1..], 1).is_err());
        assert!(remembered(&UNIT, &UNIT, &YEAR, &EVENT, 1.5).is_err());
        assert!(remembered(&UNIT, &UNIT[1..], &YEAR, &EVENT, 0.5).is_err());
    }
}
