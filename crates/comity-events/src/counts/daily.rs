//! Counts of pairs of states, by day or by longer periods.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Counts;
use super::series::Series;
use super::sums::{Column, Sums};
use super::tally::{ALL, Key};
use crate::event::Dictionary;
use crate::event::dictionary::Mixed;
use crate::place::{Asked, Place};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// Events.
    Events,
    /// Stories: events without those that tell one again.
    Stories,
    /// Events of a quad class, 1 to 4.
    Quad(u8),
    /// Stories of a quad class.
    QuadStories(u8),
    /// Events of a root class, from 1; 0: without one.
    Root(u8),
    /// The sum of the Goldstein scores, in thousandths.
    Goldstein,
    /// Events with a Goldstein score.
    Scored,
    /// Mentions.
    Mentions,
    /// Sources.
    Sources,
    /// Articles.
    Articles,
    /// Deaths, best estimate.
    Best,
    /// Deaths, low estimate.
    Low,
    /// Deaths, high estimate.
    High,
    /// Events that say how many died.
    Deaths,
}

/// How long a period is. It is named by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// A day.
    #[default]
    Day,
    /// A week, from Monday.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

impl Period {
    /// The first day of the period of a day.
    pub fn first(self, day: i32) -> i32 {
        let date = || crate::read::date(day);
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => day.saturating_sub((i64::from(day) + 3).rem_euclid(7) as i32),
            Self::Month => crate::read::days_since(date().first_of_month()),
            Self::Year => crate::read::days_since(date().first_of_year()),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// From this day on.
    pub from: i32,
    /// Up to this day.
    pub to: i32,
    /// As known at the end of this day; none: as known now.
    pub as_known: Option<i32>,
    /// The columns.
    pub measures: &'a [Measure],
    /// The periods that days are added up to.
    pub period: Period,
    /// Whether the direction counts; if not, the state with the smaller number stands first.
    pub directed: bool,
    /// Whether rows are of places and not of pairs: each stands as the pair of a state with itself, in which it happened. For sources that are
    /// counted by place (UCDP GED).
    pub by_place: bool,
    /// Pairs of states that are wanted; none: all.
    pub pairs: Option<&'a [(i32, i32)]>,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        Self {
            from: i32::MIN,
            to: i32::MAX,
            as_known: None,
            measures: &[Measure::Events],
            period: Period::Day,
            directed: true,
            by_place: false,
            pairs: None,
        }
    }
}

/// All reports of a period, of any kind and between whomever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reports {
    /// Events.
    pub events: i64,
    /// Stories.
    pub stories: i64,
}

/// How often a code was on a side and could not be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unplaced {
    /// Events that it acted in.
    pub actor: i64,
    /// Events that it was the target of.
    pub target: i64,
}

/// Counts of pairs of states.
///
/// # Shape
/// One row for each pair and period in which a measure is not 0, in the order of the pairs, then of the periods. A state with itself is a
/// pair: what happened within it.
///
/// # Nulls
/// A pair has no row where nothing was reported. Whether that is silence depends on `reports`: where a period has none, nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Daily {
    /// The columns.
    pub measures: Vec<Measure>,
    /// Actor and target of each row, and the first day of its period.
    pub keys: Vec<(i32, i32, i32)>,
    /// The values, row by row: as many for each as there are measures.
    pub values: Vec<i64>,
    /// All reports by period.
    pub reports: BTreeMap<i32, Reports>,
    /// Codes that are no state on their days, with how often; the empty code is an actor without a country.
    pub unplaced: BTreeMap<String, Unplaced>,
    /// The published codes that were placed, by state: those by which its events are found again in the store.
    pub codes: BTreeMap<i32, BTreeSet<String>>,
    /// The length of the periods.
    pub period: Period,
}

/// Days of one pair.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnedSeries {
    /// The first day.
    pub first_day: i32,
    /// The measure on each day.
    pub counts: Vec<i64>,
    /// All events of the source on each day.
    pub reports: Vec<i64>,
}

impl OwnedSeries {
    /// The series as detection reads it.
    pub fn series(&self) -> Series<'_> {
        Series { first_day: self.first_day, counts: &self.counts, reports: &self.reports }
    }
}

