//! The watch of today run over the past of published events, and scored.
//!
//! ```text
//! replay DATA [SEED [DRAWS [THREADS [REGION]]]]
//! ```
//!
//! `DATA` is a folder with the published files (see `docs/watch.md`). Every table of that page comes from here. With a region (Levant, Gulf,
//! Balkans) only its pairs without direction are gone through.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what an example is for")]

mod onsets;
mod series;
mod summary;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use comity_events::alarm::{Dyad, Watcher, World};
use comity_events::detect::{Method, Observed, Period, Settings, date, day};
use comity_events::replay::{Forecaster, Onset, Onsets, Past, Plan, Report, scored, watches};
use jiff::civil::Date;
use onsets::Events;
use series::{Counts, Kind, counts};

/// A region: its file, and the states whose pairs are watched.
struct Region {
    name: &'static str,
    file: &'static str,
    states: &'static [i32],
}

const LEVANT: Region = Region {
    name: "Levant",
    file: "events-keds/levant.cameo.RData",
    states: &[2, 620, 630, 640, 645, 651, 652, 660, 663, 666, 670, 690],
};

const REGIONS: [Region; 3] = [
    LEVANT,
    Region {
        name: "Gulf",
        file: "events-keds/gulf.cameo.RData",
        states: &[2, 365, 630, 640, 645, 651, 652, 663, 666, 670, 690, 692, 694, 696, 698],
    },
    Region {
        name: "Balkans",
        file: "events-keds/balkans.weis.RData",
        states: &[
            2, 200, 220, 255, 310, 325, 339, 343, 344, 345, 346, 349, 350, 355, 360, 365, 640,
        ],
    },
];

/// A list of onsets.
struct List {
    name: &'static str,
    directed: bool,
    onsets: Vec<Onset>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let data = Path::new(arguments.first().ok_or("name the folder of the published files")?);
    let number = |at: usize, default: u64| arguments.get(at).map_or(Ok(default), |t| t.parse());
    let plan = Plan {
        horizon: 56,
        notice: 28,
        calm: 90,
        from: day(Date::new(1979, 1, 1)?),
        until: day(Date::new(2014, 12, 31)?),
        seed: number(1, 18)?,
        draws: number(2, 1000)? as u32,
        threads: number(3, 2)? as usize,
    };
    let lists = lists(data)?;
    let mut reports = Vec::new();
    if let Some(name) = arguments.get(4) {
        let region = REGIONS.iter().find(|region| region.name == name).ok_or("no such region")?;
        return of_region(data, region, false, &lists, &plan, &mut reports);
    }
    one_dyad(data)?;
    for region in &REGIONS {
        for directed in [false, true] {
            of_region(data, region, directed, &lists, &plan, &mut reports)?;
        }
    }
    by_year(data, &lists, &plan, &mut reports)?;
    summary::print(&reports);
    by_period(data, &lists, &plan)
}

fn lists(data: &Path) -> Result<Vec<List>, Box<dyn Error>> {
    let mie = data.join("mie-1.0/mie-1.0.csv");
    let list = |name, directed, onsets| List { name, directed, onsets };
    let pairs = |which| onsets::mie(&mie, false, which);
    Ok(vec![
        list("MIE confrontations", false, pairs(Events::Confrontations)?),
        list("MIE use of force", false, pairs(Events::Force)?),
        list("MIE events with deaths", false, pairs(Events::Deaths)?),
        list(
            "COW disputes with force",
            false,
            onsets::mid(&data.join("cow-mid/dyadic_mid_4.02.csv"))?,
        ),
        list(
            "UCDP conflicts between states",
            false,
            onsets::ucdp(&data.join("ucdp/UcdpPrioConflict_v25_1.csv"))?,
        ),
        list(
            "MIE confrontations, directed",
            true,
            onsets::mie(&mie, true, Events::Confrontations)?,
        ),
        list("MIE use of force, directed", true, onsets::mie(&mie, true, Events::Force)?),
    ])
}

