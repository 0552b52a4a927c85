//! Forecasts that are sealed before their period, and scored when it is over.

use std::collections::{BTreeMap, BTreeSet};

use comity_measures::forecast::{
    Analogues, Given, Header, Input, Outcome, Row, Sealed, Target, analogues, open, seal,
};
use comity_measures::scores::{VIEWS_BINS, by_groups};
use comity_policy::audit::StateHead;
use comity_record::Record as Tables;
use comity_record::columns::{int, ints};
use comity_record::schema::table;
use jiff::civil::Date;
use serde::Serialize;

use crate::{Error, Record};

/// What is forecast, in words.
const OUTCOME: &str = "state-based fatalities within the state, UCDP best estimate";

/// A forecast of one state and year, for people.
#[derive(Debug, Clone, Serialize)]
pub struct Forecast {
    /// The state.
    pub state: StateHead,
    /// The year.
    pub year: i32,
    /// The last year that is known.
    pub known_to: i32,
    /// Its value, if it is known.
    pub last: Option<f64>,
    /// The chance of any deaths.
    pub any: f64,
    /// The chance of a thousand or more.
    pub war: f64,
    /// The quantiles at 0.05, 0.25, 0.5, 0.75 and 0.95.
    pub quantiles: [f64; 5],
    /// The effective number of earlier moments that it rests on.
    pub effective: f64,
}

/// Forecasts of a year, and the file that seals them.
#[derive(Debug, Clone)]
pub struct Made {
    /// The forecasts, by `ccode`.
    pub forecasts: Vec<Forecast>,
    /// The file.
    pub sealed: String,
}

/// The scores of a file.
#[derive(Debug, Clone, Serialize)]
pub struct Scored {
    /// The header of the file.
    pub header: Header,
    /// Whether a period had begun when it was made: then it is no forecast.
    pub hindcast: bool,
    /// How many forecasts were scored.
    pub n: usize,
    /// How many have no outcome yet.
    pub unknown: usize,
    /// Outcomes of the same periods that were not forecast.
    pub unforecast: usize,
    /// The scores of the file, then of the benchmarks on the same state-years: last year, five and twelve years pooled.
    pub scores: Vec<Line>,
}

/// The mean scores of one forecaster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Whose.
    pub name: String,
    /// How many it could forecast.
    pub n: usize,
    /// Continuous ranked probability score, persons; lower is better.
    pub crps: f64,
    /// Its 95 % interval, by bootstrap over states.
    pub crps_interval: (f64, f64),
    /// Ignorance score, bits.
    pub ign: f64,
    /// Its interval.
    pub ign_interval: (f64, f64),
    /// Mean interval score at 90 %, persons.
    pub mis: f64,
    /// Its interval.
    pub mis_interval: (f64, f64),
}

/// The level of the interval score.
const ALPHA: f64 = 0.10;
/// Draws of the bootstrap, and their seed.
const DRAWS: usize = 2_000;
/// The seed.
pub const SEED: u64 = 1816;

type History = BTreeMap<i32, BTreeMap<i32, f64>>;

