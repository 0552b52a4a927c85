//! Fatalities by country and year.

use std::collections::BTreeMap;

use comity_measures::forecast::{Analogues, Held, analogues, pooled, rolling, spread};
use comity_measures::threads;

use crate::Done;
use crate::table::{Method, calibration, differences, scores};

/// The largest rows of the last-year benchmark among Ethiopia (530) and Ukraine (369).
const FIVE: [(i64, i32); 5] = [(530, 2020), (530, 2021), (530, 2022), (530, 2023), (369, 2022)];

struct Panel {
    countries: Vec<i64>,
    names: Vec<String>,
    first: i32,
    deaths: Vec<Vec<Option<f64>>>,
}

impl Panel {
    fn read(file: &str, last: i32) -> Done<Self> {
        let mut reader = csv::Reader::from_path(file)?;
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or(format!("{file}: no column {name}"))
        };
        let (country, name) = (column("country_id_cy")?, column("country_cy")?);
        let (year, best) = (column("year_cy")?, column("sb_total_deaths_best_cy")?);
        let mut cells: Vec<(i64, String, i32, f64)> = Vec::new();
        for row in reader.records() {
            let row = row?;
            let at: i32 = row[year].parse()?;
            if at <= last {
                cells.push((row[country].parse()?, row[name].to_owned(), at, row[best].parse()?));
            }
        }
        let first = cells.iter().map(|c| c.2).min().ok_or("no rows")?;
        let periods = (last - first + 1) as usize;
        let mut by: BTreeMap<i64, (String, Vec<Option<f64>>)> = BTreeMap::new();
        for (country, name, year, deaths) in cells {
            let of = by.entry(country).or_insert_with(|| (name, vec![None; periods]));
            of.1[(year - first) as usize] = Some(deaths);
        }
        let countries = by.keys().copied().collect();
        let (names, deaths) = by.into_values().unzip();
        Ok(Self { countries, names, first, deaths })
    }

    fn slices(&self) -> Vec<&[Option<f64>]> {
        self.deaths.iter().map(Vec::as_slice).collect()
    }

    fn year(&self, row: &Held) -> i32 {
        self.first + row.period as i32
    }

    fn model(&self, first: i32, settings: &Analogues) -> Done<Method> {
        let from = (first - self.first) as usize;
        let method = |seen: &[&[Option<f64>]]| {
            let all = analogues(seen, 1, settings, threads())?;
            Ok(all.into_iter().map(|f| Some(f.samples)).collect())
        };
        Method::new("model", rolling(&self.slices(), from, 1, method)?.rows)
    }

    /// The last years pooled, as many samples as years, or spread to so many.
    fn pooled(
        &self,
        name: &'static str,
        first: i32,
        years: usize,
        samples: Option<usize>,
    ) -> Done<Method> {
        let from = (first - self.first) as usize;
        let method = |seen: &[&[Option<f64>]]| {
            let of = |h: &&[Option<f64>]| {
                let known = pooled(h, years, false)?;
                Some(samples.map_or_else(|| known.clone(), |n| spread(&known, n)))
            };
            Ok(seen.iter().map(of).collect())
        };
        Method::new(name, rolling(&self.slices(), from, 1, method)?.rows)
    }

    fn benchmarks(&self, first: i32, samples: Option<usize>) -> Done<Vec<Method>> {
        let last = self.pooled("last year", first, 1, samples)?;
        let zero = last
            .rows
            .iter()
            .map(|r| Held { samples: vec![0.0; samples.unwrap_or(1)], ..r.clone() });
        let zero = Method::new("always zero", zero.collect())?;
        let (five, twelve) = (
            self.pooled("five pooled years", first, 5, samples)?,
            self.pooled("twelve pooled years", first, 12, samples)?,
        );
        Ok(vec![last, five, twelve, zero])
    }
}

