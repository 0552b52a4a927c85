//! The states of one system, numbered, with the days on which they are members.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Date32Type;
use comity_record::{Reading, Record};

use super::calendar::{self, Days, overlap};
use super::error::PanelError;
use super::grain::Grain;
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// Whose list of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Codes {
    /// Correlates of War.
    #[default]
    Cow,
    /// Gleditsch and Ward.
    Gw,
}

impl Codes {
    /// The name of the column with a state's code.
    pub fn column(self) -> &'static str {
        match self {
            Self::Cow => "ccode",
            Self::Gw => "gwcode",
        }
    }

    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Cow => "states",
            Self::Gw => "gw_states",
        }
    }
}

/// The years in which a state may be listed: within them every year fits the columns of a panel.
const YEARS: RangeInclusive<i32> = 1..=2999;

/// The most cells of states and years that a list may have: some thousand states over some thousand years.
const MOST: usize = 4_000_000;

/// Member in no, in some or in every day of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Part,
    Whole,
}

/// A list of states over a span of years.
#[derive(Debug)]
pub(crate) struct System {
    /// First and last year in which it has a state.
    pub years: RangeInclusive<i32>,
    /// The code of each state, in order: the state's number is its place here.
    pub codes: Vec<i32>,
    /// Spells of each state, in order.
    spells: Vec<Vec<Days>>,
    names: Vec<Vec<(Days, String)>>,
    microstate: Vec<bool>,
    presence: Vec<Presence>,
    /// One bit per state and year with a day of membership, and one where it is not the whole year.
    bits: Vec<u64>,
    parts: Vec<u64>,
}

impl System {
    /// The states of a record. A spell that is open ends with the last year that its list covers, or with `extend_to` where that is later.
    pub fn of(
        record: &Record,
        reading: &Reading,
        codes: Codes,
        extend_to: Option<i32>,
    ) -> Result<Self, PanelError> {
        let batch = record.table(codes.table(), reading)?;
        let coverage = record.coverage(codes.table(), reading);
        let last = coverage.span().map_or_else(|| record.last_year(), |(_, to)| to);
        let last = extend_to.map_or(last, |year| year.max(last));
        Self::new(&batch, codes, last.clamp(*YEARS.start(), *YEARS.end()))
    }

    fn new(batch: &RecordBatch, codes: Codes, last: i32) -> Result<Self, PanelError> {
        let mut states: BTreeMap<i32, Vec<(Days, String, bool)>> = BTreeMap::new();
        let code = ints(batch, codes.column());
        let (from_year, to_year) = (ints(batch, "start_year"), ints(batch, "end_year"));
        let (name, dates) = (texts(batch, "name"), |c: &str| {
            batch.column_by_name(c).map(AsArray::as_primitive::<Date32Type>)
        });
        let micro = (codes == Codes::Gw).then(|| bools(batch, "microstate"));
        let day = |column: &str, row: usize| {
            dates(column).filter(|c| !c.is_null(row)).map(|c| c.value(row))
        };
        for row in 0..batch.num_rows() {
            let Some(code) = int(code, row) else { continue };
            let first_day = int(from_year, row).map(calendar::first_of);
            let Some(start) = day("start", row).or(first_day) else { continue };
            let end = day("end", row)
                .or_else(|| int(to_year, row).map(calendar::last_of))
                .unwrap_or_else(|| calendar::last_of(last));
            if start <= end {
                let year = |day: i32, known: Option<i32>| {
                    known.filter(|y| !YEARS.contains(y)).unwrap_or(calendar::year_of(day))
                };
                let years = (year(start, int(from_year, row)), year(end, int(to_year, row)));
                check_row(batch, codes, row, code, years)?;
                let micro = micro.is_some_and(|m| truth(m, row) == Some(true));
                let name = text(name, row).to_owned();
                states.entry(code).or_default().push(((start, end), name, micro));
            }
        }
        let mut system = Self {
            years: std::ops::RangeInclusive::new(1, 0),
            codes: states.keys().copied().collect(),
            spells: Vec::new(),
            names: Vec::new(),
            microstate: Vec::new(),
            presence: Vec::new(),
            bits: Vec::new(),
            parts: Vec::new(),
        };
        let all = || states.values().flatten().map(|(days, ..)| days);
        if let (Some(first), Some(end)) = (all().map(|d| d.0).min(), all().map(|d| d.1).max()) {
            system.years = calendar::year_of(first)..=calendar::year_of(end).min(last);
        }
        if system.codes.len().saturating_mul(system.span()) > MOST {
            return Err(PanelError::new(format!(
                "the table `{}` lists {} states over the years {} to {}: too many to lay out",
                codes.table(),
                system.codes.len(),
                system.years.start(),
                system.years.end()
            ))
            .help("remove a list of states that you added: comity record remove ID"));
        }
        for mut spells in states.into_values() {
            spells.sort();
            system.microstate.push(spells.iter().any(|(_, _, micro)| *micro));
            system.spells.push(spells.iter().map(|(days, ..)| *days).collect());
            system.names.push(spells.into_iter().map(|(days, name, _)| (days, name)).collect());
        }
        for spells in &system.spells {
            for year in system.years.clone() {
                let (first, end) = (calendar::first_of(year), calendar::last_of(year));
                let whole = spells.iter().any(|(a, b)| *a <= first && end <= *b);
                let part = spells.iter().any(|(a, b)| *a <= end && first <= *b);
                system.presence.push(match (whole, part) {
                    (true, _) => Presence::Whole,
                    (_, true) => Presence::Part,
                    _ => Presence::Absent,
                });
            }
        }
        system.index();
        Ok(system)
    }

