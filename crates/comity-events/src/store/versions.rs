//! What stands when: versions of events, and what they add to the counts.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Store;
use super::manifest::{Entry, Held};
use super::segment::{Segment, Span};
use crate::counts::Counts;
use crate::counts::sums::Figures;
use crate::counts::tally::{Key, Tally, Telling, Told, day_of, story_key};
use crate::error::Error;
use crate::event::Rows;
use crate::event::dictionary::Mixed;

type Set = HashSet<u64, Mixed>;

/// The events of a source that are there before a change.
pub(super) struct There<'a> {
    pub store: &'a Store,
    pub entries: &'a [Entry],
    pub by_location: bool,
}

/// What new rows are beside those that are there.
#[derive(Default)]
pub(super) struct Compared {
    /// Rows to keep.
    pub keep: Vec<u32>,
    /// Rows whose like stands in the same chunk before them.
    pub doubled: Vec<u32>,
    /// Rows that are there already.
    pub there: u64,
    /// Rows that are another version of an event that is there, or that stands in the same chunk.
    pub versions: u64,
    /// Rows with another version of the same time.
    pub same_time: Vec<u32>,
}

fn overlap<T: PartialOrd>(a: (T, T), b: (T, T)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

impl There<'_> {
    fn path(&self, entry: &Entry) -> std::path::PathBuf {
        self.store.folder.join(&entry.file)
    }

    /// Every version of the events of some ids.
    pub(super) fn of_ids(&self, ids: &Set, into: &mut Rows) -> Result<(), Error> {
        let (Some(from), Some(to)) = (ids.iter().min(), ids.iter().max()) else { return Ok(()) };
        let ids_span = (*from, *to);
        for entry in self.entries.iter().filter(|e| overlap(e.ids, ids_span)) {
            let path = self.path(entry);
            let segment = Segment::open(&path, entry.rows)?;
            let span = Span { ids: Some(ids_span), ..Span::default() };
            if segment.has(&span, "id", |id| ids.contains(&id))? {
                segment.rows(&span, into, |id, _, _| ids.contains(&id))?;
            }
        }
        Ok(())
    }

    /// The ids of the events whose story is wanted, which were known within a span of time.
    fn of_stories(
        &self,
        wanted: impl Fn(u64) -> bool,
        known: (i64, i64),
        days: (i32, i32),
    ) -> Result<Set, Error> {
        let mut ids = Set::default();
        let near = |e: &&Entry| overlap(e.known, known) && overlap(e.days, days);
        for entry in self.entries.iter().filter(near) {
            let path = self.path(entry);
            let segment = Segment::open(&path, entry.rows)?;
            let span = Span { known: Some(known), ..Span::default() };
            segment.stories(&span, |id, time, story| {
                if story != 0 && wanted(story_key(story, day_of(time))) {
                    ids.insert(id);
                }
            })?;
        }
        Ok(ids)
    }
}

/// The key of the story of a row, if it has one.
fn group(rows: &Rows, at: usize) -> Option<u64> {
    (rows.story[at] != 0).then(|| story_key(rows.story[at], day_of(rows.known[at])))
}

/// Compares new rows with those that are there, and adds what changes to the counts.
pub(super) fn compare(
    there: &There<'_>,
    new: &Rows,
    order: &[u32],
    tally: &mut Tally,
) -> Result<Compared, Error> {
    let mut compared = Compared::default();
    let span = new.id.iter().fold((u64::MAX, 0), |(a, b), id| (a.min(*id), b.max(*id)));
    // Most files are of events that are new: none of the store has ids like theirs.
    let is_near = there.entries.iter().any(|e| overlap(e.ids, span));
    let ids: Set = if is_near { new.id.iter().copied().collect() } else { Set::default() };
    let mut old = Rows::default();
    there.of_ids(&ids, &mut old)?;
    keep(new, order, &old, &mut compared)?;
    // Events of which there is more than one version now.
    let mut many: Set = old.id.iter().copied().collect();
    for pair in compared.keep.windows(2) {
        let [a, b] = [pair[0], pair[1]].map(|at| new.id[at as usize]);
        if a == b {
            many.insert(a);
        }
    }
    let is_many = |at: &u32| !many.is_empty() && many.contains(&new.id[*at as usize]);
    compared.versions = compared.keep.iter().filter(|at| is_many(at)).count() as u64;
    let touched: Set =
        compared.keep.iter().filter(|at| is_many(at)).map(|at| new.id[*at as usize]).collect();
    // Stories that these rows and others may share.
    let keyed = || compared.keep.iter().filter_map(|at| group(new, *at as usize));
    let keys: Set = keyed().collect();
    let is_told_again = keys.len() < keyed().count();
    let old_keys = (0..old.len()).filter(|at| touched.contains(&old.id[*at]));
    let old_keys: Set = old_keys.filter_map(|at| group(&old, at)).collect();
    let others = shared(there, new, &compared.keep, &old, &keys, &old_keys)?;
    let mut whole = old.clone();
    there.of_ids(&others.iter().filter(|id| !ids.contains(id)).copied().collect(), &mut whole)?;
    let mut groups = old_keys;
    groups.extend((0..whole.len()).filter_map(|at| group(&whole, at)).filter(|k| keys.contains(k)));
    for at in compared.keep.iter().filter(|at| is_many(at)) {
        groups.extend(group(new, *at as usize));
    }
    // What is simple is added at once; the rest is taken away as it was and added as it is.
    let mut told = Set::default();
    let mut chains = Chains::of(&whole);
    Standing { touched: &touched, groups: &groups, by_location: there.by_location }
        .add(&whole, &chains, tally, -1);
    for at in compared.keep.iter().map(|at| *at as usize) {
        let is_touched = touched.contains(&new.id[at]);
        let key = group(new, at);
        let grouped = !groups.is_empty() && key.is_some_and(|k| groups.contains(&k));
        if is_touched || grouped {
            chains.push(&mut whole, new, at);
        }
        let figures = Figures::from(&new.row(at));
        let place = tally.key(new, at, there.by_location);
        if !is_touched {
            tally.of(place).event(&figures, 1);
        }
        if !grouped && key.is_none_or(|k| !is_told_again || told.insert(k)) {
            // Without a key of its report a version tells a story while it stands.
            if key.is_some() || !is_touched {
                tally.of(place).story(figures.quad, 1);
            }
        }
    }
    chains.sort(&whole);
    Standing { touched: &touched, groups: &groups, by_location: there.by_location }
        .add(&whole, &chains, tally, 1);
    Ok(compared)
}

