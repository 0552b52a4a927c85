//! Onset of a dispute that the first state of a directed dyad begins.

use std::time::Instant;

use comity_measures::conduct::{ahead, held_out};
use comity_measures::forecast::{base_rates, own_rates, remembered};
use comity_measures::models::{Design, Family};
use comity_measures::scores::{auc, brier, by_groups, log_score};

use crate::table::points;
use crate::{DRAWS, Done, SEED};

/// How much of an event's weight is left a year later.
const MEMORY: f64 = 0.9;
const SHORT: f64 = 0.5;

/// Columns of the panel; what is not known is not a number.
struct Panel {
    first: Vec<i64>,
    second: Vec<i64>,
    year: Vec<i32>,
    onset: Vec<f64>,
    terms: Vec<(&'static str, Vec<f64>)>,
}

const LAST_YEAR: [&str; 7] = [
    "conttype_lag1",
    "capdist",
    "cinc1_lag1",
    "cinc2_lag1",
    "cowmaj1_lag1",
    "cowmaj2_lag1",
    "cow_defense_lag1",
];

impl Panel {
    fn read(file: &str) -> Done<Self> {
        let mut reader = csv::Reader::from_path(file)?;
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or(format!("{file}: no column {name}"))
        };
        let keys = (column("ccode1")?, column("ccode2")?, column("year")?);
        let (onset, init) = (column("cowmidonset")?, column("init1")?);
        let at = LAST_YEAR.map(column).into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut panel =
            Self { first: vec![], second: vec![], year: vec![], onset: vec![], terms: vec![] };
        let mut known: Vec<Vec<f64>> = vec![Vec::new(); at.len()];
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row)? {
            let number = |at: usize| row[at].parse::<f64>().unwrap_or(f64::NAN);
            if row[onset].is_empty() {
                continue;
            }
            panel.first.push(row[keys.0].parse()?);
            panel.second.push(row[keys.1].parse()?);
            panel.year.push(row[keys.2].parse()?);
            panel.onset.push(f64::from(u8::from(&row[onset] == "1" && &row[init] == "1")));
            known.iter_mut().zip(&at).for_each(|(values, at)| values.push(number(*at)));
        }
        let map = |at: usize, of: fn(f64) -> f64| known[at].iter().map(|v| of(*v)).collect();
        let flag = |yes: bool, v: f64| if v.is_nan() { v } else { f64::from(u8::from(yes)) };
        panel.terms = vec![
            ("land", known[0].iter().map(|v| flag(*v == 1.0, *v)).collect()),
            ("sea", known[0].iter().map(|v| flag(*v > 1.0, *v)).collect()),
            ("ln_distance", map(1, f64::ln_1p)),
            ("ln_cinc1", map(2, |v| (v + 1e-5).ln())),
            ("ln_cinc2", map(3, |v| (v + 1e-5).ln())),
            ("major1", map(4, |v| v)),
            ("major2", map(5, |v| v)),
            ("defense", map(6, |v| v)),
        ];
        Ok(panel)
    }

    /// What the years before had, in logarithms: of the pair, of the pair the other way round, of each state.
    fn past(&self) -> Done<Vec<(&'static str, Vec<f64>)>> {
        let pair = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| 1000 * a + b).collect();
        let (this, back): (Vec<i64>, Vec<i64>) =
            (pair(&self.first, &self.second), pair(&self.second, &self.first));
        let of = |group: &[i64], of: &[i64], memory| -> Done<Vec<f64>> {
            let seen = remembered(group, of, &self.year, &self.onset, memory)?;
            Ok(seen.into_iter().map(f64::ln_1p).collect())
        };
        Ok(vec![
            ("own", of(&this, &this, MEMORY)?),
            ("own_recent", of(&this, &this, SHORT)?),
            ("back", of(&this, &back, MEMORY)?),
            ("back_recent", of(&this, &back, SHORT)?),
            ("begun_by_first", of(&self.first, &self.first, MEMORY)?),
            ("begun_by_second", of(&self.first, &self.second, MEMORY)?),
            ("against_second", of(&self.second, &self.second, MEMORY)?),
            ("against_first", of(&self.second, &self.first, MEMORY)?),
        ])
    }
}