impl Daily {
    /// The pairs that have a row, in order.
    pub fn pairs(&self) -> Vec<(i32, i32)> {
        let mut pairs: Vec<(i32, i32)> = self.keys.iter().map(|(a, b, _)| (*a, *b)).collect();
        pairs.dedup();
        pairs
    }

    /// One measure of a row.
    pub fn value(&self, row: usize, measure: Measure) -> Option<i64> {
        let at = self.measures.iter().position(|m| *m == measure)?;
        self.values.get(row * self.measures.len() + at).copied()
    }

    /// The days of a pair from `from` to `to`, with a 0 where it has no row. Empty where the measure was not asked for, or the periods are
    /// not days. If a measure counts stories the reports are stories too.
    pub fn series(&self, pair: (i32, i32), measure: Measure, from: i32, to: i32) -> OwnedSeries {
        let has = self.measures.contains(&measure) && self.period == Period::Day && from <= to;
        if !has {
            return OwnedSeries { first_day: from, ..OwnedSeries::default() };
        }
        let days = (i64::from(to) - i64::from(from) + 1) as usize;
        let (mut counts, mut reports) = (vec![0; days], vec![0; days]);
        let first = self.keys.partition_point(|k| (k.0, k.1, k.2) < (pair.0, pair.1, from));
        for row in first..self.keys.len() {
            let key = self.keys[row];
            if (key.0, key.1) != pair || key.2 > to {
                break;
            }
            counts[(i64::from(key.2) - i64::from(from)) as usize] =
                self.value(row, measure).unwrap_or(0);
        }
        let stories = matches!(measure, Measure::Stories | Measure::QuadStories(_));
        for (day, all) in self.reports.range(from..=to) {
            reports[(i64::from(*day) - i64::from(from)) as usize] =
                if stories { all.stories } else { all.events };
        }
        OwnedSeries { first_day: from, counts, reports }
    }
}

/// Sums on their way to a [`Daily`].
pub(crate) struct Gather<'a> {
    ask: &'a Ask<'a>,
    asked: Asked<'a>,
    pub texts: Dictionary,
    places: HashMap<(i32, i32, i32), u32, Mixed>,
    rows: Vec<(i32, i32, i32)>,
    values: Vec<i64>,
    reports: BTreeMap<i32, Reports>,
    unplaced: BTreeMap<u32, Unplaced>,
    /// The last day and its period.
    last: (i32, i32),
}

/// What a row of sums is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub actor: u32,
    pub target: u32,
    pub location: u32,
    pub day: i32,
    pub known: i32,
}

impl<'a> Gather<'a> {
    pub(crate) fn new(source: &'a str, place: &'a dyn Place, ask: &'a Ask<'a>) -> Self {
        Self {
            ask,
            asked: Asked::new(source, place),
            texts: Dictionary::default(),
            places: HashMap::default(),
            rows: Vec::new(),
            values: Vec::new(),
            reports: BTreeMap::new(),
            unplaced: BTreeMap::new(),
            last: (0, ask.period.first(0)),
        }
    }

    /// Adds a row of sums, whose columns `value` gives.
    pub(crate) fn add(&mut self, about: About, value: impl Fn(Column) -> i64) {
        let ask = self.ask;
        let outside = about.day < ask.from || about.day > ask.to;
        if outside || ask.as_known.is_some_and(|day| about.known > day) {
            return;
        }
        if self.last.0 != about.day {
            self.last = (about.day, ask.period.first(about.day));
        }
        let period = self.last.1;
        let events = value(Measure::Events.column());
        if about.actor == ALL {
            let all = self.reports.entry(period).or_default();
            all.events += events;
            all.stories += value(Measure::Stories.column());
            return;
        }
        let mut state = |number| self.asked.state(number, self.texts.text(number), about.day);
        let (one, other) = match ask.by_place {
            true => (about.location, about.location),
            false => (about.actor, about.target),
        };
        let (actor, target) = (state(one), state(other));
        if actor.is_none() {
            self.unplaced.entry(one).or_default().actor += events;
        }
        if target.is_none() {
            self.unplaced.entry(other).or_default().target += events;
        }
        let (Some(a), Some(b)) = (actor, target) else { return };
        let pair = if ask.directed { (a, b) } else { (a.min(b), a.max(b)) };
        if ask.pairs.is_some_and(|pairs| !pairs.contains(&pair)) {
            return;
        }
        let next = self.rows.len() as u32;
        let row = *self.places.entry((pair.0, pair.1, period)).or_insert(next);
        let width = ask.measures.len();
        if row == next {
            self.rows.push((pair.0, pair.1, period));
            self.values.resize(self.values.len() + width, 0);
        }
        let from = row as usize * width;
        for (at, measure) in ask.measures.iter().enumerate() {
            if let Some(sum) = self.values.get_mut(from + at) {
                *sum = sum.saturating_add(value(measure.column()));
            }
        }
    }

