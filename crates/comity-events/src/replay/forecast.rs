//! Values and probabilities for every dyad and period, by the methods and by simple rivals.

use super::{Onsets, Past, Plan, Risk, Trace};
use crate::detect::{Settings, Sight};

/// Who warns.
#[derive(Debug, Clone, PartialEq)]
pub enum Forecaster {
    /// A watch.
    Watch(Settings),
    /// The same for all: how often an onset followed so far.
    BaseRate,
    /// Whether the dyad had a crisis within so many days.
    Crisis {
        /// Days.
        days: i32,
    },
    /// The share of all reports that were events of the kind, over so many periods: what happened last, without a baseline.
    Reports {
        /// Periods, the tested one among them.
        periods: usize,
    },
}

/// A dyad-period outside crises: the same ones for every forecaster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub dyad: usize,
    pub at: usize,
    pub block: usize,
    pub outcome: bool,
    /// Whether the dyad could be seen clearly.
    pub clear: bool,
}

/// The dyad-periods in which every watch has a value, no crisis is under way and what followed is recorded: by period, then by dyad.
pub(super) fn places(
    past: &Past,
    traces: &[Vec<Trace>],
    onsets: &Onsets,
    plan: &Plan,
    first_year: i16,
) -> Vec<Place> {
    let mut places = Vec::new();
    for at in 0..past.len() {
        let day = past.last_day(at);
        if past.all[at] <= 0.0 || day < plan.from {
            continue;
        }
        let block = super::outcome::block(first_year, day);
        for (dyad, (name, _)) in past.dyads.iter().enumerate() {
            let seen = || traces.iter().map(|all| &all[dyad].seen[at]);
            if seen().any(|s| s.value.is_none()) {
                continue;
            }
            let clear = seen().all(|s| s.sight == Sight::Clear);
            let outcome = match onsets.risk(*name, day, plan.horizon, plan.until) {
                Risk::Before(_) => true,
                Risk::Without => false,
                Risk::During | Risk::Censored => continue,
            };
            places.push(Place { dyad, at, block, outcome, clear });
        }
    }
    places
}

/// The values of a rival.
pub(super) fn rival(
    past: &Past,
    onsets: &Onsets,
    rival: &Forecaster,
    places: &[Place],
) -> Vec<f64> {
    let value = |place: &Place| match rival {
        Forecaster::Watch(_) | Forecaster::BaseRate => 0.0,
        Forecaster::Crisis { days } => {
            let (name, _) = past.dyads[place.dyad];
            let since = onsets.since(name, past.last_day(place.at));
            f64::from(u8::from(since.is_some_and(|since| since <= *days)))
        }
        Forecaster::Reports { periods } => {
            let from = (place.at + 1).saturating_sub(*periods);
            let counts = &past.dyads[place.dyad].1[from..=place.at];
            let all: f64 = past.all[from..=place.at].iter().sum();
            counts.iter().flatten().map(|[count, _]| count).sum::<f64>() / all
        }
    };
    places.iter().map(value).collect()
}

/// The edges of the classes into which values are put before probabilities are estimated.
pub(super) fn edges(forecaster: &Forecaster) -> Vec<f64> {
    match forecaster {
        Forecaster::Watch(settings) => {
            [0.0, 0.25, 0.5, 1.0, 1.5].iter().map(|part| part * settings.threshold).collect()
        }
        Forecaster::BaseRate => Vec::new(),
        Forecaster::Crisis { .. } => vec![0.5],
        // Events among a thousand reports.
        Forecaster::Reports { .. } => vec![0.0, 0.002, 0.005, 0.01, 0.02, 0.05],
    }
}

/// Of how many rows the base rate weighs as much, in a class of values.
const PRIOR: f64 = 100.0;

/// Probabilities from values, by what had followed values of the same class so far. Classes are told apart by edges; a value above an edge is
/// in the next class. With n rows in the class of which y had an onset, and the base rate b = (Y + ½)/(N + 1) of all N rows and Y onsets so far,
///
/// ```text
/// p = (y + 100 b) / (n + 100)
/// ```
///
/// A row counts from the day on which its horizon has ended: nothing looks ahead. Before that of the first row there is no probability.
pub(super) fn calibrated(
    past: &Past,
    places: &[Place],
    values: &[f64],
    edges: &[f64],
    horizon: i32,
) -> Vec<Option<f64>> {
    let class = |value: f64| edges.iter().filter(|edge| value > **edge).count();
    let mut sums = vec![(0.0, 0.0); edges.len() + 1];
    let (mut events, mut rows, mut known) = (0.0, 0.0, 0);
    let mut probabilities = Vec::with_capacity(places.len());
    for (place, value) in places.iter().zip(values) {
        let today = past.last_day(place.at);
        while known < places.len() && past.last_day(places[known].at) + horizon <= today {
            let outcome = f64::from(u8::from(places[known].outcome));
            let (own_events, own_rows) = &mut sums[class(values[known])];
            *own_events += outcome;
            *own_rows += 1.0;
            events += outcome;
            rows += 1.0;
            known += 1;
        }
        let base = (events + 0.5) / (rows + 1.0);
        let (own_events, own_rows) = sums[class(*value)];
        let probability = (own_events + PRIOR * base) / (own_rows + PRIOR);
        probabilities.push((rows > 0.0).then_some(probability));
    }
    probabilities
}
