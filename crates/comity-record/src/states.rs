//! The state system: who was a member when, and which codes and names stand for whom.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, RecordBatch};

use crate::columns::{day, days, int, ints, texts};
use crate::names::{DIVIDED, both};
use crate::outside::is_name_outside;

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
    states: BTreeMap<i32, State>,
    ccodes: Vec<i32>,
    last_year: i32,
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
        }
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

    /// The same for these years: of several states the one that was in the system then.
    pub fn find_between(&self, query: &str, from: i32, to: i32) -> Lookup {
        let there = |code: &i32| {
            let mut spells = self.get(*code).into_iter().flat_map(|s| &s.spells);
            spells.any(|s| {
                s.from.is_none_or(|first| first <= to) && s.to.is_none_or(|last| from <= last)
            })
        };
        let all = match self.find(query) {
            Lookup::Several(all) => all,
            other => return other,
        };
        match all.iter().copied().filter(there).collect::<Vec<i32>>()[..] {
            [one] => Lookup::One(one),
            [] => Lookup::Several(all),
            ref several => Lookup::Several(several.to_vec()),
        }
    }

    /// Finds a state by anything a person would type: a code of any system, a name, a former name.
    pub fn find(&self, query: &str) -> Lookup {
        let wanted = fold(query);
        if wanted.is_empty() {
            return Lookup::None(Vec::new());
        }
        if let Some((_, codes)) = DIVIDED.iter().find(|(name, _)| *name == wanted) {
            let there: Vec<i32> =
                codes.iter().copied().filter(|c| self.states.contains_key(c)).collect();
            if there.len() > 1 {
                return Lookup::Several(there);
            }
        }
        if is_name_outside(query) {
            return Lookup::None(Vec::new());
        }
        let number: Option<i32> = wanted.parse().ok();
        if let Some(ccode) = number.filter(|c| self.states.contains_key(c)) {
            return Lookup::One(ccode);
        }
        // Three letters may be one state's abbreviation and another's ISO code (AUS, MNG): then both are choices.
        let lettered = |s: &State| fold(&s.abbr) == wanted || coded(s, &["abbr"], &wanted);
        let letters: Vec<i32> = self.having(lettered);
        let iso: Vec<i32> = self.having(|s| coded(s, &["iso3"], &wanted));
        if !letters.is_empty() && !iso.is_empty() && !letters.iter().any(|c| iso.contains(c)) {
            let mut both = [letters, iso].concat();
            both.sort_unstable();
            return self.todays(both);
        }
        // From the surest way to say it to the loosest; the first that finds anything answers.
        let ways: [&dyn Fn(&State) -> bool; 5] = [
            &|s| fold(&s.abbr) == wanted,
            &|s| coded(s, &["iso3", "abbr"], &wanted),
            &|s| coded(s, &["name"], &wanted) || fold(&s.name) == wanted,
            &|s| coded(s, &["former-name", "spelling", "iso2", "gw"], &wanted),
            &|s| wanted.len() > 3 && holds_words(s, &wanted),
        ];
        for way in ways {
            let found = self.having(way);
            if !found.is_empty() {
                return self.todays(found);
            }
        }
        if let Some(turned) = turned(query) {
            let is = |s: &State| {
                coded(s, &["name", "former-name", "spelling"], &turned) || fold(&s.name) == turned
            };
            let found = self.having(is);
            if !found.is_empty() {
                return self.todays(found);
            }
        }
        let one = |name: &str| match self.find(name) {
            Lookup::One(code) => Some(code),
            _ => None,
        };
        let same = || {
            let (first, second) = both(query)?;
            one(&first).filter(|code| one(&second) == Some(*code))
        };
        match formal(query).and_then(|plain| one(&plain)).or_else(same) {
            Some(code) => Lookup::One(code),
            None => Lookup::None(self.nearest(&wanted)),
        }
    }

    /// The states that a code or name stood for in these years, one after the other where it passed on; else what [`Self::find`] finds.
    ///
    /// # Errors
    /// None of that code or name, and several that had it at once.
    pub fn find_in(&self, query: &str, from: i32, to: i32) -> Result<Vec<i32>, Lookup> {
        const SYSTEMS: [&str; 7] =
            ["iso3", "abbr", "name", "former-name", "spelling", "iso2", "gw"];
        let wanted = fold(query);
        let number = wanted.parse().is_ok_and(|code: i32| self.states.contains_key(&code));
        let today = self.find_between(query, from, to);
        if number || matches!(today, Lookup::None(_)) {
            return if let Lookup::One(code) = today { Ok(vec![code]) } else { Err(today) };
        }
        let mut held: Vec<(i32, i32, i32)> = Vec::new();
        for state in self.states.values() {
            let own = state
                .codes
                .iter()
                .filter(|c| SYSTEMS.contains(&c.system.as_str()) && fold(&c.code) == wanted);
            let years =
                own.map(|c| (c.spell.from.unwrap_or(i32::MIN), c.spell.to.unwrap_or(i32::MAX)));
            let there = years.filter(|(first, last)| *first <= to && from <= *last);
            if let Some((first, last)) = there.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
                held.push((first, last, state.ccode));
            }
        }
        held.sort_unstable();
        let in_turn = held.windows(2).all(|w| w[0].1 <= w[1].0);
        match (today, held.is_empty() || !in_turn) {
            (_, false) => Ok(held.into_iter().map(|(.., ccode)| ccode).collect()),
            (Lookup::One(code), true) => Ok(vec![code]),
            (other, true) => Err(other),
        }
    }

    /// A code or name that several states had in turn is today's holder's, if there is one.
    fn todays(&self, found: Vec<i32>) -> Lookup {
        let today = |c: &&i32| self.is_member(**c, self.last_year);
        let mut members = found.iter().filter(today);
        match (&found[..], members.next(), members.next()) {
            ([one], ..) | (_, Some(one), None) => Lookup::One(*one),
            _ => Lookup::Several(found),
        }
    }

    fn having(&self, is: impl Fn(&State) -> bool) -> Vec<i32> {
        self.states.values().filter(|s| is(s)).map(|s| s.ccode).collect()
    }

    fn nearest(&self, wanted: &str) -> Vec<String> {
        let mut scored: Vec<(f64, String)> = Vec::new();
        for state in self.states.values() {
            let names = state.codes.iter().filter(|c| c.system.ends_with("name")).map(|c| &c.code);
            for name in names.chain([&state.name, &state.abbr]) {
                let score = strsim::jaro_winkler(wanted, &fold(name));
                if score > 0.82 {
                    scored.push((score, format!("{name} ({})", state.abbr)));
                }
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut seen = BTreeSet::new();
        scored.retain(|(_, name)| seen.insert(name.clone()));
        scored.into_iter().take(4).map(|(_, name)| name).collect()
    }
}

fn coded(state: &State, systems: &[&str], wanted: &str) -> bool {
    state.codes.iter().any(|c| systems.contains(&c.system.as_str()) && fold(&c.code) == wanted)
}

fn holds_words(state: &State, wanted: &str) -> bool {
    let names = state.codes.iter().filter(|c| c.system.ends_with("name")).map(|c| &c.code);
    names.chain([&state.name]).any(|n| format!(" {} ", fold(n)).contains(&format!(" {wanted} ")))
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
