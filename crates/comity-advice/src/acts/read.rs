//! An act as it is put: in a sentence, or field by field.

use std::collections::BTreeMap;

use comity_record::columns::{text, texts};
use comity_record::{Lookup, Record, fold, nearest};

use super::definition::{Definition, Kind, Slot, Vocabulary};
use super::phrase::{spelled, words};
use super::when::{Span, When, checked, taken};
use crate::Error;

/// What a slot holds, looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A state.
    State(i32),
    /// A name or number in a table of the record.
    Key(String),
    /// A share or a count.
    Number(f64),
    /// Words.
    Text(String),
    /// Of a list of words those that were said.
    Words(Vec<String>),
}

/// One act, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// Id of its kind.
    pub kind: String,
    /// Who acts.
    pub actor: i32,
    /// In words.
    pub say: String,
    /// What its slots hold.
    pub slots: BTreeMap<String, Held>,
    /// From when to when.
    pub span: Span,
    /// Cells set otherwise than the vocabulary has them: name of the row and column, and the text of the value (empty: null).
    pub details: BTreeMap<(String, String), String>,
    /// What was taken for granted in reading it.
    pub assumed: Vec<String>,
}

impl Act {
    /// The other state that it names, if it names one.
    pub fn other(&self) -> Option<i32> {
        // Of several states it is the one that the vocabulary calls so.
        let state = |h: &Held| match h {
            Held::State(ccode) => Some(*ccode),
            _ => None,
        };
        let named = self.slots.get("other").and_then(state);
        named.or_else(|| self.slots.values().find_map(state))
    }