impl Record {
    /// Forecasts the fatalities of every state in the year after the last one known (or a later one), and seals them. `made_on` is the day of
    /// making, as its maker says.
    ///
    /// ```
    /// let error = comity::Record::starter().forecast(None, "2026-11-28".parse()?).unwrap_err();
    /// assert!(error.help[0].contains("ucdp-organized-violence"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A record without the data; a year that is known already.
    pub fn forecast(&self, year: Option<i32>, made_on: Date) -> Result<Made, Error> {
        let tables = self.tables();
        let (history, source) = history(tables)?;
        let known_to = last(&history);
        // A year that has begun is no longer forecast, unless it is asked for by name.
        let begun = i32::from(made_on.year()) + i32::from(made_on.day_of_year() > 1);
        let year = year.unwrap_or((known_to + 1).max(begun));
        if !(known_to + 1..=known_to + 10).contains(&year) {
            return Err(Error::new(format!(
                "the record knows the years to {known_to}: {year} cannot be forecast"
            ))
            .help(format!("name a year from {} to {}", known_to + 1, known_to + 10)));
        }
        let forecasts = of_year(tables, &history, known_to, (year - known_to) as usize)?;
        let system = tables.states()?;
        let shown = forecasts.iter().map(|(ccode, f)| {
            let share = |at_least: f64| {
                f.samples.iter().filter(|s| **s >= at_least).count() as f64 / f.samples.len() as f64
            };
            let quantile = |q: f64| {
                f.samples[((q * f.samples.len() as f64) as usize).min(f.samples.len() - 1)]
            };
            Forecast {
                state: StateHead::of(system, *ccode, year.min(tables.last_year())),
                year,
                known_to,
                last: history.get(ccode).and_then(|h| h.get(&known_to)).copied(),
                any: share(0.5),
                war: share(1000.0),
                quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(quantile),
                effective: f.effective,
            }
        });
        let day = |m: i8, d: i8| jiff::civil::date(year as i16, m, d).to_string();
        let rows: Vec<Row> = forecasts
            .iter()
            .map(|(ccode, f)| Row {
                of: ccode.to_string(),
                from: day(1, 1),
                to: day(12, 31),
                given: Given::of_samples(&f.samples),
            })
            .collect();
        let header = Header {
            outcome: OUTCOME.into(),
            target: Target::Amount,
            unit: "country-year".into(),
            model: "analogues".into(),
            model_version: format!("1: {:?}", Analogues::YEARLY),
            seed: None,
            made_on: made_on.to_string(),
            known_to: format!("{known_to}-12-31"),
            inputs: vec![Input {
                name: format!("{source}, in a record of comity {}", env!("CARGO_PKG_VERSION")),
                sha256: self.fingerprint()?,
            }],
        };
        Ok(Made { forecasts: shown.collect(), sealed: seal(&header, &rows).map_err(of_measures)? })
    }

    /// Scores a sealed file against the record, beside its benchmarks.
    ///
    /// # Errors
    /// A file that was changed; one that was made after its period had begun, unless `hindcasts` allows it; a record without the data.
    pub fn score_forecast(&self, text: &str, hindcasts: bool) -> Result<Scored, Error> {
        let file: Sealed = open(text).map_err(of_measures)?;
        let (history, _) = history(self.tables())?;
        let years: BTreeSet<i32> =
            file.rows.iter().filter_map(|r| r.from.get(..4)?.parse().ok()).collect();
        let outcomes: Vec<Outcome> = history
            .iter()
            .flat_map(|(ccode, h)| {
                h.iter().filter(|(y, _)| years.contains(y)).map(move |(y, v)| (ccode, y, v))
            })
            .map(|(ccode, year, value)| Outcome {
                of: ccode.to_string(),
                from: format!("{year}-01-01"),
                value: *value,
            })
            .collect();
        let matched = file.matched(&outcomes, hindcasts).map_err(of_measures)?;
        if matched.rows.is_empty() {
            return Err(Error::new("no year of the file is known yet: nothing can be scored")
                .help("add the edition of the data that covers it, and score again"));
        }
        let known = |row: &Row| -> Option<(i32, i32)> {
            Some((row.of.parse().ok()?, row.from.get(..4)?.parse().ok()?))
        };
        let mut scores = vec![line(
            "the file",
            matched
                .rows
                .iter()
                .filter_map(|(row, y)| Some((known(row)?.0, row.given.samples(), *y))),
        )?];
        for (name, back) in
            [("last year", 1), ("five years pooled", 5), ("twelve years pooled", 12)]
        {
            let of = |(row, y): &(&Row, f64)| {
                let (ccode, year) = known(row)?;
                let past: Option<Vec<f64>> =
                    (1..=back).map(|b| history.get(&ccode)?.get(&(year - b)).copied()).collect();
                let samples = comity_measures::forecast::spread(&past?, 1000);
                Some((ccode, samples, *y))
            };
            scores.push(line(name, matched.rows.iter().filter_map(of))?);
        }
        Ok(Scored {
            hindcast: matched.hindcast,
            n: matched.rows.len(),
            unknown: matched.unknown.len(),
            unforecast: matched.unforecast.len(),
            scores,
            header: file.header.clone(),
        })
    }
}