/// Which of the new rows are to be kept.
fn keep(new: &Rows, order: &[u32], old: &Rows, compared: &mut Compared) -> Result<(), Error> {
    let mut is: HashMap<(u64, i64), Vec<usize>, Mixed> = HashMap::default();
    for at in 0..old.len() {
        is.entry((old.id[at], old.known[at])).or_default().push(at);
    }
    let names: HashMap<u64, &str, Mixed> =
        (0..old.len()).map(|at| (old.id[at], old.name.get(at))).collect();
    let mut last: Option<usize> = None;
    for at in order {
        let this = *at as usize;
        let content = new.content(this);
        let like = |rows: &Rows, other: usize| rows.content(other) == content;
        let near = is.get(&(new.id[this], new.known[this]));
        let before =
            last.filter(|l| new.id[*l] == new.id[this] && new.known[*l] == new.known[this]);
        if before.is_some_and(|l| like(new, l)) {
            compared.doubled.push(*at);
            continue;
        }
        let twin = names.get(&new.id[this]).filter(|name| **name != new.name.get(this));
        if let Some(other) = twin {
            return Err(Error::Row {
                source_name: "the file".to_owned(),
                row: new.line[this],
                reason: format!(
                    "its id `{}` and `{other}` of the store come to the same number: give one of them another id",
                    new.name.get(this)
                ),
            });
        }
        if near.is_some_and(|near| near.iter().any(|n| like(old, *n))) {
            compared.there += 1;
            continue;
        }
        if before.is_some() || near.is_some() {
            compared.same_time.push(*at);
        }
        compared.keep.push(*at);
        last = Some(this);
    }
    Ok(())
}

/// The ids of the events that are there and share a story.
fn shared(
    there: &There<'_>,
    new: &Rows,
    keep: &[u32],
    old: &Rows,
    keys: &Set,
    old_keys: &Set,
) -> Result<Set, Error> {
    if keys.is_empty() && old_keys.is_empty() {
        return Ok(Set::default());
    }
    let (mut known, mut days) = ((i64::MAX, i64::MIN), (i32::MAX, i32::MIN));
    let mut widen = |rows: &Rows, at: usize| {
        let day = i64::from(day_of(rows.known[at])) * 86_400;
        known = (known.0.min(day), known.1.max(day + 86_399));
        days = (days.0.min(rows.day[at]), days.1.max(rows.day[at]));
    };
    keep.iter().for_each(|at| widen(new, *at as usize));
    (0..old.len()).for_each(|at| widen(old, at));
    there.of_stories(|key| keys.contains(&key) || old_keys.contains(&key), known, days)
}

/// The month of a day, counted from the year 0.
pub(super) fn month_of(day: i32) -> i32 {
    let date = crate::read::date(day);
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// The versions of each event, in the order in which they stand.
struct Chains(BTreeMap<u64, Vec<usize>>);

impl Chains {
    fn of(rows: &Rows) -> Self {
        let mut all: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        (0..rows.len()).for_each(|at| all.entry(rows.id[at]).or_default().push(at));
        let mut made = Self(all);
        made.sort(rows);
        made
    }

    fn push(&mut self, rows: &mut Rows, from: &Rows, at: usize) {
        self.0.entry(from.id[at]).or_default().push(rows.len());
        rows.take(from, at);
    }

    fn sort(&mut self, rows: &Rows) {
        for chain in self.0.values_mut().filter(|c| c.len() > 1) {
            chain.sort_by_key(|at| rank(rows, *at));
        }
    }
}

/// What decides between two versions of one event: the greater stands.
pub(super) fn rank(rows: &Rows, at: usize) -> (i64, usize, u64) {
    (rows.known[at], rows.report.get(at).len(), rows.content(at))
}

/// What events and stories come to, of those that a change touches.
struct Standing<'a> {
    touched: &'a Set,
    groups: &'a Set,
    by_location: bool,
}

