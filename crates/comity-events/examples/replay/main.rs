//! The watch of today run over the past of published events, and scored.
//!
//! ```text
//! replay DATA [SEED [DRAWS [THREADS]]]
//! ```
//!
//! `DATA` is a folder with the published files (see `docs/watch.md`). Every table of that page comes from here.

#![allow(clippy::print_stdout, reason = "what an example is for")]

mod onsets;
mod series;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use comity_events::alarm::Dyad;
use comity_events::detect::{Method, Period, Settings, date, day};
use comity_events::replay::{Forecaster, Onset, Onsets, Past, Plan, replay};
use jiff::civil::Date;
use series::{Counts, Kind, counts};

/// A region: its file, and the states whose pairs are watched.
struct Region {
    name: &'static str,
    file: &'static str,
    states: &'static [i32],
}

const REGIONS: [Region; 3] = [
    Region {
        name: "Levant",
        file: "events-keds/levant.cameo.RData",
        states: &[2, 620, 630, 640, 645, 651, 652, 660, 663, 666, 670, 690],
    },
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

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let data = Path::new(arguments.first().ok_or("name the folder of the published files")?);
    let number =
        |at: usize, default: u64| arguments.get(at).map_or(Ok(default), |text| text.parse());
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
    let mie = data.join("mie-1.0/mie-1.0.csv");
    let lists: [(&str, bool, Vec<Onset>); 5] = [
        ("MIE confrontations", false, onsets::mie(&mie, false, 1, true)?),
        ("MIE confrontations, directed", true, onsets::mie(&mie, true, 1, true)?),
        ("MIE, use of force after 90 days without", false, onsets::mie(&mie, false, 4, false)?),
        ("COW disputes with force", false, onsets::mid(&data.join("cow-mid/dyadic_mid_4.02.csv"))?),
        (
            "UCDP conflicts between states",
            false,
            onsets::ucdp(&data.join("ucdp/UcdpPrioConflict_v25_1.csv"))?,
        ),
    ];
    for region in &REGIONS {
        for directed in [false, true] {
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
            let past = past(region, &counts, directed);
            for (name, _, list) in lists.iter().filter(|(_, d, _)| *d == directed) {
                let start = Instant::now();
                let onsets = Onsets::new(list.iter().copied(), plan.calm);
                let report = replay(&past, &onsets, &forecasters(Period::Week), &plan)?;
                println!("### {}: {name}\n\n{}", region.name, report.markdown());
                eprintln!("{} {name}: {:.2} s", region.name, start.elapsed().as_secs_f64());
            }
        }
    }
    Ok(())
}

/// All pairs of a region by week, while both are states.
fn past(region: &Region, counts: &Counts, directed: bool) -> Past {
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
    Past::from_daily(Period::Week, counts.first_day, &counts.all, dyads).where_there(there)
}

fn forecasters(period: Period) -> Vec<(String, Forecaster)> {
    let watch = |method: Method| {
        (method.name().to_owned(), Forecaster::Watch(Settings::new(method, period)))
    };
    let mut all: Vec<_> = Method::ALL.into_iter().map(watch).collect();
    all.push(("news of last month".to_owned(), Forecaster::Reports { periods: 4 }));
    all.push(("news of last year".to_owned(), Forecaster::Reports { periods: 52 }));
    all.push(("crisis in last 6 months".to_owned(), Forecaster::Crisis { days: 182 }));
    all.push(("crisis in last year".to_owned(), Forecaster::Crisis { days: 365 }));
    all.push(("base rate".to_owned(), Forecaster::BaseRate));
    all
}
