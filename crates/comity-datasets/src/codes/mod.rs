//! From the codes and names of other systems to `ccode`, by date: Gleditsch–Ward, ISO 3166 and names.
//!
//! What stands for whom, and when, are the rows of `states` and `state_codes` of a record ([`Places`]): the starter's, unless another
//! record is given; there is no second list here. A code that
//! stands for no state at the time, or for two, is placed nowhere: the reader keeps it as published and counts it
//! ([`super::output::Output::unplaced`]). Nothing is guessed from likeness.

pub(crate) mod agree;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use arrow::array::{Array, RecordBatch};
use jiff::civil::Date;

use crate::starter;
use comity_record::Error;
use comity_record::source::SourceBundle;
use comity_record::states::{fold, formal, turned};
use comity_record::{Record, columns};

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

/// Who is a state, and which code it has in a system of codes, and when.
#[derive(Debug, Clone, Default)]
pub struct Places {
    members: HashMap<i32, Vec<Span>>,
    holders: HashMap<(&'static str, String), Vec<(i32, Span)>>,
    abbreviations: HashMap<String, Vec<i32>>,
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

/// Those of the starter, for callers without a record.
fn codes() -> &'static Arc<Places> {
    static STARTER: OnceLock<Arc<Places>> = OnceLock::new();
    STARTER.get_or_init(|| {
        let table = |name| starter::table("starter-system", name);
        let mut places = Places::default();
        places.add_members(&table("states"));
        places.add_codes(&table("state_codes"));
        Arc::new(places)
    })
}

fn text<'a>(rows: &'a RecordBatch, column: &str, row: usize) -> &'a str {
    columns::text(columns::texts(rows, column), row)
}