    fn index(&mut self) {
        let words = self.words();
        self.bits = vec![0; self.codes.len() * words];
        self.parts = vec![0; self.codes.len() * words];
        for state in 0..self.codes.len() {
            for year in 0..self.span() {
                let (word, bit) = (state * words + year / 64, 1 << (year % 64));
                match self.presence[state * self.span() + year] {
                    Presence::Absent => {}
                    Presence::Part => {
                        self.bits[word] |= bit;
                        self.parts[word] |= bit;
                    }
                    Presence::Whole => self.bits[word] |= bit,
                }
            }
        }
    }

    fn words(&self) -> usize {
        self.span().div_ceil(64)
    }

    /// The years in which all of them are members on one day at least, in spans without a gap.
    pub fn spans_together(&self, states: &[u16]) -> Vec<(i32, i32)> {
        let words = self.words();
        let mut spans: Vec<(i32, i32)> = Vec::new();
        for word in 0..words {
            let (mut all, mut part, mut doubtful) = (u64::MAX, 0, 0);
            for state in states {
                let at = usize::from(*state) * words + word;
                all &= self.bits[at];
                doubtful |= part & self.parts[at];
                part |= self.parts[at];
            }
            let first = self.years.start() + (word * 64) as i32;
            // Two that are there for parts of a year may miss each other.
            let mut doubtful = doubtful & all;
            while doubtful != 0 {
                let bit = doubtful.trailing_zeros();
                doubtful &= doubtful - 1;
                if self.days_together(states, first + bit as i32).is_empty() {
                    all &= !(1 << bit);
                }
            }
            let mut bit = 0;
            while bit < u64::BITS && all >> bit != 0 {
                bit += (all >> bit).trailing_zeros();
                let years = (all >> bit).trailing_ones();
                let (from, to) = (first + bit as i32, first + (bit + years) as i32 - 1);
                match spans.last_mut() {
                    Some((_, last)) if *last + 1 == from => *last = to,
                    _ => spans.push((from, to)),
                }
                bit += years;
            }
        }
        spans
    }

