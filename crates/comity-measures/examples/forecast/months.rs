//! Fatalities by country and month, from event files.

use std::collections::BTreeMap;

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

pub fn report(files: &[&str], first: &str, last: &str) -> Done {
    let found = read(files)?;
    let (from, to) =
        (month(first).ok_or("FIRST is no month")?, month(last).ok_or("LAST is no month")?);
    let begin = found.values().filter_map(|m| m.keys().next()).min().copied().ok_or("no events")?;
    // The files have whole countries: a month without events is one without deaths.
    let series: Vec<Vec<Option<f64>>> = found
        .values()
        .map(|m| (begin..=to).map(|at| Some(m.get(&at).copied().unwrap_or(0.0))).collect())
        .collect();
    let slices: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
    let from = (from - begin) as usize;
    let model = |ahead: usize| -> Done<Method> {
        let method = |seen: &[&[Option<f64>]]| {
            let all = analogues(seen, ahead, &Analogues::MONTHLY, threads())?;
            Ok(all.into_iter().map(|f| Some(f.samples)).collect())
        };
        Method::new("model", rolling(&slices, from, ahead, method)?.rows)
    };
    let past = |name, months: usize, ahead: usize| -> Done<Method> {
        let method = |seen: &[&[Option<f64>]]| {
            Ok(seen.iter().map(|h| Some(spread(&pooled(h, months, false)?, 1000))).collect())
        };
        Method::new(name, rolling(&slices, from, ahead, method)?.rows)
    };
    for ahead in [1, 3, 6] {
        let mut all = vec![model(ahead)?];
        all.push(past("last month", 1, ahead)?);
        all.push(past("five pooled months", 5, ahead)?);
        all.push(past("twelve pooled months", 12, ahead)?);
        scores(&format!("{ahead} ahead, {} countries", series.len()), &all)?;
        differences(&all[0], &all[1..])?;
    }
    Ok(())
}
