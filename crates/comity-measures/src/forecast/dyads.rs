//! The model of events: whether the first state of a directed dyad begins a dispute with the second.

use super::events::{base_rates, remembered};
use crate::Error;
use crate::conduct::ahead;
use crate::models::{Design, Family};

/// How much of an event's weight is left a year later: over the long run, and of late.
const LONG: f64 = 0.9;
const SHORT: f64 = 0.5;
/// Of how many years the world's rate is.
const WORLD: u16 = 5;
/// What is added before a logarithm is taken of a share of the world's capability, or of a rate.
const SMALL: f64 = 1e-5;

/// Directed dyads and years, column by column. All but the outcome must have been known at the end of the year before.
#[derive(Debug, Clone, Copy)]
pub struct DyadYears<'a> {
    /// Number of the first state: the one that begins or does not.
    pub first: &'a [i32],
    /// Number of the second.
    pub second: &'a [i32],
    /// The year of the outcome.
    pub year: &'a [i32],
    /// 1 where the first began a dispute with the second in this year, else 0.
    pub onset: &'a [Option<f64>],
    /// How they were contiguous the year before, as the Correlates of War code it: 1 by land, 2 to 5 by so much water, 0 not.
    pub contiguity: &'a [Option<f64>],
    /// Kilometres between their capitals.
    pub distance: &'a [Option<f64>],
    /// The share of the world's capability (CINC) that each had the year before.
    pub capability: [&'a [Option<f64>]; 2],
    /// Whether each was a great power the year before.
    pub major: [&'a [Option<f64>]; 2],
    /// Whether they had a defense pact the year before.
    pub defense: &'a [Option<f64>],
}

/// Terms of the model of [`onsets`].
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The rows of which every term is known.
    pub rows: Vec<usize>,
    /// Their terms.
    pub design: Design,
}

/// The terms of the model: where the two are and what they have, how the world was of late and, if asked for, what each of them began before.
///
/// # Shape
/// One row per directed dyad and year; one of [`Terms::rows`] for each of which all is known.
///
/// # Nulls
/// Rows with an unknown term are left out; those with an unknown outcome are not. Years in which no outcome is known are passed over
/// ([`remembered`]).
///
/// # Errors
/// Columns of different lengths, outcomes that are not 0, 1 or unknown, and no row that is known.
pub fn terms(dyads: &DyadYears<'_>, past: bool) -> Result<Terms, Error> {
    let rows = dyads.first.len();
    check(dyads, rows)?;
    let mut columns = place(dyads);
    columns.push(("ln_states", states(dyads.year)));
    let world = base_rates(dyads.year, dyads.onset, Some(WORLD))?;
    columns.push(("ln_world", world.into_iter().map(|r| r.map(|r| (r + SMALL).ln())).collect()));
    if past {
        columns.extend(began(dyads)?);
    }
    let known: Vec<usize> =
        (0..rows).filter(|row| columns.iter().all(|(_, values)| values[*row].is_some())).collect();
    if known.is_empty() {
        return Err(Error::Empty { what: "dyads of which all terms are known" });
    }
    let names = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let values = |values: &Vec<Option<f64>>| known.iter().filter_map(|row| values[*row]).collect();
    let design = Design::new(names, columns.iter().map(|(_, v)| values(v)).collect(), true)?;
    Ok(Terms { rows: known, design })
}

/// The probability that each dyad's first state begins a dispute with the second, for the years from one on: by a logit of the [`terms`],
/// fitted for each year to the years before it.
///
/// # Shape
/// One probability per row.
///
/// # Units
/// Probabilities.
///
/// # Nulls
/// `None` for rows before `from` and for rows with an unknown term. The outcome of the years forecast need not be known.
///
/// # Errors
/// As [`terms`] and [`ahead`].
///
/// # Source
/// Logit of dyad-years with contiguity, distance, capability, great powers and alliances: Bremer (1992); the past as terms: Beck, Katz & Tucker
/// (1998), American Journal of Political Science 42(4): 1260-1288, with faded counts in place of splines of peace years; judged out of sample as
/// Ward, Greenhill & Bakke (2010) ask.
pub fn onsets(
    dyads: &DyadYears<'_>,
    past: bool,
    from: i32,
    every: u16,
) -> Result<Vec<Option<f64>>, Error> {
    let Terms { rows, design } = terms(dyads, past)?;
    let outcomes: Vec<Option<f64>> = rows.iter().map(|row| dyads.onset[*row]).collect();
    let year: Vec<i32> = rows.iter().map(|row| dyads.year[*row]).collect();
    let given = ahead(Family::Logit, "onset", &outcomes, &design, &year, from, every)?;
    let mut all = vec![None; dyads.first.len()];
    rows.into_iter().zip(given).for_each(|(row, p)| all[row] = p);
    Ok(all)
}