/// The alarms of one dyad, one after the other, to be read by a person.
fn one_dyad(data: &Path) -> Result<(), Box<dyn Error>> {
    let counts = counts(&data.join(LEVANT.file), Kind::Material, true)?;
    let dyad = Dyad::directed(666, 660);
    let settings = Settings::new(Method::Cusum, Period::Week);
    let past = past(&LEVANT, &counts, true, Period::Week);
    let (mut watcher, mut world) = (Watcher::new(dyad, settings.clone()), World::new(&settings));
    let at = past.dyads.iter().position(|(d, _)| *d == dyad).ok_or("the dyad is not watched")?;
    println!("## Alarms of one dyad: material conflict of Israel (666) against Lebanon (660)\n");
    for period in 0..past.len() {
        let all: f64 =
            past.dyads.iter().filter_map(|(_, c)| c[period]).map(|[count, _]| count).sum();
        let observed: Observed = past.observed(at, period);
        let world = world.step(observed.period, all, observed.all)?;
        let told = watcher.step(&observed, world)?;
        if let Some(alarm) = told.alarm.filter(|_| told.new) {
            println!("* {alarm}");
        }
    }
    println!();
    Ok(())
}

fn of_region(
    data: &Path,
    region: &Region,
    directed: bool,
    lists: &[List],
    plan: &Plan,
    reports: &mut Vec<(String, Report)>,
) -> Result<(), Box<dyn Error>> {
    let counts = counts(&data.join(region.file), Kind::Conflict, directed)?;
    let end = counts.first_day + counts.all.len() as i32 - 1;
    println!(
        "## {}, {} to {}{}\n\n{} events, {} of them without two different states.\n",
        region.name,
        date(counts.first_day),
        date(end),
        if directed { ", directed" } else { "" },
        counts.events,
        counts.unplaced,
    );
    let past = past(region, &counts, directed, Period::Week);
    let forecasters = forecasters(Period::Week);
    let start = Instant::now();
    let traces = watches(&past, &forecasters, plan.threads)?;
    eprintln!(
        "{}, {} dyads, four watches: {:.2} s",
        region.name,
        past.dyads.len(),
        start.elapsed().as_secs_f64()
    );
    for list in lists.iter().filter(|list| list.directed == directed) {
        let start = Instant::now();
        let onsets = Onsets::new(list.onsets.iter().copied(), plan.calm);
        let report = scored(&past, &traces, &onsets, &forecasters, plan);
        println!("### {}: {}\n\n{}", region.name, list.name, report.markdown());
        if region.name == LEVANT.name && list.name == lists[0].name {
            println!("{}", report.curves());
        }
        eprintln!("{}, {}, scores: {:.2} s", region.name, list.name, start.elapsed().as_secs_f64());
        reports.push((format!("{}, {}", region.name, list.name), report));
    }
    Ok(())
}

/// What changes with the period, the kind of events and the horizon.
fn by_period(data: &Path, lists: &[List], plan: &Plan) -> Result<(), Box<dyn Error>> {
    println!("## Levant: other periods, events and horizons, against {}\n", lists[1].name);
    println!(
        "| events | period | horizon, days | watch | foreseen of | noticed | false a year | ROC area | within dyads |\n|---|---|--:|---|--:|--:|--:|--:|--:|"
    );
    let plan = Plan { draws: 200, ..plan.clone() };
    for kind in [Kind::Conflict, Kind::Material] {
        let counts = counts(&data.join(LEVANT.file), kind, false)?;
        for period in [Period::Day, Period::Week, Period::Month] {
            let past = past(&LEVANT, &counts, false, period);
            let forecasters = forecasters(period);
            let traces = watches(&past, &forecasters, plan.threads)?;
            for horizon in [28, 56, 182] {
                let plan = Plan { horizon, ..plan.clone() };
                let onsets = Onsets::new(lists[1].onsets.iter().copied(), plan.calm);
                let report = scored(&past, &traces, &onsets, &forecasters, &plan);
                lines(&report, kind, period, horizon);
            }
        }
    }
    println!();
    Ok(())
}

