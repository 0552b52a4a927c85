//! Which state of one list a state of the other is, year by year.
//!
//! A number stands for a state on the days that the record's codes say. Of a year it is the state's for which it stands on most of the days
//! on which that state is in its own system: in 1990 the 260 of Gleditsch and Ward is 260 of the Correlates of War, whose Federal Republic
//! lasts to 2 October, and 679 is their 678, which it follows in May. This is what the panels of the R package isard have for every year.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Date32Type;
use comity_record::{Error, Record};

use super::calendar::{self, Days};
use super::system::System;
use comity_record::columns::{int, ints, text, texts};

/// A Gleditsch-Ward number, the Correlates of War state that it stands for, and on which days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    gwcode: i32,
    ccode: i32,
    days: Days,
}

impl Held {
    /// Every one that the record knows of.
    pub fn all(record: &Record) -> Result<Vec<Self>, Error> {
        let batch = record.table("state_codes", &record.baseline())?;
        let (ccode, system, code) =
            (ints(&batch, "ccode"), texts(&batch, "system"), texts(&batch, "code"));
        let (from, to) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
        let day = |column: &str, row: usize| {
            let days = batch.column_by_name(column)?.as_primitive::<Date32Type>();
            days.is_valid(row).then(|| days.value(row))
        };
        let held = |row: usize| {
            let first = day("start", row).or_else(|| int(from, row).map(calendar::first_of));
            let last = day("end", row).or_else(|| int(to, row).map(calendar::last_of));
            Some(Self {
                gwcode: text(code, row).parse().ok()?,
                ccode: int(ccode, row)?,
                days: (first.unwrap_or(i32::MIN), last.unwrap_or(i32::MAX)),
            })
        };
        let rows = (0..batch.num_rows()).filter(|row| text(system, *row) == "gw");
        Ok(rows.filter_map(held).collect())
    }

    /// Whether it stands for the state on a day of the year.
    fn touches(&self, year: i32) -> bool {
        self.days.0 <= calendar::last_of(year) && calendar::first_of(year) <= self.days.1
    }
}

/// Per state and year of the list of Gleditsch and Ward: the number of the state in `cow`, and whether it is a member there in that year.
pub(super) fn to_cow(gw: &System, cow: &System, held: &[Held]) -> Vec<Option<(u16, bool)>> {
    each(gw, |gwcode, year| in_cow(cow, held, gwcode, year))
}

/// The number in `cow` of the state that a Gleditsch-Ward number stands for in a year, and whether it is a member there then.
pub(super) fn in_cow(cow: &System, held: &[Held], gwcode: i32, year: i32) -> Option<(u16, bool)> {
    let own = || held.iter().filter(move |h| h.gwcode == gwcode && h.touches(year));
    let member = most(cow, year, own().map(|h| (h.ccode, h.days)));
    if let Some(state) = member {
        return Some((state, true));
    }
    // Facts are coded for states before they come to the system too; not where it is not known for which.
    let mut there = own().filter_map(|h| cow.number(h.ccode));
    let first = there.next()?;
    there.all(|other| other == first).then_some((first as u16, false))
}

/// Per state and year of `cow`: its Gleditsch-Ward number, where it is in that list in the year.
pub(super) fn to_gw(cow: &System, gw: &System, held: &[Held]) -> Vec<Option<i32>> {
    each(cow, |ccode, year| {
        let own = held.iter().filter(|h| h.ccode == ccode && h.touches(year));
        let state = most(gw, year, own.map(|h| (h.gwcode, h.days)))?;
        gw.codes.get(usize::from(state)).copied()
    })
}

/// A cell for each state and year of a list.
fn each<T>(system: &System, cell: impl Fn(i32, i32) -> Option<T>) -> Vec<Option<T>> {
    let years = || system.years.clone();
    system.codes.iter().flat_map(|code| years().map(|year| cell(*code, year))).collect()
}

/// The number of the state with the most days of membership in a year among those on which it bears the code; none without a day.
fn most(system: &System, year: i32, candidates: impl Iterator<Item = (i32, Days)>) -> Option<u16> {
    let mut best: Option<(i32, u16)> = None;
    for (code, (first, last)) in candidates {
        let Some(state) = system.number(code).map(|n| n as u16) else { continue };
        let spans = system.days_together(&[state], year);
        let days: i32 =
            spans.iter().map(|(a, b)| (*b.min(&last) - *a.max(&first) + 1).max(0)).sum();
        if days > best.map_or(0, |(most, _)| most) {
            best = Some((days, state));
        }
    }
    best.map(|(_, state)| state)
}
