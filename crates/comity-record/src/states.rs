// Part of a circle of files: the state system gives each state a handle by the rules of the look-up, which reads the system.
//! The state system: who was a member when, and which codes and names stand for whom.

use std::collections::BTreeMap;

use arrow::array::{Array, RecordBatch};

use crate::columns::{day, days, int, ints, texts};
use crate::look_up::give_handles;

pub use crate::names::{fold, formal, turned};

/// One spell of membership, or of a code or name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// First year; none: from the beginning.
    pub from: Option<i32>,
    /// Last year; none: still.
    pub to: Option<i32>,
    /// First day as `YYYY-MM-DD`, where it is known.
    pub start: Option<String>,
    /// Last day, where it has ended and is known.
    pub end: Option<String>,
}

impl Spell {
    /// Whether the spell touches `year`.
    pub fn touches(&self, year: i32) -> bool {
        self.from.is_none_or(|f| f <= year) && self.to.is_none_or(|t| year <= t)
    }

    /// As people write it: `1949–1990`, `1816–`.
    pub fn in_words(&self) -> String {
        let year = |y: Option<i32>| y.map(|y| y.to_string()).unwrap_or_default();
        format!("{}–{}", year(self.from), year(self.to))
    }
}

/// One code or name in another system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// `gw`, `iso3`, `iso2`, `iso-numeric`, `fips`, `cameo`, `keds`, `name`, `former-name`, `spelling` or `abbr`.
    pub system: String,
    /// The code or name.
    pub code: String,
    /// When it stood for the state.
    pub spell: Spell,
}

/// One state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// COW code.
    pub ccode: i32,
    /// COW abbreviation.
    pub abbr: String,
    /// The code by which a command knows this state and no other: the abbreviation, where that is not another state's code in ISO 3166; else
    /// its own code there, or its number.
    pub handle: String,
    /// Short name today, or when it last was a member.
    pub name: String,
    /// Membership, by date.
    pub spells: Vec<Spell>,
    /// Codes and names in other systems.
    pub codes: Vec<Code>,
}

impl State {
    /// Membership as people write it.
    pub fn in_words(&self) -> String {
        self.spells.iter().map(Spell::in_words).collect::<Vec<_>>().join(", ")
    }

    /// As one of several to choose from: `GFR 260 West Germany, 1955–1990`.
    pub fn choice(&self) -> String {
        let mut text = format!("{} {} {}, {}", self.handle, self.ccode, self.name, self.in_words());
        if self.handle != self.abbr {
            text.push_str(&format!(" ({} to the Correlates of War)", self.abbr));
        }
        text
    }

    /// Where a list has a name that the state bears no longer, the state is shown under the one that it took since: one spelling,
    /// whichever list answers.
    fn take_name_in_use(&mut self) {
        let own = fold(&self.name);
        let is = |c: &Code, system: &str| c.system == system && c.spell.to.is_none();
        let former = |c: &Code| is(c, "former-name") && fold(&c.code) == own;
        let taken = |c: &&Code| is(c, "name") && c.spell.from.is_some();
        if self.codes.iter().any(former)
            && !self.codes.iter().any(|c| is(c, "name") && fold(&c.code) == own)
            && let Some(name) = self.codes.iter().find(taken)
        {
            self.name = name.code.clone();
        }
    }
}

/// What a look-up found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Exactly one state.
    One(i32),
    /// Several, by `ccode`.
    Several(Vec<i32>),
    /// None; the nearest names.
    None(Vec<String>),
}

/// The states of a record.
#[derive(Debug)]
pub struct StateSystem {
    pub(crate) states: BTreeMap<i32, State>,
    ccodes: Vec<i32>,
    pub(crate) last_year: i32,
}

impl StateSystem {
    /// The state system of the rows of `states` and `state_codes`; `last_year` is the last that their record speaks about.
    pub(crate) fn of(rows: &RecordBatch, codes: &RecordBatch, last_year: i32) -> Self {
        let mut states: BTreeMap<i32, State> = BTreeMap::new();
        let (ccodes, abbrs, names) =
            (ints(rows, "ccode"), texts(rows, "abbr"), texts(rows, "name"));
        for (row, spell) in spells(rows).into_iter().enumerate() {
            let Some(ccode) = int(ccodes, row) else { continue };
            let state = states.entry(ccode).or_insert_with(|| State {
                ccode,
                abbr: String::new(),
                handle: String::new(),
                name: String::new(),
                spells: Vec::new(),
                codes: Vec::new(),
            });
            if abbrs.is_valid(row) {
                abbrs.value(row).clone_into(&mut state.abbr);
            }
            if names.is_valid(row) {
                names.value(row).clone_into(&mut state.name);
            }
            state.spells.push(spell);
        }
        let (ccodes, systems, texts) =
            (ints(codes, "ccode"), texts(codes, "system"), texts(codes, "code"));
        for (row, spell) in spells(codes).into_iter().enumerate() {
            let known = int(ccodes, row).and_then(|c| states.get_mut(&c));
            let Some(state) = known else { continue };
            if systems.is_valid(row) && texts.is_valid(row) {
                let (system, code) = (systems.value(row).to_owned(), texts.value(row).to_owned());
                state.codes.push(Code { system, code, spell });
            }
        }
        for state in states.values_mut() {
            state.spells.sort();
            state.codes.sort();
            state.take_name_in_use();
        }
        give_handles(&mut states);
        let ccodes = states.keys().copied().collect();
        Self { states, ccodes, last_year }
    }

