//! Fatalities by country and month, and events by pair of actors and month, from event files.

use std::collections::BTreeMap;

use comity_datasets::cells::Cell;
use comity_datasets::formats::{Content, parts};
use comity_measures::forecast::{Analogues, analogues, pooled, rolling, spread};
use comity_measures::threads;

use crate::Done;
use crate::table::{Method, differences, scores};

/// State-based fatalities (best) of each country in each month in which a file has the country at all.
fn read(files: &[&str]) -> Done<BTreeMap<i64, BTreeMap<i32, f64>>> {
    let mut by: BTreeMap<i64, BTreeMap<i32, f64>> = BTreeMap::new();
    let mut left = BTreeMap::<&str, usize>::new();
    for file in files {
        let mut reader = csv::Reader::from_path(file)?;
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or(format!("{file}: no column {name}"))
        };
        let (country, kind) = (column("country_id")?, column("type_of_violence")?);
        let (day, best) = (column("date_start")?, column("best")?);
        for row in reader.records() {
            let row = row?;
            let month = month(row[day].get(..7).unwrap_or_default());
            match (row[country].parse(), month, row[best].parse::<f64>()) {
                (Ok(country), Some(month), Ok(deaths)) if &row[kind] == "1" => {
                    *by.entry(country).or_default().entry(month).or_default() += deaths;
                }
                (Ok(_), Some(_), Ok(_)) => *left.entry("not state-based").or_default() += 1,
                _ => *left.entry("no country, day or number").or_default() += 1,
            }
        }
    }
    println!("rows left out: {left:?}");
    Ok(by)
}

/// Months since year 0.
fn month(text: &str) -> Option<i32> {
    let (year, month) = text.split_once('-')?;
    let month: i32 = month.parse().ok()?;
    Some(12 * year.parse::<i32>().ok()? + month - 1)
}

/// Events of material conflict (CAMEO 14 to 20) by directed pair of actors and month, from a file of R with date, source, target and code.
/// Actors are the first three letters; pairs are those with twelve events or more, of any kind, before the first month that is forecast.
fn pairs(file: &str, from: i32) -> Done<BTreeMap<(String, String), BTreeMap<i32, f64>>> {
    let part = parts(file, &std::fs::read(file)?)?.into_iter().next().ok_or("no table")?;
    let Content::Table(cells) = part.content else { return Err("no table of R".into()) };
    let at = |name: &str| cells.column(name).ok_or(format!("{file}: no column {name}"));
    let (date, source, target, code) = (at("date")?, at("source")?, at("target")?, at("code")?);
    let mut by: BTreeMap<(String, String), BTreeMap<i32, f64>> = BTreeMap::new();
    let (mut seen, mut within) = (BTreeMap::new(), 0);
    for row in 0..cells.len() {
        let actor = |at: usize| cells.get(row, at).get(..3).unwrap_or_default().to_owned();
        let when = match cells.cell(row, date) {
            Cell::Date(day) => 12 * i32::from(day.year()) + i32::from(day.month()) - 1,
            other => return Err(format!("{file}, row {row}: the date is {other:?}").into()),
        };
        let (a, b) = (actor(source), actor(target));
        if a == b {
            within += 1;
            continue;
        }
        if when < from {
            *seen.entry((a.clone(), b.clone())).or_insert(0) += 1;
        }
        let root: u32 = cells.get(row, code).get(..2).unwrap_or_default().parse().unwrap_or(0);
        let counts = f64::from(u8::from((14..=20).contains(&root)));
        *by.entry((a, b)).or_default().entry(when).or_default() += counts;
    }
    let all = by.len();
    by.retain(|pair, _| seen.get(pair).is_some_and(|events| *events >= 12));
    println!(
        "pairs {all}, of them {} with twelve events before; events within one actor left out: {within}",
        by.len()
    );
    Ok(by)
}

pub fn report(files: &[&str], first: &str, last: &str) -> Done {
    let (from, to) =
        (month(first).ok_or("FIRST is no month")?, month(last).ok_or("LAST is no month")?);
    let found: Vec<BTreeMap<i32, f64>> = match files {
        [file] if file.ends_with("RData") => pairs(file, from)?.into_values().collect(),
        _ => read(files)?.into_values().collect(),
    };
    let begin = found.iter().filter_map(|m| m.keys().next()).min().copied().ok_or("no events")?;
    // A file has its units whole: a month without events is one without any.
    let series: Vec<Vec<Option<f64>>> = found
        .iter()
        .map(|m| (begin..=to).map(|at| Some(m.get(&at).copied().unwrap_or(0.0))).collect())
        .collect();
    let slices: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
    for ahead in [1, 3, 6] {
        horizon(&slices, (from - begin) as usize, ahead)?;
    }
    Ok(())
}

fn horizon(series: &[&[Option<f64>]], from: usize, ahead: usize) -> Done {
    let model = |seen: &[&[Option<f64>]]| {
        let all = analogues(seen, ahead, &Analogues::MONTHLY, threads())?;
        Ok(all.into_iter().map(|f| Some(f.samples)).collect())
    };
    let past = |name, months: usize| -> Done<Method> {
        let method = |seen: &[&[Option<f64>]]| {
            Ok(seen.iter().map(|h| Some(spread(&pooled(h, months, false)?, 1000))).collect())
        };
        Method::new(name, rolling(series, from, ahead, method)?.rows)
    };
    let all = [
        Method::new("model", rolling(series, from, ahead, model)?.rows)?,
        past("last month", 1)?,
        past("five pooled months", 5)?,
        past("twelve pooled months", 12)?,
    ];
    scores(&format!("{ahead} ahead, {} units", series.len()), &all)?;
    differences(&all[0], &all[1..])
}
