//! A replay and its scores, in plain numbers.

use serde::Serialize;

use super::forecast::{Place, calibrated, edges, places, rival};
use super::outcome::{Alarms, Outcomes, compare};
use super::{Forecaster, Onsets, Past, Plan, Trace, run};
use crate::detect::{Refused, Sight, date};
use crate::score::{Brier, Draws, Estimate, Pairs, Point, Ranking, Unit, ratio};

/// The share of rows that recall is given at.
const FLAGGED: f64 = 0.05;

/// A replay of one past against one set of onsets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Dyads.
    pub dyads: usize,
    /// Of all dyad-periods, the share in which a dyad is seen clearly, and in which little is reported of it; the rest is before a baseline,
    /// or without reports.
    pub clear: f64,
    /// See `clear`.
    pub thin: f64,
    /// Dyad-periods outside crises that values are ranked over.
    pub rows: usize,
    /// Those before an onset.
    pub events: usize,
    /// Calendar years that are drawn from.
    pub blocks: usize,
    /// Of all random numbers.
    pub seed: u64,
    /// Draws.
    pub draws: u32,
    /// Alarms, for each watch.
    pub alarms: Vec<AlarmLine>,
    /// Values, for each forecaster.
    pub values: Vec<ValueLine>,
}

/// Alarms of a watch beside onsets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlarmLine {
    /// The method.
    pub name: String,
    /// The value from which on it is an alarm.
    pub threshold: f64,
    /// Onsets.
    pub onsets: f64,
    /// Those before which the dyad was seen clearly.
    pub seen: f64,
    /// Those within whose horizon an alarm was raised before.
    pub foreseen: f64,
    /// Those that were not, and before which an alarm was on that had been raised earlier.
    pub on: f64,
    /// Those that were not, and that an alarm noticed after they began.
    pub noticed: f64,
    /// The share that was foreseen.
    pub recall: Option<Estimate>,
    /// The share that was foreseen or noticed.
    pub found: Option<Estimate>,
    /// The median of days from the alarm to the onset, of those foreseen.
    pub lead: Option<f64>,
    /// The median of days from the onset to the alarm, of those noticed.
    pub delay: Option<f64>,
    /// Alarms with an onset within the horizon.
    pub hits: f64,
    /// Alarms without.
    pub wrong: f64,
    /// Alarms while a crisis was under way.
    pub during: f64,
    /// Alarms after which it is not recorded what followed.
    pub censored: f64,
    /// The share of hits among hits and false alarms.
    pub precision: Option<Estimate>,
    /// False alarms in a year, of all dyads together.
    pub wrong_a_year: Option<Estimate>,
    /// False alarms in a hundred years of one dyad.
    pub wrong_in_100_dyad_years: Option<Estimate>,
}

/// Values beside what followed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueLine {
    /// The forecaster.
    pub name: String,
    /// Area under the receiver operating characteristic.
    pub auc: Option<Estimate>,
    /// That area less that of the plain news: of the first [`Forecaster::Reports`], in the same draws.
    pub auc_gain: Option<Estimate>,
    /// The same area over the rows of dyads that are seen clearly.
    pub auc_clear: Option<Estimate>,
    /// The same area where only rows of one dyad are compared: when, and not who.
    pub auc_within: Option<Estimate>,
    /// Average precision.
    pub average_precision: Option<Estimate>,
    /// The share of rows before an onset among the twentieth of rows with the highest values.
    pub recall_at_5_percent: Option<Estimate>,
    /// Brier's score.
    pub brier: Option<Estimate>,
    /// 1 − its ratio to that of the base rate: above 0 is better.
    pub brier_skill: Option<Estimate>,
    /// Points of the curves at some shares of rows.
    pub curve: Vec<Point>,
}

/// Runs every watch over the past ([`watches`]) and scores all forecasters ([`scored`]).
///
/// # Errors
/// Counts that are none.
pub fn replay(
    past: &Past,
    onsets: &Onsets,
    forecasters: &[(String, Forecaster)],
    plan: &Plan,
) -> Result<Report, Refused> {
    let traces = watches(past, forecasters, plan.threads)?;
    Ok(scored(past, &traces, onsets, forecasters, plan))
}