    /// The months or days of which all of them are members on one day at least, in spans without a gap.
    pub fn periods_together(&self, states: &[u16], grain: Grain) -> Vec<(i32, i32)> {
        let all = (calendar::first_of(*self.years.start()), calendar::last_of(*self.years.end()));
        let there = self.shared(states, all);
        let mut spans: Vec<(i32, i32)> = Vec::new();
        for periods in there.into_iter().map(|days| grain.of_days(days)) {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 >= *periods.start() => {
                    *last = (*last).max(*periods.end());
                }
                _ => spans.push((*periods.start(), *periods.end())),
            }
        }
        spans
    }

    /// Widens the years to hold these too, in which no state is a member.
    pub fn cover(&mut self, years: &RangeInclusive<i32>) {
        let wide = *self.years.start().min(years.start())..=*self.years.end().max(years.end());
        if wide == self.years {
            return;
        }
        let mut presence = Vec::with_capacity(self.codes.len() * wide.clone().count());
        for state in 0..self.codes.len() {
            presence.extend(wide.clone().map(|year| self.presence(state, year)));
        }
        (self.years, self.presence) = (wide, presence);
        self.index();
    }

    /// The days on which a state is a member, in spells.
    pub fn days(&self, state: usize) -> &[Days] {
        &self.spells[state]
    }

    /// How many years.
    pub fn span(&self) -> usize {
        (self.years.end() - self.years.start() + 1).max(0) as usize
    }

    /// The number of the state with a code.
    pub fn number(&self, code: i32) -> Option<usize> {
        self.codes.binary_search(&code).ok()
    }

    /// The cell of a state and year in a table with one for each.
    pub fn cell(&self, state: usize, year: i32) -> Option<usize> {
        self.years
            .contains(&year)
            .then(|| state * self.span() + (year - self.years.start()) as usize)
    }

    /// The name of a state in a year.
    pub fn name(&self, state: usize, year: i32) -> &str {
        let (first, end) = (calendar::first_of(year), calendar::last_of(year));
        let names = &self.names[state];
        let there = names.iter().find(|((a, b), _)| *a <= end && first <= *b);
        there.or(names.first()).map_or("", |(_, name)| name)
    }

    pub fn microstate(&self, state: usize) -> bool {
        self.microstate[state]
    }

    fn presence(&self, state: usize, year: i32) -> Presence {
        self.cell(state, year).map_or(Presence::Absent, |at| self.presence[at])
    }

    /// Whether all of them are members on one day of the year at least.
    pub fn together(&self, states: &[u16], year: i32) -> bool {
        let mut parts = 0;
        for state in states {
            match self.presence(usize::from(*state), year) {
                Presence::Absent => return false,
                Presence::Part => parts += 1,
                Presence::Whole => {}
            }
        }
        parts < 2 || !self.days_together(states, year).is_empty()
    }

    /// The days of the year on which all of them are members, in spans.
    pub fn days_together(&self, states: &[u16], year: i32) -> Vec<Days> {
        self.shared(states, (calendar::first_of(year), calendar::last_of(year)))
    }

    /// Whether all of them are members on one of these days at least.
    pub fn share_a_day(&self, states: &[u16], days: Days) -> bool {
        !self.shared(states, days).is_empty()
    }

    /// Those of some days on which all of them are members, in spans.
    fn shared(&self, states: &[u16], days: Days) -> Vec<Days> {
        let mut there = vec![days];
        for state in states {
            let spells = &self.spells[usize::from(*state)];
            let within = |days: &Days| {
                spells.iter().filter_map(|spell| overlap(*spell, *days)).collect::<Vec<_>>()
            };
            there = there.iter().flat_map(within).collect();
        }
        there
    }
}

