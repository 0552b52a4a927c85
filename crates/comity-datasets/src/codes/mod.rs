//! From the codes and names of other systems to `ccode`, by date: Gleditsch–Ward, ISO 3166 and names.
//!
//! What stands for whom, and when, are the starter's own rows of `state_codes`; there is no second list here. A code that
//! stands for no state at the time, or for two, is placed nowhere: the reader keeps it as published and counts it
//! ([`super::output::Output::unplaced`]). Nothing is guessed from likeness.

use std::collections::HashMap;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type};
use jiff::civil::Date;

use crate::starter;
use comity_record::states::fold;

/// A day, or a year where the day is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Some day of this year.
    Year(i32),
    /// This day.
    Day(Date),
}

impl From<i32> for At {
    fn from(year: i32) -> Self {
        // A year past all calendars is the last one: "as it is now".
        Self::Year(year.clamp(i32::from(Date::MIN.year()), i32::from(Date::MAX.year())))
    }
}

impl From<Date> for At {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

/// From a first to a last day.
type Span = (Date, Date);

impl At {
    fn within(self, (first, last): Span) -> bool {
        match self {
            Self::Day(day) => first <= day && day <= last,
            Self::Year(year) => i32::from(first.year()) <= year && year <= i32::from(last.year()),
        }
    }

    /// The last day that is meant.
    fn last(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Year(year) => Date::new(i16::try_from(year).ok()?, 12, 31).ok(),
        }
    }
}

/// Which code a state has in a system of codes, and when.
#[derive(Debug, Default)]
struct Codes {
    members: HashMap<i32, Vec<Span>>,
    holders: HashMap<(&'static str, String), Vec<(i32, Span)>>,
}

const SYSTEMS: &[(&str, &str)] = &[
    ("gw", "gw"),
    ("iso2", "iso2"),
    ("iso3", "iso3"),
    ("iso-numeric", "iso-numeric"),
    ("fips", "fips"),
    ("cameo", "cameo"),
    ("keds", "keds"),
    ("name", "name"),
    ("former-name", "name"),
    ("spelling", "name"),
];

fn codes() -> &'static Codes {
    static CODES: OnceLock<Codes> = OnceLock::new();
    CODES.get_or_init(|| {
        let mut codes = Codes::default();
        let states = starter::table("starter-system", "states");
        for (ccode, span, _) in spans(&states) {
            codes.members.entry(ccode).or_default().push(span);
        }
        let rows = starter::table("starter-system", "state_codes");
        for (ccode, span, row) in spans(&rows) {
            let system = text(&rows, "system", row);
            let Some((_, system)) = SYSTEMS.iter().find(|(s, _)| *s == system) else { continue };
            let code = text(&rows, "code", row);
            let code = if *system == "name" { fold(code) } else { code.to_owned() };
            codes.holders.entry((system, code)).or_default().push((ccode, span));
        }
        codes
    })
}

fn text<'a>(rows: &'a RecordBatch, column: &str, row: usize) -> &'a str {
    rows.column_by_name(column).map_or("", |c| c.as_string::<i32>().value(row))
}

/// Every row with its state and its dates; a year stands for all its days, no date for always.
fn spans(rows: &RecordBatch) -> Vec<(i32, Span, usize)> {
    let int = |name: &str, row: usize| {
        let column = rows.column_by_name(name)?.as_primitive::<Int32Type>();
        (!column.is_null(row)).then(|| column.value(row))
    };
    let day = |name: &str, row: usize| {
        let column = rows.column_by_name(name)?.as_primitive::<Date32Type>();
        (!column.is_null(row)).then(|| {
            Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(column.value(row))).ok()
        })?
    };
    let year = |name: &str, row: usize, month: i8, day: i8| {
        Date::new(i16::try_from(int(name, row)?).ok()?, month, day).ok()
    };
    let mut spans = Vec::with_capacity(rows.num_rows());
    for row in 0..rows.num_rows() {
        let Some(ccode) = int("ccode", row) else { continue };
        let first = day("start", row).or_else(|| year("start_year", row, 1, 1));
        let last = day("end", row).or_else(|| year("end_year", row, 12, 31));
        spans.push((ccode, (first.unwrap_or(Date::MIN), last.unwrap_or(Date::MAX)), row));
    }
    spans
}

/// Whether a code was a state of the system at any time in a year.
pub fn in_system(ccode: i32, year: i32) -> bool {
    codes().is_member(ccode, At::Year(year))
}

/// Every code that was ever a state of the system, in order.
pub fn all_states() -> Vec<i32> {
    let mut all: Vec<i32> = codes().members.keys().copied().collect();
    all.sort_unstable();
    all
}

/// Whether a code was ever a state of the system.
pub fn is_state(ccode: i32) -> bool {
    codes().members.contains_key(&ccode)
}

