//! The tables in which events are added up.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use super::sums::{Figures, Sums};
use crate::event::dictionary::{Mixed, mixed};
use crate::event::{Dictionary, Rows};

/// The number that stands for all actors, all targets or all places: rows of it are the reports of the day.
pub(crate) const ALL: u32 = u32::MAX;

/// What sums are kept apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub actor: u32,
    pub target: u32,
    pub location: u32,
    /// The day of the event.
    pub day: i32,
    /// The day on which it was known.
    pub known: i32,
}

impl Key {
    /// The key of all reports of its day.
    pub(crate) fn all(self) -> Self {
        Self { actor: ALL, target: ALL, location: ALL, ..self }
    }

    pub(crate) fn is_all(&self) -> bool {
        self.actor == ALL
    }
}

/// Sums by key. What was known later stands in rows of its own, also what is taken away then: the sum of all rows that were known by a day is
/// the count as known on that day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub texts: Dictionary,
    places: HashMap<Key, u32, Mixed>,
    pub keys: Vec<Key>,
    pub sums: Vec<Sums>,
}

impl Tally {
    /// No sums yet, with texts that have their numbers.
    pub(crate) fn with(texts: Dictionary) -> Self {
        Self { texts, ..Self::default() }
    }

    #[inline]
    pub(crate) fn of(&mut self, key: Key) -> &mut Sums {
        let next = self.keys.len() as u32;
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.keys.push(key);
            self.sums.push(Sums::default());
        }
        &mut self.sums[place as usize]
    }

    /// The key of a row.
    pub(crate) fn key(&mut self, rows: &Rows, at: usize, by_location: bool) -> Key {
        let mut number = |number: u32| self.texts.number(rows.texts.text(number));
        Key {
            actor: number(rows.actor_state[at]),
            target: number(rows.target_state[at]),
            location: if by_location { number(rows.location[at]) } else { 0 },
            day: rows.day[at],
            known: day_of(rows.known[at]),
        }
    }

    /// Adds what another has.
    pub(crate) fn add(&mut self, other: &Self) {
        let mut numbers: Vec<u32> = Vec::with_capacity(other.texts.len());
        numbers.extend(other.texts.texts().map(|t| self.texts.number(t)));
        let number = |n: u32| numbers.get(n as usize).copied().unwrap_or(ALL);
        for (key, sums) in other.keys.iter().zip(&other.sums) {
            let (actor, target) = (number(key.actor), number(key.target));
            let key = Key { actor, target, location: number(key.location), ..*key };
            self.of(key).add(sums);
        }
    }

    /// Adds the rows of all reports of each day, made of the others.
    pub(crate) fn add_totals(&mut self) {
        for at in 0..self.keys.len() {
            let (key, sums) = (self.keys[at], self.sums[at]);
            if !key.is_all() {
                self.of(key.all()).add(&sums);
            }
        }
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Counts an event.
    #[inline]
    pub(crate) fn event(&mut self, key: Key, figures: &Figures, story: bool) {
        let sums = self.of(key);
        sums.event(figures, 1);
        if story {
            sums.story(figures.quad, 1);
        }
    }

    /// The places of the rows in the order of their texts and days, totals first; rows in which nothing is left are not among them.
    pub(crate) fn order(&self) -> Vec<u32> {
        let mut ranks: Vec<u32> = (0..self.texts.len() as u32).collect();
        ranks.sort_by(|a, b| self.texts.text(*a).cmp(self.texts.text(*b)));
        let mut rank = vec![0; ranks.len()];
        for (at, number) in ranks.into_iter().enumerate() {
            rank[number as usize] = at as u32 + 1;
        }
        let rank = |n: u32| rank.get(n as usize).copied().unwrap_or(0);
        let mut order: Vec<u32> =
            (0..self.keys.len() as u32).filter(|at| !self.sums[*at as usize].is_zero()).collect();
        order.sort_unstable_by_key(|at| {
            let key = &self.keys[*at as usize];
            (rank(key.actor), rank(key.target), rank(key.location), key.day, key.known)
        });
        order
    }
}

const SHARDS: usize = 16;

/// Numbers that are mixed already.
#[derive(Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mixed(&[bytes]);
    }

    fn write_u64(&mut self, v: u64) {
        self.0 = v;
    }
}

/// The stories of one day of knowing.
type OfDay = [Mutex<HashSet<u64, BuildHasherDefault<AsItIs>>>; SHARDS];

/// Stories that were told already, for threads that count side by side.
#[derive(Debug, Default)]
pub(crate) struct Stories {
    days: Mutex<HashMap<i32, Arc<OfDay>>>,
}

/// One thread's look at them: lines of one day stand together.
#[derive(Debug, Default)]
pub(crate) struct ToldOnce(Option<(i32, Arc<OfDay>)>);

impl ToldOnce {
    /// Whether a story of a day on which it was known is told for the first time; 0 is no story, and always new.
    #[inline]
    pub(crate) fn is_new(&mut self, stories: &Stories, story: u64, known: i32) -> bool {
        if story == 0 {
            return true;
        }
        let of_day = match &self.0 {
            Some((day, of_day)) if *day == known => of_day,
            _ => {
                let mut days = stories.days.lock().unwrap_or_else(PoisonError::into_inner);
                let of_day = Arc::clone(days.entry(known).or_default());
                drop(days);
                &self.0.insert((known, of_day)).1
            }
        };
        let shard = &of_day[(story >> 40) as usize % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner).insert(story)
    }
}

/// A story and the day on which it was known.
pub(crate) fn story_key(story: u64, known: i32) -> u64 {
    mixed(&[&story.to_le_bytes(), &known.to_le_bytes()])
}

/// The day of a time.
pub(crate) fn day_of(time: i64) -> i32 {
    time.div_euclid(86_400).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}