fn lines(report: &Report, kind: Kind, period: Period, horizon: i32) {
    for (alarm, value) in report.alarms.iter().zip(&report.values) {
        let show = |e: Option<comity_events::score::Estimate>| {
            e.map_or("–".to_owned(), |e| format!("{:.3}", e.value))
        };
        println!(
            "| {} | {period} | {horizon} | {} | {} of {} | {} | {} | {} | {} |",
            if kind == Kind::Material { "material" } else { "all conflict" },
            alarm.name,
            alarm.foreseen,
            alarm.onsets,
            alarm.noticed,
            show(alarm.wrong_a_year),
            show(value.auc),
            show(value.auc_within),
        );
    }
}

/// Yearly counts of the world.
fn by_year(
    data: &Path,
    lists: &[List],
    plan: &Plan,
    reports: &mut Vec<(String, Report)>,
) -> Result<(), Box<dyn Error>> {
    let past = series::years(&data.join("events-icews/icews_dyadyear_netify.rda"))?;
    let plan = Plan { horizon: 365, notice: 365, ..plan.clone() };
    println!(
        "## ICEWS dyad-years, {} to {}\n",
        date(past.period.first_day(past.first)),
        date(past.last_day(past.len().saturating_sub(1)))
    );
    let forecasters = forecasters(Period::Year);
    let start = Instant::now();
    let traces = watches(&past, &forecasters, plan.threads)?;
    eprintln!(
        "ICEWS, {} dyads, four watches: {:.2} s",
        past.dyads.len(),
        start.elapsed().as_secs_f64()
    );
    for list in lists.iter().filter(|list| !list.directed) {
        let onsets = Onsets::new(list.onsets.iter().copied(), plan.calm);
        let report = scored(&past, &traces, &onsets, &forecasters, &plan);
        println!("### ICEWS: {}\n\n{}", list.name, report.markdown());
        reports.push((format!("ICEWS by year, {}", list.name), report));
    }
    Ok(())
}

/// All pairs of a region, while both are states.
fn past(region: &Region, counts: &Counts, directed: bool, period: Period) -> Past {
    let none = Vec::new();
    let mut dyads = Vec::new();
    for a in region.states {
        for b in region.states.iter().filter(|b| if directed { *b != a } else { *b > a }) {
            let dyad = if directed { Dyad::directed(*a, *b) } else { Dyad::undirected(*a, *b) };
            let (events, reports) = counts.dyads.get(&dyad).map_or((&none, &none), |(e, r)| (e, r));
            dyads.push((dyad, events.as_slice(), reports.as_slice()));
        }
    }
    let there = |dyad: Dyad, day: i32| {
        let year = i32::from(date(day).year());
        [dyad.actor, dyad.target].iter().all(|s| comity_datasets::codes::in_system(*s, year))
    };
    Past::from_daily(period, counts.first_day, &counts.all, dyads).where_there(there)
}

fn forecasters(period: Period) -> Vec<(String, Forecaster)> {
    let watch = |m: Method| (m.name().to_owned(), Forecaster::Watch(Settings::new(m, period)));
    let (month, year) = match period {
        Period::Day => (28, 364),
        Period::Week => (4, 52),
        Period::Month => (1, 12),
        Period::Year => (1, 3),
    };
    let mut all: Vec<_> = Method::ALL.into_iter().map(watch).collect();
    let names = if period == Period::Year { ["year", "three years"] } else { ["month", "year"] };
    all.push((format!("news of last {}", names[0]), Forecaster::Reports { periods: month }));
    all.push((format!("news of last {}", names[1]), Forecaster::Reports { periods: year }));
    all.push(("crisis in last 6 months".to_owned(), Forecaster::Crisis { days: 182 }));
    all.push(("crisis in last year".to_owned(), Forecaster::Crisis { days: 365 }));
    all.push(("base rate".to_owned(), Forecaster::BaseRate));
    all
}
