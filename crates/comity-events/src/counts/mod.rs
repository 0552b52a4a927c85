//! Counts of events by day and directed pair of published codes.
//!
//! Counts are sums that can be added to: what became known later stands in rows of its own, and so does what a corrected event takes away.
//! The sum of the rows known by a day is therefore the count as known on that day.
//!
//! **Stories.** Where a source names the report of an event (GDELT its address, ICEWS its story), events of one day, code, pair of actors and
//! report that were known on the same day are one story. Both are counted: `events` and `stories`.

pub mod daily;
pub mod series;
pub(crate) mod sums;
pub(crate) mod tally;

use std::collections::BTreeMap;
use std::path::Path;

pub use sums::Sums;

use crate::error::Error;
use crate::read::{self, Options, Report};
use tally::Tally;

/// Counts of one source.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub(crate) tally: Tally,
}

/// What was added up of a file.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Counts by source.
    pub counts: BTreeMap<String, Counts>,
    /// What became of the lines, for each text in the file.
    pub reports: Vec<Report>,
    /// What else is in the file, and why it was passed over.
    pub others: Vec<String>,
}

/// Adds up a file by day and directed pair without keeping its events. Every line is an event of its own: for corrections and doubled files
/// there is the [store](crate::store).
///
/// # Errors
/// A file that cannot be read or is of no known format.
pub fn of_file(path: &Path, options: &Options<'_>, threads: usize) -> Result<Counted, Error> {
    let (tallies, reports, others) = read::tallied(path, options, threads)?;
    let counts = tallies.into_iter().map(|(source, mut tally)| {
        tally.add_totals();
        (source, Counts { tally })
    });
    Ok(Counted { counts: counts.collect(), reports, others })
}

impl Counts {
    /// How many rows of sums there are.
    pub fn len(&self) -> usize {
        self.tally.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tally.is_empty()
    }
}

/// Sums of one day (or of a longer period, from its first day) and one directed pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountRow<'a> {
    /// The first day of the period.
    pub day: i32,
    /// The country code of the actor, as published; empty: an actor without a country.
    pub actor: &'a str,
    /// The country code of the target, as published.
    pub target: &'a str,
    /// Where it happened, for sources that are counted by place.
    pub location: &'a str,
    /// What it comes to.
    pub sums: Sums,
}

impl Counts {
    /// The rows by actor, target, location and day, as known at the end of a day (none: as known now). Days on which nothing is left have no row.
    pub fn rows(&self, as_known: Option<i32>) -> Vec<CountRow<'_>> {
        self.summed(as_known, false)
    }

    /// The rows as they are kept, in no order: with the day on which each was known (and is counted from, or taken away).
    pub fn rows_by_known(&self) -> Vec<(i32, &Sums)> {
        let rows = self.tally.keys.iter().zip(&self.tally.sums);
        rows.filter(|(key, _)| !key.is_all()).map(|(key, sums)| (key.known, sums)).collect()
    }

    /// All reports of each day, between whomever: the denominator.
    pub fn reports(&self, as_known: Option<i32>) -> BTreeMap<i32, Sums> {
        self.summed(as_known, true).into_iter().map(|row| (row.day, row.sums)).collect()
    }

    fn summed(&self, as_known: Option<i32>, totals: bool) -> Vec<CountRow<'_>> {
        let until = as_known.unwrap_or(i32::MAX);
        let mut rows: Vec<CountRow<'_>> = Vec::new();
        for at in self.tally.order() {
            let (key, sums) = (self.tally.keys[at as usize], self.tally.sums[at as usize]);
            if key.is_all() != totals || key.known > until {
                continue;
            }
            let text = |n| self.tally.texts.text(n);
            let (actor, target, location) = (text(key.actor), text(key.target), text(key.location));
            match rows.last_mut() {
                Some(last)
                    if (last.day, last.actor, last.target, last.location)
                        == (key.day, actor, target, location) =>
                {
                    last.sums.add(&sums);
                }
                _ => rows.push(CountRow { day: key.day, actor, target, location, sums }),
            }
        }
        rows.retain(|row| !row.sums.is_zero());
        rows
    }
}