/// A refusal of a state with an impossible code, or listed in impossible years.
fn check_row(
    batch: &RecordBatch,
    codes: Codes,
    row: usize,
    code: i32,
    years: (i32, i32),
) -> Result<(), PanelError> {
    // The end may be after the years of any list: a member that never leaves it often has the year 9999.
    let wrong = if !YEARS.contains(&years.0) {
        format!("is listed from {} to {}", years.0, years.1)
    } else if i16::try_from(code).is_err() {
        format!("has the code {code}")
    } else {
        return Ok(());
    };
    let from = |column: &str| {
        let held = batch.column_by_name(column).and_then(|c| c.as_string_opt::<i32>());
        held.map_or("", |held| text(held, row))
    };
    Err(PanelError::new(format!(
        "the state {code} ({}) of the table `{}` {wrong} (source {}, row {})",
        from("name"),
        codes.table(),
        from("source"),
        from("source_row")
    ))
    .help(format!(
        "mend that row: a state begins in the years {} to {}, and its code is at most {}",
        YEARS.start(),
        YEARS.end(),
        i16::MAX
    )))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Date32Array, Int32Array, StringArray};
    use proptest::prelude::*;

    use super::*;

    fn listed(spells: &[(i32, i32, i32)]) -> Result<System, PanelError> {
        let codes: Int32Array = spells.iter().map(|(code, ..)| Some(*code)).collect();
        let years: Int32Array = spells.iter().map(|_| None::<i32>).collect();
        let start: Date32Array = spells.iter().map(|(_, start, _)| Some(*start)).collect();
        let end: Date32Array = spells.iter().map(|(_, start, days)| Some(start + days)).collect();
        let names: StringArray = spells.iter().map(|_| Some("A state")).collect();
        let batch = RecordBatch::try_from_iter([
            ("ccode", Arc::new(codes) as _),
            ("start_year", Arc::new(years.clone()) as _),
            ("end_year", Arc::new(years) as _),
            ("start", Arc::new(start) as _),
            ("end", Arc::new(end) as _),
            ("name", Arc::new(names) as _),
        ])
        .unwrap();
        System::new(&batch, Codes::Cow, 2020)
    }

    #[test]
    fn a_state_with_impossible_years_or_code_is_refused_with_its_row() {
        let year = 366;
        let refused = |spells: &[(i32, i32, i32)]| listed(spells).unwrap_err().to_string();
        let early = refused(&[(2, 0, 10), (20, i32::MIN, i32::MAX)]);
        assert!(
            early.contains("the state 20 (A state) of the table `states` is listed from -5877641")
        );
        assert!(early.contains("in the years 1 to 2999"), "{early}");
        assert!(refused(&[(2, 2_000 * year, 10)]).contains("from 39"), "a year too late");
        assert_eq!(listed(&[(2, 0, 8_000 * year)]).unwrap().years, 1970..=2020);
        assert!(refused(&[(70_000, 0, 10)]).contains("has the code 70000"));
        let many: Vec<_> = (1..5_000).map(|code| (code, -1_000 * year, 1_040 * year)).collect();
        assert!(refused(&many).contains("lists 4999 states over the years"));
        assert!(listed(&[(2, -1_900 * year, 10), (20, 1_000 * year, 10)]).is_ok());
    }

    proptest! {
        #[test]
        fn spans_hold_the_years_in_which_all_are_there(
            spells in prop::collection::vec((1..4_i32, -60_000..10_000_i32, 0..30_000_i32), 3..9),
        ) {
            let system = listed(&spells).unwrap();
            let states: Vec<u16> = (0..system.codes.len() as u16).collect();
            let spans = system.spans_together(&states);
            prop_assert!(spans.windows(2).all(|w| w[0].1 + 1 < w[1].0), "{spans:?}");
            let years: Vec<i32> = spans.into_iter().flat_map(|(from, to)| from..=to).collect();
            let there = system.years.clone().filter(|year| system.together(&states, *year));
            prop_assert_eq!(years, there.collect::<Vec<_>>());
            // Months and days are those of the days that all share.
            let shared: std::collections::BTreeSet<i32> = system
                .years
                .clone()
                .flat_map(|year| system.days_together(&states, year))
                .flat_map(|(a, b)| a..=b)
                .collect();
            for grain in [Grain::Month, Grain::Day] {
                let spans = system.periods_together(&states, grain);
                prop_assert!(spans.windows(2).all(|w| w[0].1 + 1 < w[1].0), "{spans:?}");
                let there: Vec<i32> = spans.into_iter().flat_map(|(from, to)| from..=to).collect();
                let mut wanted: Vec<i32> = shared.iter().map(|day| grain.of_day(*day)).collect();
                wanted.dedup();
                prop_assert_eq!(there, wanted);
            }
        }
    }
}