/// A story while it is told.
struct Story {
    key: Key,
    quad: u8,
    /// Until which day; none: it still stands.
    until: Option<i32>,
}

impl Standing<'_> {
    fn add(&self, rows: &Rows, chains: &Chains, tally: &mut Tally, sign: i32) {
        let mut told: BTreeMap<u64, Story> = BTreeMap::new();
        for (id, chain) in &chains.0 {
            for (nth, at) in chain.iter().copied().enumerate() {
                let until = chain.get(nth + 1).map(|next| day_of(rows.known[*next]));
                let key = tally.key(rows, at, self.by_location);
                let figures = Figures::from(&rows.row(at));
                let grouped = group(rows, at);
                if self.touched.contains(id) {
                    let alone = grouped.is_none();
                    let mut put = |key: Key, sign| {
                        let sums = tally.of(key);
                        sums.event(&figures, sign);
                        if alone {
                            sums.story(figures.quad, sign);
                        }
                    };
                    put(key, sign);
                    if let Some(known) = until {
                        put(Key { known, ..key }, -sign);
                    }
                }
                let Some(group) = grouped.filter(|g| self.groups.contains(g)) else { continue };
                told.entry(group)
                    .and_modify(|t| t.until = t.until.zip(until).map(|(a, b)| a.max(b)))
                    .or_insert(Story { key, quad: figures.quad, until });
            }
        }
        for Story { key, quad, until } in told.into_values() {
            tally.of(key).story(quad, sign);
            if let Some(known) = until {
                tally.of(Key { known, ..key }).story(quad, -sign);
            }
        }
    }
}

/// The counts of a source made anew from its events. Where no event has a second version its partitions are read side by side, with the
/// columns alone that are counted; else all of its events are held in memory, for the versions of one may be of different months.
pub(super) fn counts_anew(store: &Store, held: &Held, from: i32, to: i32) -> Result<Counts, Error> {
    let mut tally = if held.further == 0 {
        streamed(store, held, from, to)?
    } else {
        let whole = corrected(store, held)?;
        let mut made = Tally::with(whole.texts.clone());
        for (key, sums) in whole.keys.iter().zip(&whole.sums) {
            if (from..=to).contains(&key.day) {
                made.of(*key).add(sums);
            }
        }
        made
    };
    tally.add_totals();
    Ok(Counts { tally })
}

fn streamed(store: &Store, held: &Held, from: i32, to: i32) -> Result<Tally, Error> {
    let mut months: BTreeMap<i32, Vec<&Entry>> = BTreeMap::new();
    for entry in held.events.iter().filter(|e| overlap(e.days, (from, to))) {
        months.entry(entry.month).or_default().push(entry);
    }
    let months: Vec<Vec<&Entry>> = months.into_values().collect();
    let made = comity_record::parallel::side_by_side(
        &months,
        || (),
        |(), entries| {
            let (mut tally, mut told) = Telling::default();
            for entry in entries {
                let path = store.folder.join(&entry.file);
                let mut texts = std::mem::take(&mut tally.texts);
                Segment::open(&path, entry.rows)?.figures(&mut texts, |key, figures, story| {
                    if (from..=to).contains(&key.day) {
                        let location = if held.by_location { key.location } else { 0 };
                        told.event(&mut tally, Key { location, ..key }, figures, story);
                    }
                })?;
                tally.texts = texts;
            }
            // A story is of one day, and so of one partition.
            Ok::<Tally, Error>(Told::once(vec![(tally, told)]))
        },
    );
    let mut sum = Tally::default();
    for tally in made {
        sum.add(&tally?);
    }
    Ok(sum)
}

fn corrected(store: &Store, held: &Held) -> Result<Tally, Error> {
    let mut rows = Rows::default();
    for entry in &held.events {
        let path = store.folder.join(&entry.file);
        Segment::open(&path, entry.rows)?.rows(&Span::default(), &mut rows, |_, _, _| true)?;
    }
    let touched: Set = rows.id.iter().copied().collect();
    let groups: Set = (0..rows.len()).filter_map(|at| group(&rows, at)).collect();
    let mut tally = Tally::default();
    let standing = Standing { touched: &touched, groups: &groups, by_location: held.by_location };
    standing.add(&rows, &Chains::of(&rows), &mut tally, 1);
    Ok(tally)
}