fn of_measures(error: comity_measures::Error) -> Error {
    Error::new(error.to_string())
}

fn line(name: &str, rows: impl Iterator<Item = (i32, Vec<f64>, f64)>) -> Result<Line, Error> {
    let (mut groups, mut crps, mut ign, mut mis) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (ccode, samples, y) in rows {
        groups.push(i64::from(ccode));
        crps.push(comity_measures::scores::crps(&samples, y).map_err(of_measures)?);
        ign.push(
            comity_measures::scores::ignorance(&samples, y, &VIEWS_BINS).map_err(of_measures)?,
        );
        mis.push(comity_measures::scores::interval_score(&samples, y, ALPHA).map_err(of_measures)?);
    }
    let means = by_groups(&groups, &[&crps, &ign, &mis], DRAWS, SEED).map_err(of_measures)?;
    let of = |at: usize| (means[at].value, (means[at].low, means[at].high));
    let ((crps_mean, crps_interval), (ign, ign_interval), (mis, mis_interval)) =
        (of(0), of(1), of(2));
    Ok(Line {
        name: name.into(),
        n: crps.len(),
        crps: crps_mean,
        crps_interval,
        ign,
        ign_interval,
        mis,
        mis_interval,
    })
}

/// Deaths by state and year, and the source.
fn history(tables: &Tables) -> Result<(History, String), Error> {
    let name = "organized_violence";
    let baseline = tables.baseline();
    let rows = tables.table(name, &baseline)?;
    let mut all = History::new();
    let (ccode, year, deaths) =
        (ints(&rows, "ccode"), ints(&rows, "year"), ints(&rows, "state_based_deaths"));
    for row in 0..rows.num_rows() {
        if let (Some(ccode), Some(year), Some(deaths)) =
            (int(ccode, row), int(year, row), int(deaths, row))
        {
            all.entry(ccode).or_default().insert(year, f64::from(deaths));
        }
    }
    if all.is_empty() {
        let doc = table(name).map_or("", |t| t.doc);
        return Err(Error::new(format!("the record has no rows of {name} ({doc})"))
            .help("add ucdp-organized-violence: `comity record sources ucdp-organized-violence` says where it is"));
    }
    Ok((all, baseline.sources(table(name).map_or(name, |t| t.family)).join(", ")))
}

fn last(history: &History) -> i32 {
    history.values().filter_map(|h| h.keys().next_back()).copied().max().unwrap_or_default()
}

/// The forecasts of the states that are there at the end.
fn of_year(
    tables: &Tables,
    history: &History,
    known_to: i32,
    ahead: usize,
) -> Result<Vec<(i32, comity_measures::forecast::Forecast)>, Error> {
    let first = history.values().filter_map(|h| h.keys().next()).copied().min().unwrap_or(known_to);
    let system = tables.states()?;
    let codes: Vec<i32> = history.keys().copied().collect();
    let series: Vec<Vec<Option<f64>>> = history
        .values()
        .map(|h| (first..=known_to).map(|y| h.get(&y).copied()).collect())
        .collect();
    let slices: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
    let all = analogues(&slices, ahead, &Analogues::YEARLY, comity_measures::threads())
        .map_err(of_measures)?;
    let there = |ccode: &i32| system.is_member(*ccode, known_to.min(tables.last_year()));
    Ok(codes.into_iter().zip(all).filter(|(ccode, _)| there(ccode)).collect())
}
