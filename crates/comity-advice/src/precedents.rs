//! Earlier acts of the same kind, the nearest first, and what followed them. Counts with exact intervals and a list; no forecast.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use comity_policy::audit::StateHead;
use comity_record::Record;
use serde::Serialize;

use crate::Error;
use crate::acts::definition::Definition;
use crate::acts::{Act, Recognised, Vocabulary, recognise};
use crate::history::{History, Outcome, WINDOWS};

/// The precedents of one kind of act.
#[derive(Debug, Clone, Serialize)]
pub struct Precedents {
    /// Id of the kind.
    pub kind: String,
    /// The act that they are compared with, in words.
    pub say: String,
    /// How many earlier acts of the kind the record has.
    pub earlier: usize,
    /// Of these the acts of the same state.
    pub by_the_same_state: usize,
    /// Events of the record that are no single act of this kind (of more than two states, or without a counterpart).
    pub not_single: usize,
    /// What the nearest were chosen by.
    pub matched_on: Vec<&'static str>,
    /// The nearest, the nearest first.
    pub nearest: Vec<Precedent>,
    /// What followed those: how often, of how many of which it is known.
    pub followed: Vec<Followed>,
}

/// One earlier act.
#[derive(Debug, Clone, Serialize)]
pub struct Precedent {
    /// Who acted.
    pub state: StateHead,
    /// Toward whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<StateHead>,
    /// When it began.
    pub from: String,
    /// How far it is from the act asked about: 0 is alike in everything that is known.
    pub distance: f64,
    /// What followed within ten years, by outcome: the year, or null where nothing did as far as is known.
    pub followed: BTreeMap<&'static str, Option<i32>>,
    /// The source.
    pub source: String,
    /// Its key of the row.
    pub source_row: String,
}

/// How often something followed within some years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Followed {
    /// What.
    pub outcome: &'static str,
    /// Within how many years.
    pub years: i32,
    /// How often.
    pub times: usize,
    /// Of how many of which it is known.
    pub of: usize,
    /// 95 % interval of the share (Clopper and Pearson 1934); null where nothing is known.
    pub interval: Option<(f64, f64)>,
}

/// What a record has of earlier acts, read once.
#[derive(Debug, Default)]
pub struct Past {
    history: OnceLock<History>,
    /// By id of the kind: the acts, and how many events are no single act of it.
    acts: Mutex<BTreeMap<String, Arc<(Vec<Recognised>, usize)>>>,
}

impl Past {
    fn history(&self, record: &Record) -> Result<&History, Error> {
        if let Some(known) = self.history.get() {
            return Ok(known);
        }
        let made = History::of(record)?;
        Ok(self.history.get_or_init(|| made))
    }

    fn acts(
        &self,
        record: &Record,
        kind: &Definition,
    ) -> Result<Arc<(Vec<Recognised>, usize)>, Error> {
        let acts = || self.acts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = acts().get(&kind.id) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(recognise(record, kind)?);
        acts().insert(kind.id.clone(), Arc::clone(&made));
        Ok(made)
    }
}

