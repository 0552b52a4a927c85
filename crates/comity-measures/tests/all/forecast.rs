//! Forecasts of fatalities by country and year, on the published file: the benchmarks as they were recomputed elsewhere, and the model.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use comity_measures::forecast::{
    Analogues, Held, Score, analogues, pooled, rolling, scored, spread,
};
use comity_measures::scores::by_groups;

use crate::published::data;

/// State-based fatalities (best) of each country of UCDP's list, 1989 to 2024; `None` where it was no state.
struct Panel {
    countries: Vec<i64>,
    deaths: Vec<Vec<Option<f64>>>,
}

const FIRST: i32 = 1989;
const YEARS: usize = 36;
/// The years that are forecast: 2015 to 2024.
const FROM: usize = 2015 - FIRST as usize;

fn panel() -> &'static Panel {
    static PANEL: OnceLock<Panel> = OnceLock::new();
    PANEL.get_or_init(|| {
        let path = data("ucdp-organized-violence-25.1/organizedviolencecy_v25_1.csv");
        let mut file = csv::Reader::from_path(path).unwrap();
        let header = file.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|h| h == name).unwrap();
        let (country, year) = (column("country_id_cy"), column("year_cy"));
        let best = column("sb_total_deaths_best_cy");
        let mut by: BTreeMap<i64, Vec<Option<f64>>> = BTreeMap::new();
        for row in file.records() {
            let row = row.unwrap();
            let history = by.entry(row[country].parse().unwrap()).or_insert(vec![None; YEARS]);
            let at = row[year].parse::<i32>().unwrap() - FIRST;
            history[at as usize] = Some(row[best].parse().unwrap());
        }
        Panel { countries: by.keys().copied().collect(), deaths: by.into_values().collect() }
    })
}

fn slices() -> Vec<&'static [Option<f64>]> {
    panel().deaths.iter().map(Vec::as_slice).collect()
}

/// Whether a country has all of the twelve years before one.
fn twelve_years(row: &Held) -> bool {
    panel().deaths[row.unit][row.period - 12..row.period].iter().all(Option::is_some)
}

fn pooled_years(years: usize, samples: Option<usize>) -> Vec<Held> {
    let method = |seen: &[&[Option<f64>]]| {
        let of = |h: &&[Option<f64>]| {
            let known = pooled(h, years, false)?;
            Some(samples.map_or_else(|| known.clone(), |n| spread(&known, n)))
        };
        Ok(seen.iter().map(of).collect())
    };
    let rolled = rolling(&slices(), FROM, 1, method).unwrap();
    assert_eq!(rolled.without, 0);
    rolled.rows
}

fn means(scores: &[Score]) -> (f64, f64, f64) {
    let n = scores.len() as f64;
    let mean = |of: fn(&Score) -> f64| scores.iter().map(of).sum::<f64>() / n;
    (mean(|s| s.crps), mean(|s| s.ignorance), mean(|s| s.interval))
}

fn scores(rows: &[Held], whole: bool) -> (usize, (f64, f64, f64)) {
    let rows: Vec<Held> = rows.iter().filter(|r| !whole || twelve_years(r)).cloned().collect();
    (rows.len(), means(&scored(&rows, 0.1).unwrap()))
}

fn near(found: (f64, f64, f64), wanted: (f64, f64, f64)) {
    let (a, b) = (found, wanted);
    assert!(
        (a.0 - b.0).abs() < 0.05 && (a.1 - b.1).abs() < 0.0005 && (a.2 - b.2).abs() < 0.5,
        "{found:?} instead of {wanted:?}"
    );
}

/// n 1,944 are the country-years with all of the twelve years before: South Sudan lacks them until 2022, Kosovo until 2019 and Montenegro
/// until 2017. CRPS, IGN and MIS of the methods as recomputed elsewhere, IGN of as many samples as there are years.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn benchmarks_of_country_years() {
    let (last, five, twelve) =
        (pooled_years(1, None), pooled_years(5, None), pooled_years(12, None));
    let left_out: Vec<(i64, usize)> = last
        .iter()
        .filter(|r| !twelve_years(r))
        .map(|r| (panel().countries[r.unit], r.period + FIRST as usize))
        .collect();
    let of = |country: i64| left_out.iter().filter(|r| r.0 == country).count();
    assert_eq!((of(626), of(347), of(341), left_out.len()), (8, 5, 3, 16));
    let (n, found) = scores(&last, true);
    assert_eq!(n, 1944);
    near(found, (413.3, 2.744, 8_266.3));
    near(scores(&five, true).1, (461.0, 1.828, 5_889.4));
    near(scores(&twelve, true).1, (497.0, 1.407, 6_186.6));
    let zero: Vec<Held> = last.iter().map(|r| Held { samples: vec![0.0], ..r.clone() }).collect();
    near(scores(&zero, true).1, (609.3, 2.813, 12_186.8));
    let (n, found) = scores(&last, false);
    assert_eq!(n, 1960);
    near(found, (411.2, 2.747, 8_224.3));
}

/// The same with 1,000 samples, as the model has: the ignorance score can be compared among these only.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn benchmarks_with_as_many_samples_as_the_model() {
    near(scores(&pooled_years(1, Some(1000)), true).1, (413.3, 1.6038, 8_266.3));
    near(scores(&pooled_years(5, Some(1000)), true).1, (461.0, 1.1849, 5_434.3));
    near(scores(&pooled_years(12, Some(1000)), true).1, (497.1, 1.0804, 4_996.4));
}

/// Each year forecast from the years before, with settings chosen on years before 2015.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_model_is_below_all_benchmarks() {
    let method = |seen: &[&[Option<f64>]]| {
        let all = analogues(seen, 1, &Analogues::YEARLY, 2)?;
        Ok(all.into_iter().map(|f| Some(f.samples)).collect())
    };
    let rows = rolling(&slices(), FROM, 1, method).unwrap().rows;
    let (n, all) = scores(&rows, false);
    let (_, whole) = scores(&rows, true);
    println!("{n} {all:?} {whole:?}");
    assert_eq!(n, 1960);
    assert!(whole.0 < 413.3 && whole.1 < 1.0804, "{whole:?}");
    near(all, (342.33, 0.7672, 4_156.6));
    // Below the last year and below twelve pooled years in most draws of countries, too.
    let groups: Vec<i64> = rows.iter().map(|r| panel().countries[r.unit]).collect();
    let (model, last) = (scored(&rows, 0.1).unwrap(), scored(&pooled_years(1, None), 0.1).unwrap());
    let twelve = scored(&pooled_years(12, Some(1000)), 0.1).unwrap();
    let crps: Vec<f64> = model.iter().zip(&last).map(|(a, b)| a.crps - b.crps).collect();
    let bits: Vec<f64> =
        model.iter().zip(&twelve).map(|(a, b)| a.ignorance - b.ignorance).collect();
    let differences = by_groups(&groups, &[&crps, &bits], 1000, 1).unwrap();
    println!("{differences:?}");
    assert!(differences[1].high < 0.0, "{differences:?}");
}
