// Part of a circle of files: the state system gives each state a handle by the rules of the look-up, which reads the system.
//! States by any code or name: who is meant, in which years, and which code of a state stands for it alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{DIVIDED, both, fold, formal, turned};
use crate::outside::is_name_outside;
use crate::states::{Lookup, State, StateSystem};

/// The systems whose codes and names a person may type, beside the abbreviations of the Correlates of War.
const SYSTEMS: [&str; 7] = ["iso3", "abbr", "name", "former-name", "spelling", "iso2", "gw"];

/// Who a code or name was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The state; several where a code or name passed from one to the next in these years, in that order.
    pub ccodes: Vec<i32>,
    /// The other states that it may stand for, by `ccode`.
    pub others: Vec<i32>,
}

impl StateSystem {
    /// Who is meant by a code or name: in these years, else today.
    ///
    /// A name of several states is that of the one which was in the system in the years; so is a code that is one state's with the Correlates
    /// of War and another's with ISO. In a single year it is the one which was in the system when the year ended.
    ///
    /// # Errors
    /// None of that code or name, and several that it stands for at once.
    pub fn called(&self, query: &str, years: Option<(i32, i32)>) -> Result<Found, Lookup> {
        let ccodes = match years {
            Some((from, to)) => self.find_in(query, from, to)?,
            None => match self.find(query) {
                Lookup::One(code) => vec![code],
                other => return Err(other),
            },
        };
        let wanted = fold(query);
        let own = |code: &i32| self.get(*code).is_some_and(|s| fold(&s.handle) == wanted);
        let others = match ccodes[..] {
            [ref one] if own(one) || self.is_number(&wanted) => Vec::new(),
            _ => self.claimants(&wanted).into_iter().filter(|c| !ccodes.contains(c)).collect(),
        };
        Ok(Found { ccodes, others })
    }

    /// How a code or name was read, in a sentence; none where it can be read in one way only.
    pub fn how_read(
        &self,
        query: &str,
        years: Option<(i32, i32)>,
        found: &Found,
    ) -> Option<String> {
        if found.others.is_empty() && found.ccodes.len() == 1 {
            return None;
        }
        let list = |codes: &[i32]| {
            let named = codes.iter().filter_map(|c| self.get(*c)).map(State::choice);
            named.collect::<Vec<_>>().join("; ")
        };
        let when = match years {
            Some((from, to)) if from == to => format!(" in {from}"),
            Some((i32::MIN, to)) => format!(" to {to}"),
            Some((from, to)) => format!(" in {from}–{to}"),
            None => String::new(),
        };
        let mut text = format!("`{}`{when} is read as {}", query.trim(), list(&found.ccodes));
        if !found.others.is_empty() {
            text.push_str(&format!("; it may also stand for {}", list(&found.others)));
        }
        Some(text)
    }

    /// The words for several states of one code or name: what is wrong, and the choices, one a line.
    pub fn several(&self, query: &str, ccodes: &[i32]) -> (String, String) {
        let name = |codes: &[i32]| codes.first().map(|c| self.name(*c, self.last_year));
        let (query, both) = (query.trim(), self.two_systems(query));
        let wrong = match both.and_then(|(cow, iso)| Some((name(&cow)?, name(&iso)?))) {
            Some((cow, iso)) => {
                format!("`{query}` is {cow} to the Correlates of War and {iso} to ISO 3166")
            }
            None => format!("`{query}` may be any of {} states", ccodes.len()),
        };
        let choices = ccodes.iter().filter_map(|c| self.get(*c)).map(State::choice);
        (wrong, choices.collect::<Vec<_>>().join("\n"))
    }

    /// The states of which a code of three letters is the abbreviation of the Correlates of War, and those of which it is the code in ISO 3166.
    pub fn in_systems(&self, code: &str) -> (Vec<i32>, Vec<i32>) {
        let wanted = fold(code);
        let letters = self.having(|s| fold(&s.abbr) == wanted || coded(s, &["abbr"], &wanted));
        (letters, self.having(|s| coded(s, &["iso3"], &wanted)))
    }