impl Precedents {
    /// The precedents of each kind of act, the first act of a kind standing for it.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn of(
        record: &Record,
        vocabulary: &Vocabulary,
        acts: &[Act],
        most: usize,
        past: &Past,
    ) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for act in acts {
            let Some(definition) = vocabulary.get(&act.kind).filter(|d| seen.insert(d.id.clone()))
            else {
                continue;
            };
            let (acts, history) = (past.acts(record, definition)?, past.history(record)?);
            all.push(Self::one(record, history, act, &acts.0, acts.1, most)?);
        }
        Ok(all)
    }

    fn one(
        record: &Record,
        history: &History,
        act: &Act,
        earlier: &[Recognised],
        not_single: usize,
        most: usize,
    ) -> Result<Self, Error> {
        let before = |r: &&Recognised| r.act.span.from < act.span.from && alike(&r.act, act);
        let earlier: Vec<&Recognised> = earlier.iter().filter(before).collect();
        // The same act is coded once by each source, and for each year that it goes on: the first counts.
        let mut firsts: HashMap<(i32, Option<i32>, i32), &Recognised> = HashMap::new();
        for r in &earlier {
            firsts.entry((r.act.actor, r.act.other(), r.act.span.from.year)).or_insert(r);
        }
        let mut first: Vec<&Recognised> = firsts.into_values().collect();
        first.sort_by_key(|r| (r.act.span.from, r.act.actor, r.act.other()));
        let own = first
            .iter()
            .filter(|r| r.act.actor == act.actor || r.act.other() == Some(act.actor))
            .count();
        let asked = history.situation(act.actor, act.other(), act.span.from.year);
        let mut near: Vec<(f64, &Recognised, i32, Option<i32>)> = first
            .iter()
            .map(|r| {
                // A pair that acts together is read from the side that is more like the one asked about.
                let sides = match r.act.other() {
                    Some(other) if is_mutual(&r.act.kind) => {
                        vec![(r.act.actor, Some(other)), (other, Some(r.act.actor))]
                    }
                    other => vec![(r.act.actor, other)],
                };
                let far = |(a, b): &(i32, Option<i32>)| {
                    let same = f64::from(u8::from(*a != act.actor));
                    asked.distance(&history.situation(*a, *b, r.act.span.from.year)) + 0.25 * same
                };
                let (a, b) = sides
                    .into_iter()
                    .min_by(|x, y| far(x).total_cmp(&far(y)))
                    .unwrap_or((r.act.actor, None));
                (far(&(a, b)), *r, a, b)
            })
            .collect();
        near.sort_by(|x, y| {
            x.0.total_cmp(&y.0)
                .then_with(|| y.1.act.span.from.cmp(&x.1.act.span.from))
                .then_with(|| (x.2, x.3).cmp(&(y.2, y.3)))
                .then(Ordering::Equal)
        });
        near.truncate(most);
        let system = record.states()?;
        let head = |ccode: i32, year: i32| StateHead::of(system, ccode, year);
        let mut nearest = Vec::new();
        let mut tallies: BTreeMap<(usize, i32), (usize, usize)> = BTreeMap::new();
        for (distance, r, a, b) in near {
            let year = r.act.span.from.year;
            let mut followed = BTreeMap::new();
            for (at, outcome) in Outcome::ALL.iter().enumerate() {
                let Some(first) = history.first(*outcome, a, b, year) else { continue };
                for window in WINDOWS {
                    let tally = tallies.entry((at, window)).or_default();
                    let came = first.year.is_some_and(|y| y <= year + window);
                    if came || first.known_to >= year + window {
                        tally.0 += usize::from(came);
                        tally.1 += 1;
                    }
                }
                followed.insert(outcome.name(), first.year.filter(|y| *y <= year + 10));
            }
            let (_, source, source_row) = r.rows.first().cloned().unwrap_or_default();
            nearest.push(Precedent {
                state: head(a, year),
                other: b.map(|b| head(b, year)),
                from: r.act.span.from.to_string(),
                distance: (distance * 1000.0).round() / 1000.0,
                followed,
                source,
                source_row,
            });
        }
        let followed = tallies.into_iter().map(|((at, years), (times, of))| Followed {
            outcome: Outcome::ALL[at].name(),
            years,
            times,
            of,
            interval: exact(times, of),
        });
        Ok(Self {
            kind: act.kind.clone(),
            say: act.say.clone(),
            earlier: first.len(),
            by_the_same_state: own,
            not_single,
            matched_on: crate::history::MATCHED_ON.to_vec(),
            nearest,
            followed: followed.collect(),
        })
    }
}

/// Acts that both sides do.
fn is_mutual(kind: &str) -> bool {
    matches!(kind, "pact" | "trade-agreement" | "open-relations" | "break-relations")
}

/// Whether two acts of one kind say the same: a pact of defense is no precedent of one of neutrality.
fn alike(a: &Act, b: &Act) -> bool {
    use crate::acts::read::Held;
    let words = |act: &Act, name: &str| match act.slots.get(name) {
        Some(Held::Words(words)) => words.clone(),
        _ => Vec::new(),
    };
    let keys = |act: &Act, name: &str| match act.slots.get(name) {
        Some(Held::Key(key)) => Some(key.clone()),
        _ => None,
    };
    b.slots.keys().all(|name| {
        let wanted = words(b, name);
        let has = words(a, name);
        wanted.iter().all(|w| has.contains(w))
            && keys(b, name).is_none_or(|k| keys(a, name) == Some(k))
    })
}

/// The exact 95 % interval of a share (Clopper and Pearson, *Biometrika* 26, 1934, doi 10.1093/biomet/26.4.404).
pub fn exact(times: usize, of: usize) -> Option<(f64, f64)> {
    if of == 0 || times > of {
        return None;
    }
    // The chance of at most `k` of `n` at a share.
    let at_most = |k: usize, share: f64| -> f64 {
        let n = of as f64;
        let term = |i: usize| {
            let i = i as f64;
            let choose = libm::lgamma(n + 1.0) - libm::lgamma(i + 1.0) - libm::lgamma(n - i + 1.0);
            (choose + i * share.ln() + (n - i) * (1.0 - share).ln()).exp()
        };
        (0..=k).map(term).sum()
    };
    let solve = |above: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if above(middle) { high = middle } else { low = middle }
        }
        f64::midpoint(low, high)
    };
    let low =
        if times == 0 { 0.0 } else { solve(&|share| 1.0 - at_most(times - 1, share) > 0.025) };
    let high = if times == of { 1.0 } else { solve(&|share| at_most(times, share) < 0.025) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_intervals_are_those_of_the_tables() {
        // Clopper and Pearson: 0 of 10, 3 of 10, 10 of 10, 50 of 100.
        let near =
            |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 5e-5 && (b - d).abs() < 5e-5;
        assert!(near(exact(0, 10).unwrap(), (0.0, 0.30850)));
        assert!(near(exact(3, 10).unwrap(), (0.06674, 0.65245)));
        assert!(near(exact(10, 10).unwrap(), (0.69150, 1.0)));
        assert!(near(exact(50, 100).unwrap(), (0.39832, 0.60168)));
        assert_eq!(exact(0, 0), None);
    }
}