/// Every row with its state and its dates; a year stands for all its days, no date for always.
fn spans(rows: &RecordBatch) -> Vec<(i32, Span, usize)> {
    let int = |name: &str, row: usize| columns::int(columns::ints(rows, name), row);
    let day = |name: &str, row: usize| {
        let column = columns::days(rows, name);
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

/// Whether a code was a state of the starter's system at any time in a year.
pub fn in_system(ccode: i32, year: i32) -> bool {
    codes().in_system(ccode, year)
}

/// Every code that was ever a state of the system, in order.
pub fn all_states() -> Vec<i32> {
    codes().all_states()
}

/// Whether a code was ever a state of the system.
pub fn is_state(ccode: i32) -> bool {
    codes().is_state(ccode)
}

impl Places {
    /// Those of the starter.
    pub fn starter() -> Arc<Self> {
        Arc::clone(codes())
    }

    /// Those of a record, under its baseline.
    ///
    /// # Errors
    /// A table of the record that cannot be read.
    pub fn of(record: &Record) -> Result<Arc<Self>, Error> {
        let baseline = record.baseline();
        let mut places = Self::default();
        places.add_members(&record.table("states", &baseline)?);
        places.add_codes(&record.table("state_codes", &baseline)?);
        Ok(Arc::new(places))
    }

    /// The same with a source beside the record: of a state that it lists, it alone says when it was one, and which codes it has in the
    /// systems that the source has for it.
    #[must_use]
    pub fn beside(&self, bundle: &SourceBundle) -> Self {
        let mut places = self.clone();
        if let Some(rows) = bundle.table("states") {
            for (ccode, ..) in spans(rows) {
                places.members.remove(&ccode);
            }
            places.add_members(rows);
        }
        if let Some(rows) = bundle.table("state_codes") {
            let given: BTreeSet<(i32, &str)> = spans(rows)
                .into_iter()
                .filter_map(|(ccode, _, row)| Some((ccode, system(text(rows, "system", row))?)))
                .collect();
            #[expect(clippy::iter_over_hash_type, reason = "each entry is changed on its own")]
            for ((system, _), holders) in &mut places.holders {
                holders.retain(|(ccode, _)| !given.contains(&(*ccode, *system)));
            }
            places.holders.retain(|_, holders| !holders.is_empty());
            places.add_codes(rows);
        }
        places
    }

    fn add_members(&mut self, states: &RecordBatch) {
        for (ccode, span, row) in spans(states) {
            self.members.entry(ccode).or_default().push(span);
            let letters = text(states, "abbr", row);
            if !letters.is_empty() {
                self.abbreviations.entry(letters.to_owned()).or_default().push(ccode);
            }
        }
    }

    fn add_codes(&mut self, rows: &RecordBatch) {
        for (ccode, span, row) in spans(rows) {
            let Some(system) = system(text(rows, "system", row)) else { continue };
            let code = text(rows, "code", row);
            let code = if system == "name" { fold(code) } else { code.to_owned() };
            self.holders.entry((system, code)).or_default().push((ccode, span));
        }
    }

    /// Whether a code was a state of the system at any time in a year.
    pub fn in_system(&self, ccode: i32, year: i32) -> bool {
        self.is_member(ccode, At::Year(year))
    }

    /// Every code that was ever a state of the system, in order.
    pub fn all_states(&self) -> Vec<i32> {
        let mut all: Vec<i32> = self.members.keys().copied().collect();
        all.sort_unstable();
        all
    }

    /// Whether a code was ever a state of the system.
    pub fn is_state(&self, ccode: i32) -> bool {
        self.members.contains_key(&ccode)
    }

    /// The states that an abbreviation of the Correlates of War stands for; none: it is not known.
    pub(crate) fn abbreviated(&self, letters: &str) -> Option<&[i32]> {
        self.abbreviations.get(letters).map(Vec::as_slice)
    }

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

    /// The `ccode` of a Gleditsch–Ward number.
    ///
    /// The two systems agree but for Germany, Yemen, Serbia and four small states of the Pacific; `970` is a different one in each.
    pub fn from_gw(&self, gwno: i32, at: impl Into<At>) -> Option<i32> {
        self.place("gw", gwno.to_string(), at.into())
    }

    /// Who a Gleditsch–Ward number stands for from a first to a last day: the parts of the span, with the `ccode` of each.
    pub fn from_gw_between(
        &self,
        gwno: i32,
        first: Date,
        last: Date,
    ) -> Vec<(Option<i32>, Date, Date)> {
        let number = gwno.to_string();
        let mut begins = vec![first];
        for (_, (from, to)) in self.holders.get(&("gw", number.clone())).into_iter().flatten() {
            begins.push(*from);
            begins.extend(to.tomorrow());
        }
        begins.retain(|day| first <= *day && *day <= last);
        begins.sort_unstable();
        begins.dedup();
        let mut parts: Vec<(Option<i32>, Date, Date)> = Vec::new();
        for day in begins {
            let ccode = self.place("gw", number.clone(), At::Day(day));
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
    pub fn from_iso3(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        self.place("iso3", upper(code), at.into())
    }

    /// The same in lists that have today's codes for the past as well: where no state had the code at the time, the one that has it now, if
    /// that was a state then.
    pub fn from_iso3_of_today(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        let at = at.into();
        let now = || self.from_iso3(code, i32::MAX).filter(|ccode| self.is_member(*ccode, at));
        self.from_iso3(code, at).or_else(now)
    }

    /// The `ccode` of a country code of CAMEO: its own where it has one (`ROM`), else ISO 3166-1 alpha-3.
    pub fn from_cameo(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        let (code, at) = (upper(code), at.into());
        let iso = |code: String| {
            // SUN are the Sunni there, not the Soviet Union.
            if code == "SUN" { None } else { self.place("iso3", code, at) }
        };
        self.place("cameo", code.clone(), at).or_else(|| iso(code))
    }

    /// The `ccode` of a country code of the Kansas Event Data System before CAMEO (`FRN`, `UAR`).
    pub fn from_keds(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        self.place("keds", upper(code), at.into())
    }

    /// The `ccode` of a FIPS 10-4 country code.
    pub fn from_fips(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        self.place("fips", upper(code), at.into())
    }

    /// The `ccode` of an ISO 3166-1 alpha-2 code, withdrawn ones too, in any case.
    pub fn from_iso2(&self, code: &str, at: impl Into<At>) -> Option<i32> {
        self.place("iso2", upper(code), at.into())
    }

    /// The `ccode` of an ISO 3166-1 numeric (United Nations M49) code, withdrawn ones too.
    pub fn from_iso_numeric(&self, code: i32, at: impl Into<At>) -> Option<i32> {
        self.place("iso-numeric", code.to_string(), at.into())
    }

    /// The `ccode` of a name: whatever its case, accents and punctuation, and turned round as lists of countries do
    /// (`Korea, South`, `Iran (Islamic Republic of)`).
    pub fn from_name(&self, name: &str, at: impl Into<At>) -> Option<i32> {
        let known =
            |name: String| self.holders.contains_key(&("name", name.clone())).then_some(name);
        let turned = || known(turned(name)?);
        let formal = || known(formal(name)?);
        self.place("name", known(fold(name)).or_else(turned).or_else(formal)?, at.into())
    }
}

/// The system that answers for one of `state_codes`; none for those that place nothing.
fn system(name: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(s, _)| *s == name).map(|(_, system)| *system)
}

fn upper(code: &str) -> String {
    code.trim().to_ascii_uppercase()
}

/// [`Places::from_gw`] of the starter.
pub fn from_gw(gwno: i32, at: impl Into<At>) -> Option<i32> {
    codes().from_gw(gwno, at)
}

/// [`Places::from_gw_between`] of the starter.
pub fn from_gw_between(gwno: i32, first: Date, last: Date) -> Vec<(Option<i32>, Date, Date)> {
    codes().from_gw_between(gwno, first, last)
}

/// [`Places::from_iso3`] of the starter.
pub fn from_iso3(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_iso3(code, at)
}

/// [`Places::from_cameo`] of the starter.
pub fn from_cameo(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_cameo(code, at)
}

/// [`Places::from_keds`] of the starter.
pub fn from_keds(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_keds(code, at)
}

/// [`Places::from_fips`] of the starter.
pub fn from_fips(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_fips(code, at)
}

/// [`Places::from_iso2`] of the starter.
pub fn from_iso2(code: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_iso2(code, at)
}

/// [`Places::from_iso_numeric`] of the starter.
pub fn from_iso_numeric(code: i32, at: impl Into<At>) -> Option<i32> {
    codes().from_iso_numeric(code, at)
}

/// [`Places::from_name`] of the starter.
pub fn from_name(name: &str, at: impl Into<At>) -> Option<i32> {
    codes().from_name(name, at)
}

#[cfg(test)]
mod tests;