pub fn report(file: &str, first: i32, last: i32) -> Done {
    let panel = Panel::read(file, last)?;
    let model = panel.model(first, &Analogues::YEARLY)?;
    let whole = |row: &Held| {
        panel.deaths[row.unit][row.period.saturating_sub(12)..row.period]
            .iter()
            .all(Option::is_some)
    };
    let listed = |row: &Held| FIVE.contains(&(panel.countries[row.unit], panel.year(row)));
    let some = |methods: &[Method], keep: &dyn Fn(&Held) -> bool| -> Done<Vec<Method>> {
        methods.iter().map(|m| m.only(keep)).collect()
    };
    println!(
        "{first} to {last}; intervals of 95 % over countries, {} draws, seed {}",
        crate::DRAWS,
        crate::SEED
    );
    let few = panel.benchmarks(first, None)?;
    scores("as many samples as years, twelve years known", &some(&few, &whole)?)?;
    let mut all = panel.benchmarks(first, Some(1000))?;
    all.insert(0, model);
    scores("1,000 samples, twelve years known", &some(&all, &whole)?)?;
    scores("1,000 samples, all country-years", &all)?;
    scores("1,000 samples, without five country-years", &some(&all, &|row| !listed(row))?)?;
    println!("\nshare of the CRPS made by these five");
    for method in &all {
        println!("{}\t{:.3}", method.name, method.share(listed));
    }
    differences(&all[0], &all[1..])?;
    calibration(&all[0])?;
    largest(&panel, &all[0]);
    Ok(())
}

/// The rows that cost most.
fn largest(panel: &Panel, model: &Method) {
    let mut order: Vec<usize> = (0..model.rows.len()).collect();
    order.sort_by(|a, b| model.scores[*b].crps.total_cmp(&model.scores[*a].crps));
    println!("\nthe ten worst\ncountry\tyear\tdeaths\tmedian\t95 %\tCRPS");
    for at in order.into_iter().take(10) {
        let (row, score) = (&model.rows[at], &model.scores[at]);
        println!(
            "{}\t{}\t{}\t{}\t{}\t{:.0}",
            panel.names[row.unit],
            panel.year(row),
            row.outcome,
            row.samples[row.samples.len() / 2],
            row.samples[row.samples.len() * 95 / 100],
            score.crps
        );
    }
}

/// Each setting changed alone: how much the scores rest on it.
pub fn settings(file: &str, first: i32, last: i32) -> Done {
    let panel = Panel::read(file, last)?;
    println!("{first} to {last}\nsetting\tvalue\tCRPS\tIGN\tMIS");
    let base = Analogues::YEARLY;
    let print = |name: &str, value: f64, settings: &Analogues| -> Done {
        let method = panel.model(first, settings)?;
        let n = method.scores.len() as f64;
        let (mut crps, mut bits, mut mis) = (0.0, 0.0, 0.0);
        for score in &method.scores {
            crps += score.crps / n;
            bits += score.ignorance / n;
            mis += score.interval / n;
        }
        println!("{name}\t{value}\t{crps:.1}\t{bits:.4}\t{mis:.0}");
        Ok(())
    };
    print("as they are", 0.0, &base)?;
    for memory in [0.7, 0.8, 0.95] {
        print("memory", memory, &Analogues { memory, ..base })?;
    }
    for level in [0.5, 1.0, 1.5, 2.0] {
        print("level", level, &Analogues { level, ..base })?;
    }
    for past in [1.0, 1.5, 3.0] {
        print("past", past, &Analogues { past, ..base })?;
    }
    for calm in [0.15, 0.6, 1.0] {
        print("calm", calm, &Analogues { calm, ..base })?;
    }
    for growth in [0.01, 5.0, 25.0, 400.0] {
        print("growth", growth, &Analogues { growth, ..base })?;
    }
    for at_least in [1.0, 10.0, 20.0, 40.0] {
        print("at least", at_least, &Analogues { at_least, ..base })?;
    }
    Ok(())
}
