//! Onset of a dispute that the first state of a directed dyad begins.

use std::time::Instant;

use comity_measures::conduct::held_out;
use comity_measures::forecast::{DyadYears, base_rates, onsets, own_rates, terms};
use comity_measures::models::Family;
use comity_measures::scores::{auc, brier, by_groups, log_score};

use crate::table::points;
use crate::{DRAWS, Done, SEED};

/// Numbers of the panel, in the order of [`Panel::numbers`].
const NUMBERS: [&str; 7] = [
    "conttype_lag1",
    "capdist",
    "cinc1_lag1",
    "cinc2_lag1",
    "cowmaj1_lag1",
    "cowmaj2_lag1",
    "cow_defense_lag1",
];

/// Columns of the panel.
#[derive(Default)]
struct Panel {
    first: Vec<i32>,
    second: Vec<i32>,
    year: Vec<i32>,
    onset: Vec<Option<f64>>,
    numbers: [Vec<Option<f64>>; 7],
}

impl Panel {
    fn read(file: &str) -> Done<Self> {
        let mut reader = csv::Reader::from_path(file)?;
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or(format!("{file}: no column {name}"))
        };
        let keys = (column("ccode1")?, column("ccode2")?, column("year")?);
        let (onset, init) = (column("cowmidonset")?, column("init1")?);
        let at = NUMBERS.map(column).into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut panel = Self::default();
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row)? {
            let begun = f64::from(u8::from(&row[onset] == "1" && &row[init] == "1"));
            panel.first.push(row[keys.0].parse()?);
            panel.second.push(row[keys.1].parse()?);
            panel.year.push(row[keys.2].parse()?);
            panel.onset.push((!row[onset].is_empty()).then_some(begun));
            for (values, at) in panel.numbers.iter_mut().zip(&at) {
                values.push(if row[*at].is_empty() { None } else { Some(row[*at].parse()?) });
            }
        }
        Ok(panel)
    }

    fn columns(&self) -> DyadYears<'_> {
        let n = &self.numbers;
        DyadYears {
            first: &self.first,
            second: &self.second,
            year: &self.year,
            onset: &self.onset,
            contiguity: &n[0],
            distance: &n[1],
            capability: [&n[2], &n[3]],
            major: [&n[4], &n[5]],
            defense: &n[6],
        }
    }

    /// Held out in five folds over all years, as `conduct` does: later years help, so it is no forecast.
    fn folded(&self) -> Done<Vec<Option<f64>>> {
        let found = terms(&self.columns(), true)?;
        let onset: Vec<f64> =
            found.rows.iter().map(|row| self.onset[*row].unwrap_or_default()).collect();
        let fold = |row: &usize| (self.year[*row].rem_euclid(10) / 2) as usize;
        let folds: Vec<usize> = found.rows.iter().map(fold).collect();
        let given = held_out(Family::Logit, "onset", &onset, &found.design, &folds)?;
        let mut all = vec![None; self.year.len()];
        found.rows.into_iter().zip(given).for_each(|(row, p)| all[row] = Some(p));
        Ok(all)
    }
}

pub fn report(file: &str, first: i32) -> Done {
    let panel = Panel::read(file)?;
    let start = Instant::now();
    let model = onsets(&panel.columns(), true, first, 1)?;
    let place = onsets(&panel.columns(), false, first, 1)?;
    eprintln!("fits\t{:.1} s", start.elapsed().as_secs_f64());
    let unit: Vec<i64> =
        panel.first.iter().zip(&panel.second).map(|(a, b)| i64::from(1000 * a + b)).collect();
    let base = base_rates(&panel.year, &panel.onset, None)?;
    let recent = base_rates(&panel.year, &panel.onset, Some(5))?;
    let rates = |years| own_rates(&unit, &panel.year, &panel.onset, &base, years);
    let methods = [
        ("model", model),
        ("model without the past of the two", place),
        ("base rate", base.clone()),
        ("base rate of the last five years", recent),
        ("last year", rates(1)?),
        ("five pooled years", rates(5)?),
        ("twelve pooled years", rates(12)?),
        ("model, five folds of all years", panel.folded()?),
    ];
    let asked: Vec<usize> = (0..unit.len()).filter(|row| panel.year[*row] >= first).collect();
    let complete = |row: &&usize| panel.onset[**row].is_some() && methods[0].1[**row].is_some();
    let rows: Vec<usize> = asked.iter().filter(complete).copied().collect();
    println!(
        "from {first}: {} dyad-years, {} of them left out for a missing term",
        asked.len(),
        asked.len() - rows.len()
    );
    let happened: Vec<f64> = rows.iter().filter_map(|row| panel.onset[*row]).collect();
    let pick =
        |given: &[Option<f64>]| -> Vec<f64> { rows.iter().filter_map(|row| given[*row]).collect() };
    println!(
        "n {}, onsets {}; intervals over first states, {DRAWS} draws, seed {SEED}",
        rows.len(),
        happened.iter().sum::<f64>()
    );
    println!("method\tBrier\tlog score\tAUC\texpected\tlog score minus the model's");
    let group: Vec<i64> = rows.iter().map(|row| i64::from(panel.first[*row])).collect();
    let best = pick(&methods[0].1);
    for (name, given) in &methods {
        let given = pick(given);
        let log = |p: f64, y: f64| if y > 0.5 { p.ln() } else { (-p).ln_1p() };
        let parts: Vec<f64> = given
            .iter()
            .zip(&best)
            .zip(&happened)
            .map(|((p, m), y)| log(*m, *y) - log(*p, *y))
            .collect();
        let gap = by_groups(&group, &[&parts], DRAWS, SEED)?[0];
        println!(
            "{name}\t{:.6}\t{:.6}\t{:.4}\t{:.0}\t{:.6} ({:.6} to {:.6})",
            brier(&happened, &given)?,
            log_score(&happened, &given)?,
            auc(&happened, &given)?.unwrap_or(f64::NAN),
            given.iter().sum::<f64>(),
            gap.value,
            gap.low,
            gap.high
        );
    }
    println!("\nmodel, by tenths");
    points(&happened, &best)?;
    println!("\nmodel, the highest tenth by tenths");
    let mut order: Vec<usize> = (0..best.len()).collect();
    order.sort_by(|a, b| best[*b].total_cmp(&best[*a]));
    order.truncate(best.len() / 10);
    let top = |values: &[f64]| -> Vec<f64> { order.iter().map(|at| values[*at]).collect() };
    points(&top(&happened), &top(&best))
}