type Column = (&'static str, Vec<Option<f64>>);

/// Where the two are and what they have.
fn place(dyads: &DyadYears<'_>) -> Vec<Column> {
    let flag = |yes: bool| f64::from(u8::from(yes));
    let of = |column: &[Option<f64>], of: &dyn Fn(f64) -> f64| -> Vec<Option<f64>> {
        column.iter().map(|v| v.map(of)).collect()
    };
    let both = |a: &[Option<f64>], b: &[Option<f64>], of: &dyn Fn(f64, f64) -> f64| {
        a.iter().zip(b).map(|(a, b)| Some(of((*a)?, (*b)?))).collect::<Vec<Option<f64>>>()
    };
    let ([one, two], contiguity) = (dyads.major, dyads.contiguity);
    let powers = both(one, two, &f64::max);
    vec![
        ("land", of(contiguity, &|c| flag(c == 1.0))),
        ("sea", of(contiguity, &|c| flag(c > 1.0))),
        ("ln_distance", of(dyads.distance, &f64::ln_1p)),
        ("ln_distance_apart", both(dyads.distance, contiguity, &|d, c| d.ln_1p() * flag(c == 0.0))),
        ("ln_cinc1", of(dyads.capability[0], &|c| (c + SMALL).ln())),
        ("ln_cinc2", of(dyads.capability[1], &|c| (c + SMALL).ln())),
        ("major1", of(one, &|m| m)),
        ("major2", of(two, &|m| m)),
        ("relevant", both(contiguity, &powers, &|c, m| flag(c > 0.0 || m > 0.0))),
        ("defense", of(dyads.defense, &|d| d)),
    ]
}

/// What was begun before, by whom against whom: logarithms of faded counts.
fn began(dyads: &DyadYears<'_>) -> Result<Vec<Column>, Error> {
    let wide = |side: &[i32]| side.iter().map(|state| i64::from(*state)).collect::<Vec<i64>>();
    let (first, second) = (wide(dyads.first), wide(dyads.second));
    // Two numbers of 32 bits in one of 64.
    let pair = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| (a << 32) + b).collect();
    let (this, back): (Vec<i64>, Vec<i64>) = (pair(&first, &second), pair(&second, &first));
    let of = |group: &[i64], of: &[i64], memory: f64| -> Result<Vec<Option<f64>>, Error> {
        let seen = remembered(group, of, dyads.year, dyads.onset, memory)?;
        Ok(seen.into_iter().map(|n| Some(n.ln_1p())).collect())
    };
    Ok(vec![
        ("own", of(&this, &this, LONG)?),
        ("own_recent", of(&this, &this, SHORT)?),
        ("back", of(&this, &back, LONG)?),
        ("back_recent", of(&this, &back, SHORT)?),
        ("begun_by_first", of(&first, &first, LONG)?),
        ("begun_by_second", of(&first, &second, LONG)?),
        ("against_second", of(&second, &second, LONG)?),
        ("against_first", of(&second, &first, LONG)?),
    ])
}

/// The logarithm of the number of states that a year has: each has one directed dyad with every other.
fn states(year: &[i32]) -> Vec<Option<f64>> {
    let mut rows = std::collections::BTreeMap::new();
    for year in year {
        *rows.entry(*year).or_insert(0_u32) += 1;
    }
    let of = |year: &i32| rows.get(year).map(|n| 0.5 * f64::from(*n).ln());
    year.iter().map(of).collect()
}

