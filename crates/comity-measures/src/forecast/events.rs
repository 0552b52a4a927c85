//! What is known of events in the years before: benchmarks, and terms for models.

use std::collections::BTreeMap;

use crate::Error;

/// The share of all rows of earlier years that had the event.
///
/// # Shape
/// One year and outcome (0 or 1) per row.
///
/// # Nulls
/// `None` for the rows of the first year.
///
/// # Errors
/// Arguments of different lengths; an outcome that is not 0 or 1.
pub fn base_rates(year: &[i32], outcomes: &[f64]) -> Result<Vec<Option<f64>>, Error> {
    check(year, outcomes, year.len())?;
    let mut by: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (year, outcome) in year.iter().zip(outcomes) {
        let of = by.entry(*year).or_default();
        *of = (of.0 + outcome, of.1 + 1.0);
    }
    let (mut events, mut rows) = (0.0, 0.0);
    for of in by.values_mut() {
        let before = (events, rows);
        events += of.0;
        rows += of.1;
        *of = before;
    }
    let rate = |year: &i32| by.get(year).filter(|(_, n)| *n > 0.0).map(|(e, n)| e / n);
    Ok(year.iter().map(rate).collect())
}

/// How often a unit had the event in its last years (one, five, twelve), with one more year at the base rate: (events + base) / (years + 1).
/// The added year keeps an event possible where none was seen; with it alone a new unit has the base rate.
///
/// # Shape
/// One unit (any number), year, outcome (0 or 1) and base rate per row; at most one row per unit and year. Years without a row are not known
/// and not counted.
///
/// # Nulls
/// `None` where the base rate is.
///
/// # Errors
/// Arguments of different lengths; an outcome that is not 0 or 1; two rows of one unit and year.
pub fn own_rates(
    unit: &[i64],
    year: &[i32],
    outcomes: &[f64],
    base: &[Option<f64>],
    years: u16,
) -> Result<Vec<Option<f64>>, Error> {
    check(year, outcomes, unit.len())?;
    if base.len() != unit.len() {
        let (got, wanted) = (base.len(), unit.len());
        return Err(Error::Shape { what: "the base rates", got, wanted });
    }
    let mut rates = vec![None; unit.len()];
    for rows in by_unit(unit, year)? {
        let mut from = 0;
        for (at, row) in rows.iter().enumerate() {
            while year[rows[from]] < year[*row].saturating_sub(i32::from(years)) {
                from += 1;
            }
            let events: f64 = rows[from..at].iter().map(|r| outcomes[*r]).sum();
            rates[*row] = base[*row].map(|base| (events + base) / ((at - from) as f64 + 1.0));
        }
    }
    Ok(rates)
}

/// Events of a group in the years before, each counting less the older it is: the sum over earlier years s of memory^(t − 1 − s) × events.
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
/// Arguments of different lengths; an outcome that is not 0 or 1; a memory outside 0 to 1.
pub fn remembered(
    group: &[i64],
    of: &[i64],
    year: &[i32],
    outcomes: &[f64],
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
    let mut events: BTreeMap<i64, BTreeMap<i32, f64>> = BTreeMap::new();
    for ((group, year), outcome) in group.iter().zip(year).zip(outcomes) {
        if *outcome > 0.0 {
            *events.entry(*group).or_default().entry(*year).or_default() += outcome;
        }
    }
    let sum = |(of, year): (&i64, &i32)| {
        let seen = events.get(of).into_iter().flat_map(|by| by.range(..*year));
        seen.map(|(s, n)| n * memory.powi(year.saturating_sub(*s).saturating_sub(1))).sum()
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

fn check(year: &[i32], outcomes: &[f64], rows: usize) -> Result<(), Error> {
    for (what, got) in [("the years", year.len()), ("the outcome", outcomes.len())] {
        if got != rows {
            return Err(Error::Shape { what, got, wanted: rows });
        }
    }
    match outcomes.iter().position(|y| *y != 0.0 && *y != 1.0) {
        Some(row) => {
            let (what, value) = ("the outcome".to_owned(), outcomes[row]);
            Err(Error::Value { what, row, value, wanted: "0 or 1" })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: [i32; 7] = [2000, 2000, 2001, 2001, 2002, 2003, 2003];
    const UNIT: [i64; 7] = [1, 2, 1, 2, 1, 1, 2];
    const EVENT: [f64; 7] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0];

    #[test]
    fn rates_are_of_the_years_before() {
        let base = base_rates(&YEAR, &EVENT).unwrap();
        let half = Some(0.5);
        let quarter = Some(0.25);
        assert_eq!(base, [None, None, half, half, quarter, Some(0.4), Some(0.4)]);
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
    fn rows_that_cannot_be_are_refused() {
        assert!(base_rates(&YEAR, &[0.5; 7]).is_err() && base_rates(&YEAR, &[0.0; 6]).is_err());
        let base = [Some(0.1); 7];
        assert!(own_rates(&[1; 7], &YEAR, &EVENT, &base, 1).is_err());
        assert!(own_rates(&UNIT, &YEAR, &EVENT, &base[1..], 1).is_err());
        assert!(remembered(&UNIT, &UNIT, &YEAR, &EVENT, 1.5).is_err());
        assert!(remembered(&UNIT, &UNIT[1..], &YEAR, &EVENT, 0.5).is_err());
    }
}