    /// Every `ccode`, ascending.
    pub fn ccodes(&self) -> &[i32] {
        &self.ccodes
    }

    /// Every state, by `ccode`.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.values()
    }

    /// The state of that code.
    pub fn get(&self, ccode: i32) -> Option<&State> {
        self.states.get(&ccode)
    }

    /// Whether the state was in the system on some day of that year; open spells carry forward.
    pub fn is_member(&self, ccode: i32, year: i32) -> bool {
        self.get(ccode).is_some_and(|s| s.spells.iter().any(|p| p.touches(year)))
    }

    /// The members of a year, by `ccode`.
    pub fn members(&self, year: i32) -> Vec<i32> {
        self.ccodes.iter().copied().filter(|c| self.is_member(*c, year)).collect()
    }

    /// The first year of membership.
    pub fn entry_year(&self, ccode: i32) -> Option<i32> {
        self.get(ccode)?.spells.first()?.from
    }

    /// The last year of membership; the last year of the record where it is still open.
    pub fn exit_year(&self, ccode: i32) -> Option<i32> {
        let last = self.get(ccode)?.spells.last()?;
        Some(last.to.unwrap_or(self.last_year))
    }

    /// The code by which a command knows the state and no other; the number itself of one that is not known.
    pub fn handle(&self, ccode: i32) -> String {
        self.get(ccode).map_or_else(|| ccode.to_string(), |s| s.handle.clone())
    }

    /// COW abbreviation; empty for a code that is not known.
    pub fn abbr(&self, ccode: i32) -> String {
        self.get(ccode).map(|s| s.abbr.clone()).unwrap_or_default()
    }

    /// What the state was called in that year.
    pub fn name(&self, ccode: i32, year: i32) -> String {
        let Some(state) = self.get(ccode) else { return ccode.to_string() };
        let dated = |c: &&Code| {
            c.system == "former-name"
                && c.spell.from.is_some()
                && c.spell.to.is_some()
                && c.spell.touches(year)
        };
        let mut former = state.codes.iter().filter(dated);
        match (former.next(), former.next()) {
            // Two former names of one year are two ways to say it: the short name of today is kept.
            (Some(only), None)
                if !state.spells.iter().any(|s| s.to.is_none() && s.from == Some(year)) =>
            {
                only.code.clone()
            }
            _ => state.name.clone(),
        }
    }

    /// The state that `code` stood for in a system (`gw`, `iso3`, `iso2`) in a year.
    pub fn ccode_of(&self, system: &str, code: &str, year: i32) -> Option<i32> {
        let stands = |c: &Code| c.system == system && c.code == code && c.spell.touches(year);
        let mut found = self.states.values().filter(|s| s.codes.iter().any(stands));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.ccode),
            // Where two states share a code in the year of a change, the member at its end has it.
            (Some(a), Some(b)) => {
                let open =
                    |s: &&State| s.spells.iter().any(|p| p.touches(year) && p.to != Some(year));
                [a, b].into_iter().find(open).map(|s| s.ccode)
            }
            _ => None,
        }
    }

    /// The code of a state in a system in a year.
    pub fn code_of(&self, ccode: i32, system: &str, year: i32) -> Option<&str> {
        let codes = &self.get(ccode)?.codes;
        codes.iter().find(|c| c.system == system && c.spell.touches(year)).map(|c| c.code.as_str())
    }
}

fn spells(rows: &RecordBatch) -> Vec<Spell> {
    let (from, to) = (ints(rows, "start_year"), ints(rows, "end_year"));
    let (start, end) = (days(rows, "start"), days(rows, "end"));
    (0..rows.num_rows())
        .map(|row| Spell {
            from: int(from, row),
            to: int(to, row),
            start: day(start, row),
            end: day(end, row),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_under_the_name_in_use_whichever_list_answers() {
        let code = |system: &str, code: &str, from: Option<i32>, to: Option<i32>| Code {
            system: system.into(),
            code: code.into(),
            spell: Spell { from, to, start: None, end: None },
        };
        let shown = |listed: &str, codes: Vec<Code>| {
            let mut state = State {
                ccode: 9,
                abbr: "OLD".into(),
                handle: String::new(),
                name: listed.into(),
                spells: Vec::new(),
                codes,
            };
            state.take_name_in_use();
            state.name
        };
        let renamed = || {
            vec![
                code("former-name", "Oldland", None, None),
                code("former-name", "Older Land", Some(1816), Some(1900)),
                code("name", "Newland", Some(2022), None),
                code("spelling", "Neuland", None, None),
            ]
        };
        assert_eq!(shown("Oldland", renamed()), "Newland");
        assert_eq!(shown("Newland", renamed()), "Newland");
        // A list's own way to say it, and the name of another time, stay.
        assert_eq!(shown("Neuland", renamed()), "Neuland");
        assert_eq!(shown("Older Land", renamed()), "Older Land");
        // Two names in use: none took the place of the other.
        let both = vec![code("name", "Oldland", None, None), code("name", "Newland", None, None)];
        assert_eq!(shown("Oldland", both), "Oldland");
    }
}