/// The traces of the watches among forecasters, in their order.
///
/// # Errors
/// Counts that are none.
pub fn watches(
    past: &Past,
    forecasters: &[(String, Forecaster)],
    threads: usize,
) -> Result<Vec<Vec<Trace>>, Refused> {
    let settings = forecasters.iter().filter_map(|(_, forecaster)| match forecaster {
        Forecaster::Watch(settings) => Some(settings),
        _ => None,
    });
    settings.map(|settings| run(past, settings, threads)).collect()
}

/// Scores forecasters on one list of onsets, with the traces of the watches among them.
pub fn scored(
    past: &Past,
    traces: &[Vec<Trace>],
    onsets: &Onsets,
    forecasters: &[(String, Forecaster)],
    plan: &Plan,
) -> Report {
    let year = |day: i32| date(day).year();
    let (first, last) = match past.len() {
        0 => (1970, 1970),
        n => (
            year(past.last_day(0)),
            year(past.last_day(n - 1)).max(year(plan.until.min(past.last_day(n - 1)))),
        ),
    };
    let blocks = usize::try_from(last - first + 1).unwrap_or(1);
    let draws = Draws { seed: plan.seed, draws: plan.draws, blocks, threads: plan.threads };
    let places = places(past, traces, onsets, plan, first);
    let mut lines = Vec::new();
    let mut watches = traces.iter();
    let mut values = Vec::new();
    for (name, forecaster) in forecasters {
        values.push(match forecaster {
            Forecaster::Watch(settings) => {
                let Some(own) = watches.next() else { continue };
                let (alarms, outcomes) = compare(past, own, onsets, plan, first, blocks);
                lines.push(alarm_line(name, settings.threshold, &alarms, &outcomes, &draws));
                let value = |p: &Place| own[p.dyad].seen[p.at].value.unwrap_or(0.0);
                places.iter().map(value).collect()
            }
            other => rival(past, onsets, other, &places),
        });
    }
    let scored = Scored { past, places: &places, blocks, draws, horizon: plan.horizon };
    let (clear, thin) = sights(traces.first().map_or(&[], Vec::as_slice));
    Report {
        dyads: past.dyads.len(),
        clear,
        thin,
        rows: places.len(),
        events: places.iter().filter(|p| p.outcome).count(),
        blocks,
        seed: plan.seed,
        draws: plan.draws,
        alarms: lines,
        values: scored.lines(forecasters, &values),
    }
}

/// The shares of dyad-periods that are seen clearly, and of which little is reported.
fn sights(traces: &[Trace]) -> (f64, f64) {
    let (mut clear, mut thin, mut all) = (0.0, 0.0, 0.0_f64);
    for seen in traces.iter().flat_map(|t| &t.seen) {
        all += 1.0;
        match seen.sight {
            Sight::Clear => clear += 1.0,
            Sight::Thin if seen.value.is_some() => thin += 1.0,
            _ => {}
        }
    }
    (clear / all.max(1.0), thin / all.max(1.0))
}

fn alarm_line(
    name: &str,
    threshold: f64,
    alarms: &Alarms,
    onsets: &Outcomes,
    draws: &Draws,
) -> AlarmLine {
    let sum = |of: &[f64]| of.iter().sum::<f64>();
    let share = |above: &[f64], below: &[f64]| {
        let blocks: Vec<(f64, f64)> = above.iter().copied().zip(below.iter().copied()).collect();
        draws.estimate(|weights| ratio(&blocks, weights))
    };
    let both = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<f64>>();
    let hundred: Vec<f64> = alarms.dyad_years.iter().map(|years| years / 100.0).collect();
    AlarmLine {
        name: name.to_owned(),
        threshold,
        onsets: sum(&onsets.onsets),
        seen: sum(&onsets.seen),
        foreseen: sum(&onsets.foreseen),
        on: sum(&onsets.on),
        noticed: sum(&onsets.noticed),
        recall: share(&onsets.foreseen, &onsets.onsets),
        found: share(&both(&onsets.foreseen, &onsets.noticed), &onsets.onsets),
        lead: crate::score::median(&onsets.lead),
        delay: crate::score::median(&onsets.delay),
        hits: sum(&alarms.hits),
        wrong: sum(&alarms.wrong),
        during: sum(&alarms.during),
        censored: sum(&alarms.censored),
        precision: share(&alarms.hits, &both(&alarms.hits, &alarms.wrong)),
        wrong_a_year: share(&alarms.wrong, &alarms.years),
        wrong_in_100_dyad_years: share(&alarms.wrong, &hundred),
    }
}