    /// Reads an act of `actor` from a sentence.
    ///
    /// # Errors
    /// A sentence that is not understood, with the nearest that would be; a state, organisation or treaty that is not there; a date that is
    /// none.
    pub fn say(
        record: &Record,
        vocabulary: &Vocabulary,
        actor: i32,
        sentence: &str,
    ) -> Result<Self, Error> {
        if sentence.chars().count() > 500 {
            let start: String = sentence.chars().take(60).collect();
            return Err(Error::act(&format!("{start}…"), "an act is at most 500 characters"));
        }
        let mut said = words(sentence);
        let (from, to) = taken(sentence, &mut said)?;
        let look =
            LookUp { record, sentence, year: from.map_or_else(|| record.last_year(), |w| w.year) };
        let (mut best, mut problem): (Option<(usize, Reading<'_>)>, Option<(usize, Error)>) =
            (None, None);
        for definition in &vocabulary.acts {
            for template in &definition.templates {
                let fits = |slot: &str, text: &str| LookUp::fits(&definition.slots[slot], text);
                let Some(held) = template.matched(&said, &fits) else { continue };
                let needed = template.needed();
                match look.slots(definition, held, template.negative) {
                    Ok(slots) if best.as_ref().is_none_or(|(n, _)| needed > *n) => {
                        best = Some((needed, Reading { definition, slots }));
                    }
                    Err(error) if problem.as_ref().is_none_or(|(n, _)| needed > *n) => {
                        problem = Some((needed, error));
                    }
                    _ => {}
                }
            }
        }
        match (best, problem) {
            (Some((_, reading)), _) => Self::of(record, actor, reading, from, to, sentence),
            (None, Some((_, error))) => Err(error),
            (None, None) => Err(not_understood(vocabulary, sentence, &said)),
        }
    }

    /// An act of a kind, from the texts of its slots.
    ///
    /// # Errors
    /// A slot that the act has not, or without a value; values as in [`Act::say`].
    pub fn with(
        record: &Record,
        definition: &Definition,
        actor: i32,
        slots: &BTreeMap<String, String>,
        span: (Option<When>, Option<When>),
    ) -> Result<Self, Error> {
        let sentence = definition.id.as_str();
        let look = LookUp {
            record,
            sentence,
            year: span.0.map_or_else(|| record.last_year(), |w| w.year),
        };
        if let Some(unknown) = slots.keys().find(|k| !definition.slots.contains_key(*k)) {
            let names: Vec<&str> = definition.slots.keys().map(String::as_str).collect();
            let hint = nearest(unknown, names.iter().copied())
                .unwrap_or_else(|| format!("it has {}", names.join(", ")));
            return Err(Error::act(sentence, format!("it has no `{unknown}`")).help(hint));
        }
        let slots = look.slots(definition, slots.clone(), false)?;
        let reading = Reading { definition, slots };
        Self::of(record, actor, reading, span.0, span.1, sentence)
    }

    fn of(
        record: &Record,
        actor: i32,
        reading: Reading<'_>,
        from: Option<When>,
        to: Option<When>,
        sentence: &str,
    ) -> Result<Self, Error> {
        checked(sentence, from, to)?;
        let Reading { definition, slots } = reading;
        let mut assumed = Vec::new();
        let from = from.unwrap_or_else(|| {
            let year = record.last_year() + 1;
            assumed.push(format!(
                "no date was given: it begins in {year}, the first year after the record"
            ));
            When::year(year)
        });
        if definition.lasts && to.is_none() {
            assumed.push("no end was given: it goes on".to_owned());
        }
        if slots.values().any(|h| *h == Held::State(actor)) {
            return Err(Error::act(sentence, "the state and its counterpart are the same"));
        }
        let mut act = Self {
            kind: definition.id.clone(),
            actor,
            say: String::new(),
            slots,
            span: Span { from, to },
            details: BTreeMap::new(),
            assumed,
        };
        act.in_the_system(record, sentence)?;
        act.say = act.in_words(record, definition)?;
        Ok(act)
    }

    /// The same act done by the other side.
    ///
    /// # Errors
    /// A damaged record.
    pub fn turned(&self, record: &Record, vocabulary: &Vocabulary, by: i32) -> Result<Self, Error> {
        let mut act = self.clone();
        act.actor = by;
        act.details.clear();
        act.assumed.clear();
        for held in act.slots.values_mut() {
            if *held == Held::State(by) {
                *held = Held::State(self.actor);
            }
        }
        if let Some(definition) = vocabulary.get(&act.kind) {
            act.say = act.in_words(record, definition)?;
        }
        Ok(act)
    }

    /// Refuses an act of or toward a state that is not in the system when it begins.
    fn in_the_system(&self, record: &Record, sentence: &str) -> Result<(), Error> {
        let system = record.states()?;
        let year = self.span.from.year;
        let others = self.slots.values().filter_map(|h| match h {
            Held::State(ccode) => Some(*ccode),
            _ => None,
        });
        for ccode in std::iter::once(self.actor).chain(others) {
            // Past the last year of the record those that were in the system in it are taken to go on.
            if !system.is_member(ccode, year.min(record.last_year())) {
                let spells =
                    system.get(ccode).map(comity_record::State::in_words).unwrap_or_default();
                let what =
                    format!("{} is not in the state system in {year}", system.name(ccode, year));
                return Err(Error::act(sentence, what).help(format!("it was there {spells}")));
            }
        }
        Ok(())
    }

    /// The act in words: the first way to put it, with its states by their codes.
    fn in_words(&self, record: &Record, definition: &Definition) -> Result<String, Error> {
        let system = record.states()?;
        let shown = |name: &str| match self.slots.get(name) {
            Some(Held::State(ccode)) => system.handle(*ccode),
            Some(Held::Key(text) | Held::Text(text)) => text.clone(),
            Some(Held::Words(words)) => words.join(" and "),
            Some(Held::Number(number))
                if definition.slots.get(name) == Some(&Slot::Of(Kind::Share)) =>
            {
                format!("{} %", (number.abs() * 1e6).round() / 1e4)
            }
            Some(Held::Number(number)) => number.to_string(),
            None => String::new(),
        };
        let falls = self.slots.values().any(|h| matches!(h, Held::Number(n) if *n < 0.0));
        let say =
            definition.say.iter().find(|s| s.starts_with('-') == falls).or(definition.say.first());
        let mut out = Vec::new();
        // What may be left out is said only where it says something.
        let (mut open, mut group, mut says) = (false, Vec::new(), false);
        for word in say.map_or("", |s| s.trim_start_matches('-')).split_whitespace() {
            open |= word.starts_with('[');
            let bare = word.trim_matches(['[', ']']);
            let text = match bare.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                Some(slot) => {
                    let text = shown(slot);
                    let words = matches!(definition.slots.get(slot), Some(Slot::Words(_)));
                    says |= open && (words || definition.defaults.get(slot) != Some(&text));
                    text
                }
                None => bare.split('|').next().unwrap_or(bare).to_owned(),
            };
            if open {
                group.push(text);
            } else {
                out.push(text);
            }
            if word.ends_with(']') {
                if says {
                    out.append(&mut group);
                }
                (open, says) = (false, false);
                group.clear();
            }
        }
        let when = match (definition.lasts, self.span.to) {
            (true, Some(to)) => format!("from {} to {to}", self.span.from),
            (true, None) => format!("from {}", self.span.from),
            (false, _) if self.span.from.day.is_some() => format!("on {}", self.span.from),
            (false, _) => format!("in {}", self.span.from),
        };
        out.retain(|w| !w.is_empty());
        Ok(format!("{} {when}", out.join(" ")))
    }
}

/// A sentence, matched.
struct Reading<'a> {
    definition: &'a Definition,
    slots: BTreeMap<String, Held>,
}