pub fn report(file: &str, first: i32) -> Done {
    let panel = Panel::read(file)?;
    let (all, past) = (panel.onset.len(), panel.past()?);
    let unit: Vec<i64> = panel.first.iter().zip(&panel.second).map(|(a, b)| 1000 * a + b).collect();
    let base = base_rates(&panel.year, &panel.onset)?;
    let rates = |years| own_rates(&unit, &panel.year, &panel.onset, &base, years);
    let (last, five, twelve) = (rates(1)?, rates(5)?, rates(12)?);
    let rows: Vec<usize> = (0..all)
        .filter(|r| base[*r].is_some() && panel.terms.iter().all(|(_, v)| v[*r].is_finite()))
        .collect();
    println!("rows {all}; left out for a missing term or the first year {}", all - rows.len());
    let pick = |v: &[f64]| -> Vec<f64> { rows.iter().map(|r| v[*r]).collect() };
    let design = |terms: &[&(&'static str, Vec<f64>)]| {
        let names = terms.iter().map(|t| t.0.to_owned()).collect();
        Design::new(names, terms.iter().map(|t| pick(&t.1)).collect(), true)
    };
    let place = design(&panel.terms.iter().collect::<Vec<_>>())?;
    let full = design(&panel.terms.iter().chain(&past).collect::<Vec<_>>())?;
    let (onset, year) =
        (pick(&panel.onset), rows.iter().map(|r| panel.year[*r]).collect::<Vec<_>>());
    let start = Instant::now();
    let logit = |design: &Design| ahead(Family::Logit, "onset", &onset, design, &year, first, 1);
    let (place, model) = (logit(&place)?, logit(&full)?);
    eprintln!("fits\t{:.1} s", start.elapsed().as_secs_f64());
    let test: Vec<usize> = (0..rows.len()).filter(|at| year[*at] >= first).collect();
    let happened: Vec<f64> = test.iter().map(|at| onset[*at]).collect();
    let of = |values: &[Option<f64>]| -> Vec<f64> {
        test.iter().map(|at| values[*at].unwrap_or(f64::NAN)).collect()
    };
    let own = |values: &[Option<f64>]| -> Vec<f64> {
        test.iter().map(|at| values[rows[*at]].unwrap_or(f64::NAN)).collect()
    };
    // In folds over all years, as `conduct` does: later years help, so it is no forecast.
    let folds: Vec<usize> = year.iter().map(|y| (y.rem_euclid(10) / 2) as usize).collect();
    let folded = held_out(Family::Logit, "onset", &onset, &full, &folds)?;
    let methods = [
        ("model", of(&model)),
        ("model without the past", of(&place)),
        ("base rate", own(&base)),
        ("last year", own(&last)),
        ("five pooled years", own(&five)),
        ("twelve pooled years", own(&twelve)),
        ("model, five folds of all years", test.iter().map(|at| folded[*at]).collect()),
    ];
    println!(
        "from {first}: n {}, onsets {}; intervals over first states, {DRAWS} draws, seed {SEED}",
        test.len(),
        happened.iter().sum::<f64>()
    );
    println!("method\tBrier\tlog score\tAUC\texpected\tlog score minus model's");
    let group: Vec<i64> = test.iter().map(|at| panel.first[rows[*at]]).collect();
    for (name, given) in &methods {
        let parts: Vec<f64> = given
            .iter()
            .zip(&methods[0].1)
            .zip(&happened)
            .map(
                |((p, m), y)| {
                    if *y > 0.5 { m.ln() - p.ln() } else { (1.0 - m).ln() - (1.0 - p).ln() }
                },
            )
            .collect();
        let gap = by_groups(&group, &[&parts], DRAWS, SEED)?[0];
        println!(
            "{name}\t{:.6}\t{:.6}\t{:.4}\t{:.1}\t{:.6} ({:.6} to {:.6})",
            brier(&happened, given)?,
            log_score(&happened, given)?,
            auc(&happened, given)?.unwrap_or(f64::NAN),
            given.iter().sum::<f64>(),
            gap.value,
            gap.low,
            gap.high
        );
    }
    println!("\nmodel, by tenths");
    points(&happened, &methods[0].1)
}