impl Codes {
    fn is_member(&self, ccode: i32, at: At) -> bool {
        self.members.get(&ccode).is_some_and(|s| s.iter().any(|span| at.within(*span)))
    }

    /// The one state that holds a code. Of several, the members of the system come before the others; in the year in which a
    /// code passes from one to the next, it is the one's who has it when the year ends.
    fn place(&self, system: &'static str, code: String, at: At) -> Option<i32> {
        let holders = self.holders.get(&(system, code))?;
        let mut there: Vec<i32> =
            holders.iter().filter(|(_, span)| at.within(*span)).map(|(ccode, _)| *ccode).collect();
        there.sort_unstable();
        there.dedup();
        if there.len() > 1 && there.iter().any(|c| self.is_member(*c, at)) {
            there.retain(|c| self.is_member(*c, at));
        }
        if let (true, Some(last)) = (there.len() > 1, at.last().map(At::Day)) {
            let holds = |c: i32| holders.iter().any(|(h, span)| *h == c && last.within(*span));
            there.retain(|c| holds(*c) && self.is_member(*c, last));
        }
        match there[..] {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// The `ccode` of a Gleditsch–Ward number.
///
/// The two systems agree but for Germany, Yemen, Serbia and four small states of the Pacific; `970` is a different one in each.
pub fn from_gw(gwno: i32, at: impl Into<At>) -> Option<i32> {
    codes().place("gw", gwno.to_string(), at.into())
}

/// Who a Gleditsch–Ward number stands for from a first to a last day: the parts of the span, with the `ccode` of each.
pub fn from_gw_between(gwno: i32, first: Date, last: Date) -> Vec<(Option<i32>, Date, Date)> {
    let number = gwno.to_string();
    let mut begins = vec![first];
    for (_, (from, to)) in codes().holders.get(&("gw", number.clone())).into_iter().flatten() {
        begins.push(*from);
        begins.extend(to.tomorrow());
    }
    begins.retain(|day| first <= *day && *day <= last);
    begins.sort_unstable();
    begins.dedup();
    let mut parts: Vec<(Option<i32>, Date, Date)> = Vec::new();
    for day in begins {
        let ccode = codes().place("gw", number.clone(), At::Day(day));
        if parts.last().is_some_and(|(before, ..)| *before == ccode) {
            continue;
        }
        if let (Some((_, _, end)), Ok(yesterday)) = (parts.last_mut(), day.yesterday()) {
            *end = yesterday;
        }
        parts.push((ccode, day, last));
    }
    parts
}

/// The `ccode` of an ISO 3166-1 alpha-3 code, withdrawn ones too, in any case.
pub fn from_iso3(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().place("iso3", code.trim().to_ascii_uppercase(), at.into())
}

/// The `ccode` of a country code of CAMEO: its own where it has one (`ROM`), else ISO 3166-1 alpha-3.
pub fn from_cameo(code: &str, at: impl Into<At>) -> Option<i32> {
    let (code, at) = (code.trim().to_ascii_uppercase(), at.into());
    let iso = |code: String| {
        // SUN are the Sunni there, not the Soviet Union.
        if code == "SUN" { None } else { codes().place("iso3", code, at) }
    };
    codes().place("cameo", code.clone(), at).or_else(|| iso(code))
}

/// The `ccode` of a country code of the Kansas Event Data System before CAMEO (`FRN`, `UAR`).
pub fn from_keds(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().place("keds", code.trim().to_ascii_uppercase(), at.into())
}

/// The `ccode` of a FIPS 10-4 country code.
pub fn from_fips(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().place("fips", code.trim().to_ascii_uppercase(), at.into())
}

/// The `ccode` of an ISO 3166-1 alpha-2 code, withdrawn ones too, in any case.
pub fn from_iso2(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().place("iso2", code.trim().to_ascii_uppercase(), at.into())
}

/// The `ccode` of an ISO 3166-1 numeric (United Nations M49) code, withdrawn ones too.
pub fn from_iso_numeric(code: i32, at: impl Into<At>) -> Option<i32> {
    codes().place("iso-numeric", code.to_string(), at.into())
}

/// The `ccode` of a name: whatever its case, accents and punctuation, and turned round as lists of countries do
/// (`Korea, South`, `Iran (Islamic Republic of)`).
pub fn from_name(name: &str, at: impl Into<At>) -> Option<i32> {
    let at = at.into();
    let known =
        |name: String| codes().holders.contains_key(&("name", name.clone())).then_some(name);
    let turned = || {
        let (last, first) = name.split_once(',').or_else(|| name.split_once('('))?;
        known(fold(&format!("{first} {last}")))
    };
    codes().place("name", known(fold(name)).or_else(turned)?, at)
}

#[cfg(test)]
mod tests;