fn check(dyads: &DyadYears<'_>, rows: usize) -> Result<(), Error> {
    let columns = [
        ("the second states", dyads.second.len()),
        ("the years", dyads.year.len()),
        ("the outcome", dyads.onset.len()),
        ("the contiguity", dyads.contiguity.len()),
        ("the distances", dyads.distance.len()),
        ("the first capabilities", dyads.capability[0].len()),
        ("the second capabilities", dyads.capability[1].len()),
        ("the first great powers", dyads.major[0].len()),
        ("the second great powers", dyads.major[1].len()),
        ("the defense pacts", dyads.defense.len()),
    ];
    match columns.into_iter().find(|(_, got)| *got != rows) {
        Some((what, got)) => Err(Error::Shape { what, got, wanted: rows }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six states for thirty years, of which the first begins most with its neighbour.
    struct Invented {
        first: Vec<i32>,
        second: Vec<i32>,
        year: Vec<i32>,
        onset: Vec<Option<f64>>,
        numbers: Vec<Vec<Option<f64>>>,
    }

    fn invented() -> Invented {
        let mut all = Invented {
            first: vec![],
            second: vec![],
            year: vec![],
            onset: vec![],
            numbers: vec![Vec::new(); 7],
        };
        for year in 1970..2000 {
            for a in 1..=6_i32 {
                for b in (1..=6).filter(|b| *b != a) {
                    let chance = (year * 31 + a * 17 + b * 7) % 23;
                    let near = (a - b).abs() == 1;
                    let begun = (a == 1 && chance < 7) || (near && chance < 3) || chance == 11;
                    all.first.push(a);
                    all.second.push(b);
                    all.year.push(year);
                    all.onset.push(Some(f64::from(u8::from(begun))));
                    let number = |v: i32| Some(f64::from(v));
                    let row = [
                        number(i32::from(near)),
                        number(100 * (a - b).abs() + 13 * ((a * b) % 5)),
                        Some(0.02 * f64::from(1 + (a * 3 + year) % 7)),
                        Some(0.02 * f64::from(1 + (b * 3 + year) % 7)),
                        number(i32::from(a == 1)),
                        number(i32::from(b == 1)),
                        number(i32::from((a + b + year / 10) % 4 == 0)),
                    ];
                    all.numbers.iter_mut().zip(row).for_each(|(column, v)| column.push(v));
                }
            }
        }
        all
    }

    impl Invented {
        fn columns(&self) -> DyadYears<'_> {
            let n = &self.numbers;
            DyadYears {
                first: &self.first,
                second: &self.second,
                year: &self.year,
                onset: &self.onset,
                contiguity: &n[0],
                distance: &n[1],
                capability: [&n[2], &n[3]],
                major: [&n[4], &n[5]],
                defense: &n[6],
            }
        }
    }

    #[test]
    fn probabilities_are_of_the_years_before_alone() {
        let mut all = invented();
        let given = onsets(&all.columns(), true, 1995, 1).unwrap();
        assert!(all.year.iter().zip(&given).all(|(y, p)| p.is_some() == (*y >= 1995)));
        assert!(given.iter().flatten().all(|p| *p > 0.0 && *p < 1.0));
        let mean = |keep: &dyn Fn(usize) -> bool| {
            let some: Vec<f64> =
                (0..given.len()).filter(|r| keep(*r)).filter_map(|r| given[r]).collect();
            some.iter().sum::<f64>() / some.len() as f64
        };
        let aggressor = |r: usize| all.first[r] == 1;
        assert!(mean(&aggressor) > 2.0 * mean(&|r| !aggressor(r)));
        // What happens from 1997 on changes nothing before, and is not needed.
        let before: Vec<Option<f64>> = given.clone();
        for (onset, year) in all.onset.iter_mut().zip(&all.year) {
            if *year >= 1997 {
                *onset = None;
            }
        }
        let open = onsets(&all.columns(), true, 1995, 1).unwrap();
        for (row, year) in all.year.iter().enumerate() {
            assert!(*year > 1997 || open[row] == before[row], "{year}");
            assert_eq!(open[row].is_some(), *year >= 1995);
        }
    }

    #[test]
    fn rows_with_an_unknown_term_have_no_probability() {
        let mut all = invented();
        all.numbers[2][899] = None;
        let given = onsets(&all.columns(), false, 1999, 1).unwrap();
        assert_eq!((given[899], given[898].is_some()), (None, true));
        let found = terms(&all.columns(), true).unwrap();
        // Nothing is known of the world before the first year.
        assert_eq!(found.rows.len(), 900 - 30 - 1);
        assert_eq!(found.design.names.len(), 20);
        all.numbers[6].pop();
        assert!(matches!(terms(&all.columns(), true), Err(Error::Shape { got: 899, .. })));
    }
}