    /// The rows in their order.
    pub(crate) fn finish(self) -> Daily {
        let width = self.ask.measures.len();
        let row = |at: u32| &self.values[at as usize * width..(at as usize + 1) * width];
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.retain(|at| row(*at).iter().any(|v| *v != 0));
        order.sort_unstable_by_key(|at| self.rows[*at as usize]);
        let unplaced = self.unplaced.iter().filter(|(_, u)| **u != Unplaced::default());
        let mut codes: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
        for (number, ccode) in self.asked.placed() {
            codes.entry(ccode).or_default().insert(self.texts.text(number).to_owned());
        }
        let mut values = Vec::with_capacity(order.len() * width);
        order.iter().for_each(|at| values.extend_from_slice(row(*at)));
        Daily {
            measures: self.ask.measures.to_vec(),
            keys: order.iter().map(|at| self.rows[*at as usize]).collect(),
            values,
            reports: self.reports.into_iter().filter(|(_, r)| *r != Reports::default()).collect(),
            unplaced: unplaced.map(|(n, u)| (self.texts.text(*n).to_owned(), *u)).collect(),
            codes,
            period: self.ask.period,
        }
    }
}

impl Counts {
    /// The counts of pairs of states; `source` is what is handed to `place`.
    pub fn daily(&self, source: &str, place: &dyn Place, ask: &Ask<'_>) -> Daily {
        let mut gather = Gather::new(source, place, ask);
        gather.texts = self.tally.texts.clone();
        for (key, sums) in self.tally.keys.iter().zip(&self.tally.sums) {
            let Key { actor, target, location, day, known } = *key;
            let about = About { actor, target, location, day, known };
            gather.add(about, |column| sums.get(column));
        }
        gather.finish()
    }
}

impl Measure {
    /// The column of sums that holds it.
    pub(crate) fn column(self) -> Column {
        match self {
            Self::Events => Sums::EVENTS,
            Self::Stories => Sums::STORIES,
            Self::Quad(quad) => Sums::quad_column(quad),
            Self::QuadStories(quad) => Sums::quad_stories_column(quad),
            Self::Root(root) => Sums::root_column(root),
            Self::Goldstein => Column::Wide(0),
            Self::Scored => Sums::SCORED,
            Self::Mentions => Column::Wide(1),
            Self::Sources => Column::Wide(2),
            Self::Articles => Column::Wide(3),
            Self::Best => Column::Wide(4),
            Self::Low => Column::Wide(5),
            Self::High => Column::Wide(6),
            Self::Deaths => Sums::DEATHS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::written_day;

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let day = |text| written_day(text).unwrap();
        for (period, of, first) in [
            (Period::Week, "2024-02-29", "2024-02-26"),
            (Period::Week, "2024-02-26", "2024-02-26"),
            (Period::Week, "1969-12-28", "1969-12-22"),
            (Period::Month, "2024-02-29", "2024-02-01"),
            (Period::Month, "1816-01-31", "1816-01-01"),
            (Period::Year, "2024-12-31", "2024-01-01"),
            (Period::Day, "2024-12-31", "2024-12-31"),
        ] {
            assert_eq!(period.first(day(of)), day(first), "{period:?} of {of}");
        }
    }
}
