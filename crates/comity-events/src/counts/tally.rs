//! The tables in which events are added up.

use std::collections::HashMap;

use super::sums::{Figures, Sums};
use crate::event::dictionary::{Mixed, mixed};
use crate::event::{Dictionary, Rows};

/// The number that stands for all actors, all targets or all places: rows of it are the reports of the day.
pub(crate) const ALL: u32 = u32::MAX;

/// What sums are kept apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// The rows of each day, day of knowing and place: a table of their pairs. Events of one day stand together, and its table is small.
    days: HashMap<(i32, i32, u32), u32, Mixed>,
    pairs: Vec<HashMap<u64, u32, Mixed>>,
    /// The day, day of knowing and place that were asked for last, with their table.
    last: Option<((i32, i32, u32), u32)>,
    pub keys: Vec<Key>,
    pub sums: Vec<Sums>,
}

impl Tally {
    /// No sums yet, with texts that have their numbers.
    pub(crate) fn with(texts: Dictionary) -> Self {
        Self { texts, ..Self::default() }
    }

    #[inline]
    fn place(&mut self, key: Key) -> u32 {
        let day = (key.day, key.known, key.location);
        let table = match self.last {
            Some((last, table)) if last == day => table,
            _ => {
                let table = *self.days.entry(day).or_insert(self.pairs.len() as u32);
                if table as usize == self.pairs.len() {
                    self.pairs.push(HashMap::default());
                }
                self.last = Some((day, table));
                table
            }
        };
        let next = self.keys.len() as u32;
        let pair = u64::from(key.actor) << 32 | u64::from(key.target);
        let place = *self.pairs[table as usize].entry(pair).or_insert(next);
        if place == next {
            self.keys.push(key);
            self.sums.push(Sums::default());
        }
        place
    }

    /// The sums of a key.
    #[inline]
    pub(crate) fn of(&mut self, key: Key) -> &mut Sums {
        let place = self.place(key);
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

/// Parts of all stories that are looked at one at a time: each fits a processor's memory.
const PARTS: usize = 256;

/// The stories that one thread counted, to find those that were told again: sixteen bytes for each.
#[derive(Debug)]
pub(crate) struct Told {
    /// The story and the day of knowing, and the row of sums in which it was counted with its quad class.
    parts: Vec<Vec<(u64, u32)>>,
}

impl Default for Told {
    fn default() -> Self {
        Self { parts: vec![Vec::new(); PARTS] }
    }
}

/// One thread's sums and what they tell.
pub(crate) type Telling = (Tally, Told);

impl Told {
    /// Counts an event, and its story as if it were told for the first time; 0 is no story, and always new.
    #[inline]
    pub(crate) fn event(&mut self, tally: &mut Tally, key: Key, figures: &Figures, story: u64) {
        let row = tally.place(key);
        let sums = &mut tally.sums[row as usize];
        sums.event(figures, 1);
        sums.story(figures.quad, 1);
        if story != 0 {
            // The key says the day of knowing.
            let story = story ^ (key.known as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let row = (row << 3) | u32::from(figures.quad & 7);
            self.parts[(story >> 56) as usize % PARTS].push((story, row));
        }
    }

    /// The sums of all threads, with every story counted once. All events of a story have one key and one quad class, so that it does not matter
    /// which of them it is counted with.
    pub(crate) fn once(mut tellings: Vec<Telling>) -> Tally {
        for part in 0..PARTS {
            let told = tellings.iter_mut().enumerate();
            let mut told: Vec<(u64, u32, usize)> = told
                .flat_map(|(thread, (_, told))| {
                    let part = std::mem::take(&mut told.parts[part]);
                    part.into_iter().map(move |(story, row)| (story, row, thread))
                })
                .collect();
            told.sort_unstable();
            for pair in told.windows(2) {
                let ((before, ..), (story, row, thread)) = (pair[0], pair[1]);
                if before == story {
                    tellings[thread].0.sums[(row >> 3) as usize].story((row & 7) as u8, -1);
                }
            }
        }
        let mut tallies = tellings.into_iter().map(|(tally, _)| tally);
        let first = tallies.next().unwrap_or_default();
        tallies.fold(first, |mut sum, more| {
            sum.add(&more);
            sum
        })
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