fn not_understood(vocabulary: &Vocabulary, sentence: &str, said: &[String]) -> Error {
    let mut near: Vec<(usize, &Definition)> = vocabulary
        .acts
        .iter()
        .map(|d| (d.templates.iter().map(|t| t.shared(said)).max().unwrap_or(0), d))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    near.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let mut error = Error::act(sentence, "this is no act of the vocabulary");
    for (_, definition) in near.iter().take(3) {
        error = error.help(format!("perhaps `{}`", definition.usage()));
    }
    error.help("`comity acts` lists all of them, with examples")
}

/// Looks up what slots hold.
struct LookUp<'a> {
    record: &'a Record,
    sentence: &'a str,
    year: i32,
}

impl LookUp<'_> {
    /// Whether a text may stand in a slot: quickly, to choose between readings.
    fn fits(slot: &Slot, text: &str) -> bool {
        match slot {
            Slot::Words(list) => chosen(list, text).is_some(),
            Slot::Of(Kind::Share) => share(text).is_some(),
            Slot::Of(Kind::Count) => count(text).is_some(),
            Slot::Of(_) => text.split_whitespace().count() <= 14,
        }
    }

    fn slots(
        &self,
        definition: &Definition,
        mut said: BTreeMap<String, String>,
        negative: bool,
    ) -> Result<BTreeMap<String, Held>, Error> {
        for (slot, text) in &definition.defaults {
            said.entry(slot.clone()).or_insert_with(|| text.clone());
        }
        let mut held = BTreeMap::new();
        for (name, slot) in &definition.slots {
            let Some(text) = said.get(name) else {
                return Err(Error::act(self.sentence, format!("it needs `{name}`"))
                    .help(format!("as in `{}`", definition.usage())));
            };
            let value = self.slot(slot, name, text)?;
            let value = match value {
                Held::Number(n) if negative => Held::Number(-n),
                other => other,
            };
            held.insert(name.clone(), value);
        }
        Ok(held)
    }

    fn slot(&self, slot: &Slot, name: &str, text: &str) -> Result<Held, Error> {
        let wrong = |what: String| Error::act(self.sentence, what);
        match slot {
            Slot::Words(list) => chosen(list, text)
                .map(Held::Words)
                .ok_or_else(|| wrong(format!("`{text}` is none of {}", list.join(", ")))),
            Slot::Of(Kind::State) => self.state(text).map(Held::State),
            Slot::Of(Kind::Share) => share(text)
                .map(Held::Number)
                .ok_or_else(|| wrong(format!("`{text}` is no share: write 20 % or 0.2"))),
            Slot::Of(Kind::Count) => count(text)
                .map(Held::Number)
                .ok_or_else(|| wrong(format!("`{text}` is no number of {name}"))),
            Slot::Of(Kind::Text) => Ok(Held::Text(text.to_owned())),
            Slot::Of(Kind::Organization) => {
                self.key("memberships", "organization", &["name"], text, "organisation")
            }
            Slot::Of(Kind::Alliance) => {
                self.key("pledges", "treaty_id", &["treaty"], text, "treaty of alliance")
            }
            Slot::Of(Kind::Instrument) => {
                self.key("treaty_participation", "treaty_id", &["treaty"], text, "treaty")
            }
            Slot::Of(Kind::Agreement) => {
                self.key("trade_agreements", "agreement_id", &["name"], text, "trade agreement")
            }
        }
    }

    fn state(&self, text: &str) -> Result<i32, Error> {
        let system = self.record.states()?;
        let year = self.year.min(self.record.last_year());
        let wrong = |what: String| Error::act(self.sentence, what);
        match system.called(text, Some((year, year))) {
            Ok(found) => match found.ccodes[..] {
                [one] => Ok(one),
                ref several => {
                    let (what, choices) = system.several(text, several);
                    Err(wrong(what).help(format!("name one by its code:\n{choices}")))
                }
            },
            Err(Lookup::One(code)) => {
                let (what, choices) = system.several(text, &[code]);
                Err(wrong(what).help(format!("name one by its code:\n{choices}")))
            }
            Err(Lookup::Several(codes)) => {
                let (what, choices) = system.several(text, &codes);
                Err(wrong(what).help(format!("name one by its code:\n{choices}")))
            }
            Err(Lookup::None(near)) => {
                let error = wrong(format!("no state is known as `{text}`"));
                Err(if near.is_empty() {
                    error
                } else {
                    error.help(format!("did you mean {}?", near.join(" or ")))
                })
            }
        }
    }

    /// The key of something in a table of the record, by the key or by a name in another column.
    fn key(
        &self,
        table: &str,
        key: &str,
        names: &[&str],
        text: &str,
        what: &str,
    ) -> Result<Held, Error> {
        let rows = self.record.table(table, &self.record.baseline())?;
        let wanted = fold(text);
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        let keys = texts(&rows, key);
        for row in 0..rows.num_rows() {
            let id = self::text(keys, row);
            known.entry(fold(id)).or_insert_with(|| id.to_owned());
            for name in names {
                let name = self::text(texts(&rows, name), row);
                if !name.is_empty() {
                    named.entry(fold(name)).or_insert_with(|| id.to_owned());
                }
            }
        }
        if let Some(id) = known.get(&wanted).or_else(|| named.get(&wanted)) {
            return Ok(Held::Key(id.clone()));
        }
        // Part of a name, where it is part of one thing's names only.
        let mut within: Vec<&String> =
            named.iter().filter(|(n, _)| n.contains(&wanted)).map(|(_, id)| id).collect();
        within.sort_unstable();
        within.dedup();
        match within[..] {
            [id] if wanted.len() > 3 => Ok(Held::Key(id.clone())),
            _ => {
                let mut error =
                    Error::act(self.sentence, format!("the record has no {what} `{text}`"));
                if let Some(hint) =
                    nearest(&wanted, known.keys().chain(named.keys()).map(String::as_str))
                {
                    error = error.help(hint);
                }
                if known.is_empty() {
                    error = error.help(format!(
                        "it has no rows of {table}; `comity record sources` names what has"
                    ));
                }
                Err(error)
            }
        }
    }
}

