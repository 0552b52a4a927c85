//! Counts of the past, as they were known when each period ended.

use std::collections::BTreeMap;

use crate::alarm::{Dyad, Late};
use crate::detect::{Observed, Period};

/// What came after its period had ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameLate {
    /// The period in which it became known.
    pub known: i32,
    /// The dyad, by its place; null: reports about others, which count among all.
    pub dyad: Option<usize>,
    /// The period that it belongs to, and what is to be added there. `all` is what the whole source has more, and stands in one entry.
    pub late: Late,
}

/// The past of a source in periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// How long the periods are.
    pub period: Period,
    /// The number of the first one.
    pub first: i32,
    /// By period: all reports of the source.
    pub all: Vec<f64>,
    /// By dyad, in the order of dyads, and period: events of the kind that is looked at, and reports of any kind; null where there was no
    /// such dyad.
    pub dyads: Vec<(Dyad, Vec<Option<[f64; 2]>>)>,
    /// What came late, by the period in which it became known.
    late: Vec<CameLate>,
}

impl Past {
    /// From counts by period from a first one on, where all was known when each ended. Of a dyad that comes twice the last stands.
    ///
    /// # Errors
    /// `None`: a dyad has another number of periods than the source.
    pub fn new(
        period: Period,
        first: i32,
        all: Vec<f64>,
        dyads: impl IntoIterator<Item = (Dyad, Vec<Option<[f64; 2]>>)>,
    ) -> Option<Self> {
        let dyads: BTreeMap<_, _> = dyads.into_iter().collect();
        let whole = dyads.values().all(|cells| cells.len() == all.len());
        whole.then(|| Self {
            period,
            first,
            all,
            dyads: dyads.into_iter().collect(),
            late: Vec::new(),
        })
    }

    /// From daily counts from a first day on, where all was known on its day.
    ///
    /// # Shape
    /// A dyad has events and reports by day; days that a slice does not reach have none. Of a dyad that comes twice the last stands.
    pub fn from_daily<'a>(
        period: Period,
        first_day: i32,
        all: &[u64],
        dyads: impl IntoIterator<Item = (Dyad, &'a [u32], &'a [u32])>,
    ) -> Self {
        let spans = period.spans(first_day, all.len());
        let sum = |of: &[u32], days: &std::ops::Range<usize>| {
            let to = days.end.min(of.len());
            of.get(days.start.min(to)..to).unwrap_or_default().iter().map(|n| f64::from(*n)).sum()
        };
        let by_period = |(dyad, events, reports): (Dyad, &[u32], &[u32])| {
            (
                dyad,
                spans
                    .iter()
                    .map(|(_, days)| Some([sum(events, days), sum(reports, days)]))
                    .collect(),
            )
        };
        let dyads: BTreeMap<_, Vec<Option<[f64; 2]>>> = dyads.into_iter().map(by_period).collect();
        Self {
            period,
            first: spans.first().map_or(0, |(period, _)| *period),
            all: spans
                .iter()
                .map(|(_, days)| all[days.clone()].iter().sum::<u64>() as f64)
                .collect(),
            dyads: dyads.into_iter().collect(),
            late: Vec::new(),
        }
    }

    /// The same past, of which some became known late: the counts given before are those known when each period ended.
    #[must_use]
    pub fn with_late(mut self, late: impl IntoIterator<Item = CameLate>) -> Self {
        self.late = late.into_iter().collect();
        self.late.sort_by_key(|came| (came.known, came.late.period, came.dyad));
        self
    }

    /// The same past, in which a dyad is there only in periods whose last day it was there on: nothing is said of it in others.
    #[must_use]
    pub fn where_there(mut self, there: impl Fn(Dyad, i32) -> bool) -> Self {
        let days: Vec<i32> = (0..self.len()).map(|at| self.last_day(at)).collect();
        for (dyad, cells) in &mut self.dyads {
            for (cell, day) in cells.iter_mut().zip(&days) {
                *cell = cell.filter(|_| there(*dyad, *day));
            }
        }
        self
    }

    /// How many periods there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The last day of the period in a place.
    pub fn last_day(&self, at: usize) -> i32 {
        self.period.last_day(self.first.saturating_add(at as i32))
    }

    /// What was seen of a dyad in a period when it ended.
    pub fn observed(&self, dyad: usize, at: usize) -> Observed {
        let period = self.first.saturating_add(at as i32);
        match self.dyads[dyad].1[at] {
            Some([count, reports]) => Observed { period, count, dyad: reports, all: self.all[at] },
            None => Observed { period, count: 0.0, dyad: 0.0, all: 0.0 },
        }
    }

    /// What became known of a dyad in a period and belongs to ones before it.
    pub fn late(&self, dyad: usize, known: i32) -> Vec<Late> {
        let from = self.late.partition_point(|came| came.known < known);
        let here = self.late[from..].iter().take_while(|came| came.known == known);
        let own = |came: &CameLate| match came.dyad {
            Some(of) if of == dyad => came.late,
            _ => Late { count: 0.0, dyad: 0.0, ..came.late },
        };
        here.filter(|came| came.late.period < known).map(own).collect()
    }

    /// Whether anything came late.
    pub fn has_late(&self) -> bool {
        !self.late.is_empty()
    }
}