/// What all forecasters are scored on.
struct Scored<'a> {
    past: &'a Past,
    places: &'a [Place],
    blocks: usize,
    draws: Draws,
    horizon: i32,
}

impl Scored<'_> {
    fn lines(&self, forecasters: &[(String, Forecaster)], values: &[Vec<f64>]) -> Vec<ValueLine> {
        let rankings: Vec<Ranking> = values.iter().map(|v| self.ranking(v, |_| true)).collect();
        let simple = forecasters.iter().position(|(_, f)| matches!(f, Forecaster::Reports { .. }));
        let base = self.brier(&Forecaster::BaseRate, &vec![0.0; self.places.len()]);
        let line = |((name, forecaster), (values, ranking)): (
            &(String, Forecaster),
            (&Vec<f64>, &Ranking),
        )| {
            let clear = self.ranking(values, |place| place.clear);
            let within = self.within(values);
            let brier = self.brier(forecaster, values);
            let gain = |w: &[f64]| Some(ranking.auc(w)? - rankings[simple?].auc(w)?);
            // Without an event there is nothing to be good at.
            let skill = |w: &[f64]| {
                Some(1.0 - brier.score(w)? / base.score(w)?).filter(|_| ranking.events(w) > 0.0)
            };
            ValueLine {
                name: name.clone(),
                auc: self.draws.estimate(|w| ranking.auc(w)),
                auc_gain: self.draws.estimate(gain),
                auc_clear: self.draws.estimate(|w| clear.auc(w)),
                auc_within: self.draws.estimate(|w| within.share(w)),
                average_precision: self.draws.estimate(|w| ranking.average_precision(w)),
                recall_at_5_percent: self.draws.estimate(|w| ranking.recall_at(FLAGGED, w)),
                brier: self.draws.estimate(|w| brier.score(w)),
                brier_skill: self.draws.estimate(skill),
                curve: ranking.curve_at(&[0.01, 0.02, 0.05, 0.1, 0.2]),
            }
        };
        forecasters.iter().zip(values.iter().zip(&rankings)).map(line).collect()
    }

    fn ranking(&self, values: &[f64], keep: impl Fn(&Place) -> bool) -> Ranking {
        let rows = self.places.iter().zip(values).filter(|(place, _)| keep(place));
        let unit = |(place, value): (&Place, &f64)| Unit {
            block: place.block,
            value: *value,
            outcome: place.outcome,
        };
        Ranking::new(&rows.map(unit).collect::<Vec<_>>(), self.blocks)
    }

    fn within(&self, values: &[f64]) -> Pairs {
        let mut dyads: Vec<Vec<Unit>> = vec![Vec::new(); self.past.dyads.len()];
        for (place, value) in self.places.iter().zip(values) {
            let unit = Unit { block: place.block, value: *value, outcome: place.outcome };
            dyads[place.dyad].push(unit);
        }
        Pairs::within(dyads.iter().map(Vec::as_slice), self.blocks)
    }

    fn brier(&self, forecaster: &Forecaster, values: &[f64]) -> Brier {
        let given = calibrated(self.past, self.places, values, &edges(forecaster), self.horizon);
        let row = |(p, given): (&Place, Option<f64>)| Some((p.block, given?, p.outcome));
        let rows = self.places.iter().zip(given).filter_map(row);
        Brier::new(rows, self.blocks)
    }
}