/// Which words of a list were said: `defense and consultation`.
fn chosen(list: &[String], text: &str) -> Option<Vec<String>> {
    let said: Vec<String> =
        text.split_whitespace().map(spelled).filter(|w| w != "and" && w != "or").collect();
    let known = !said.is_empty() && said.iter().all(|w| list.contains(w));
    known.then(|| list.iter().filter(|w| said.contains(w)).cloned().collect())
}

/// `20 %`, `20 percent` or `0.2` as a share.
fn share(text: &str) -> Option<f64> {
    let text = text.trim();
    let percent = ["%", "percent", "per cent"].iter().find_map(|p| text.strip_suffix(p));
    let number = percent
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite() && *n >= 0.0)?;
    let share = if percent.is_some() { number / 100.0 } else { number };
    (share <= 100.0 && (percent.is_some() || number <= 10.0)).then_some(share)
}

/// A number that is not negative; commas were left out before.
fn count(text: &str) -> Option<f64> {
    let joined: String = text.split_whitespace().collect();
    let digits = text.split_whitespace().skip(1).all(|part| part.len() == 3);
    joined.parse::<f64>().ok().filter(|n| digits && n.is_finite() && *n >= 0.0 && *n <= 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_counts_and_words() {
        assert_eq!(
            [share("20 %"), share("0.2"), share("5 percent")],
            [Some(0.2), Some(0.2), Some(0.05)]
        );
        assert_eq!([share("twenty"), share("-3 %"), share("50")], [None, None, None]);
        assert_eq!(
            [count("10 000"), count("500"), count("1 2"), count("-1")],
            [Some(1e4), Some(500.0), None, None]
        );
        let list: Vec<String> = ["defense", "consultation"].map(str::to_owned).into();
        assert_eq!(chosen(&list, "Defence and consultation").map(|w| w.len()), Some(2));
        assert_eq!(chosen(&list, "war"), None);
    }
}