    /// The same, where they are different states.
    pub fn two_systems(&self, code: &str) -> Option<(Vec<i32>, Vec<i32>)> {
        let (letters, iso) = self.in_systems(code);
        let differ = !letters.is_empty() && !iso.is_empty();
        (differ && !letters.iter().any(|c| iso.contains(c))).then_some((letters, iso))
    }

    /// Of several states the one that was in the system in these years.
    pub fn find_between(&self, query: &str, from: i32, to: i32) -> Lookup {
        match self.find_in(query, from, to) {
            Ok(found) => match found[..] {
                [one] => Lookup::One(one),
                _ => Lookup::Several(found),
            },
            Err(other) => other,
        }
    }

    /// Finds a state by anything a person would type: a code of any system, a name, a former name.
    pub fn find(&self, query: &str) -> Lookup {
        let wanted = fold(query);
        if wanted.is_empty() {
            return Lookup::None(Vec::new());
        }
        if let Some(divided) = self.divided(&wanted) {
            return Lookup::Several(divided);
        }
        if is_name_outside(query) {
            return Lookup::None(Vec::new());
        }
        let number: Option<i32> = wanted.parse().ok();
        if let Some(ccode) = number.filter(|c| self.states.contains_key(c)) {
            return Lookup::One(ccode);
        }
        if let Some((letters, iso)) = self.two_systems(query) {
            let mut both = [letters, iso].concat();
            both.sort_unstable();
            return Lookup::Several(both);
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

    /// The states that a code or name stood for in these years, one after the other where it passed on; of several at once the one that was in
    /// the system; else what [`Self::find`] finds.
    ///
    /// # Errors
    /// None of that code or name, and several that had it at once.
    pub fn find_in(&self, query: &str, from: i32, to: i32) -> Result<Vec<i32>, Lookup> {
        let wanted = fold(query);
        let today = self.find(query);
        let several = match today {
            Lookup::None(_) => return Err(today),
            Lookup::One(code) if self.is_number(&wanted) => return Ok(vec![code]),
            Lookup::Several(codes)
                if self.divided(&wanted).is_some() || self.two_systems(query).is_some() =>
            {
                codes
            }
            _ => {
                let held = self.held(&wanted, from, to);
                if !held.is_empty() && held.windows(2).all(|w| w[0].1 <= w[1].0) {
                    return Ok(self.at_the_end(held.into_iter().map(|h| h.2).collect(), from, to));
                }
                match today {
                    Lookup::Several(codes) => codes,
                    Lookup::One(code) => return Ok(vec![code]),
                    Lookup::None(_) => return Err(today),
                }
            }
        };
        let there: Vec<i32> =
            several.iter().copied().filter(|code| self.was_there(*code, from, to)).collect();
        match self.at_the_end(there, from, to)[..] {
            [one] => Ok(vec![one]),
            [] => Err(Lookup::Several(several)),
            ref there => Err(Lookup::Several(there.to_vec())),
        }
    }

    /// Who had a code or name in some of these years, by the years: first, last, state.
    fn held(&self, wanted: &str, from: i32, to: i32) -> Vec<(i32, i32, i32)> {
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
        held
    }

    /// Of several states in a single year the one that was in the system when the year ended, if that is one alone.
    fn at_the_end(&self, found: Vec<i32>, from: i32, to: i32) -> Vec<i32> {
        let stays = |code: &&i32| {
            let spells = self.get(**code).into_iter().flat_map(|s| &s.spells);
            spells.into_iter().any(|s| s.touches(to) && s.to != Some(to))
        };
        let staying: Vec<i32> = found.iter().filter(stays).copied().collect();
        if from == to && found.len() > 1 && staying.len() == 1 { staying } else { found }
    }

    fn was_there(&self, ccode: i32, from: i32, to: i32) -> bool {
        let mut spells = self.get(ccode).into_iter().flat_map(|s| &s.spells);
        spells
            .any(|s| s.from.is_none_or(|first| first <= to) && s.to.is_none_or(|last| from <= last))
    }

    fn is_number(&self, wanted: &str) -> bool {
        wanted.parse().is_ok_and(|code: i32| self.states.contains_key(&code))
    }

    /// The states of a divided name; none of any other.
    fn divided(&self, wanted: &str) -> Option<Vec<i32>> {
        let (_, codes) = DIVIDED.iter().find(|(name, _)| *name == wanted)?;
        let there: Vec<i32> =
            codes.iter().copied().filter(|c| self.states.contains_key(c)).collect();
        (there.len() > 1).then_some(there)
    }

    /// Every state that a code or name stood for at any time, by `ccode`.
    fn claimants(&self, wanted: &str) -> Vec<i32> {
        let named = |s: &State| {
            [&s.abbr, &s.name].iter().any(|own| fold(own) == wanted) || coded(s, &SYSTEMS, wanted)
        };
        let mut all = self.having(named);
        all.extend(self.divided(wanted).unwrap_or_default());
        all.sort_unstable();
        all.dedup();
        all
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

    /// The nearest names, each behind the code to type.
    fn nearest(&self, wanted: &str) -> Vec<String> {
        let mut scored: Vec<(f64, &State, &str)> = Vec::new();
        for state in self.states.values() {
            let names = state.codes.iter().filter(|c| c.system.ends_with("name")).map(|c| &c.code);
            for name in names.chain([&state.name, &state.abbr]) {
                let score = strsim::jaro_winkler(wanted, &fold(name));
                if score > 0.82 {
                    scored.push((score, state, name));
                }
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(b.2)));
        let mut seen = BTreeSet::new();
        scored.retain(|(_, state, _)| seen.insert(state.ccode));
        let shown = |(_, state, name): (f64, &State, &str)| {
            let alone = name != state.abbr && self.claimants(&fold(name)).len() == 1;
            let name = if alone { name } else { &state.name };
            format!("{} ({name})", state.handle)
        };
        scored.into_iter().take(4).map(shown).collect()
    }
}

fn coded(state: &State, systems: &[&str], wanted: &str) -> bool {
    state.codes.iter().any(|c| systems.contains(&c.system.as_str()) && fold(&c.code) == wanted)
}

fn holds_words(state: &State, wanted: &str) -> bool {
    let names = state.codes.iter().filter(|c| c.system.ends_with("name")).map(|c| &c.code);
    names.chain([&state.name]).any(|n| format!(" {} ", fold(n)).contains(&format!(" {wanted} ")))
}

/// Gives each state the code by which a command knows it and no other: the abbreviation of the Correlates of War; where that is another
/// state's in ISO 3166 or was, the code of ISO; else the number.
pub(crate) fn give_handles(states: &mut BTreeMap<i32, State>) {
    let mut claimed: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    for state in states.values() {
        let typed = state.codes.iter().filter(|c| SYSTEMS.contains(&c.system.as_str()));
        for code in typed.map(|c| &c.code).chain([&state.abbr, &state.name]) {
            claimed.entry(fold(code)).or_default().insert(state.ccode);
        }
    }
    let means = |state: &State, code: &str| {
        let wanted = fold(code);
        let is_word = !wanted.is_empty()
            && wanted.parse::<i32>().is_err()
            && DIVIDED.iter().all(|(name, _)| *name != wanted)
            && !is_name_outside(code);
        let others = claimed.get(&wanted).into_iter().flatten().filter(|c| **c != state.ccode);
        let mut others = others.filter_map(|c| states.get(c)).peekable();
        // Both systems give it the code, and whoever had it before was gone when this state came.
        let inherited = fold(&state.abbr) == wanted
            && coded(state, &["iso3"], &wanted)
            && others.clone().all(|other| left(other) <= entered(state));
        is_word && (others.peek().is_none() || inherited)
    };
    let of = |state: &State| {
        let iso = state.codes.iter().rev().filter(|c| c.system == "iso3").map(|c| &c.code);
        let found = std::iter::once(&state.abbr).chain(iso).find(|code| means(state, code));
        (state.ccode, found.cloned().unwrap_or_else(|| state.ccode.to_string()))
    };
    let handles: Vec<(i32, String)> = states.values().map(of).collect();
    for (ccode, handle) in handles {
        if let Some(state) = states.get_mut(&ccode) {
            state.handle = handle;
        }
    }
}

fn entered(state: &State) -> i32 {
    state.spells.first().and_then(|s| s.from).unwrap_or(i32::MIN)
}

fn left(state: &State) -> i32 {
    state.spells.last().and_then(|s| s.to).unwrap_or(i32::MAX)
}
