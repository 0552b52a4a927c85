//! What all reports print.

use comity_measures::Error;
use comity_measures::forecast::{Held, Score, scored};
use comity_measures::scores::{Mean, auc, brier, by_groups, coverage, pit, reliability};

use crate::{DRAWS, Done, SEED};

/// Scores of a method, row by row.
pub struct Method {
    pub name: &'static str,
    pub rows: Vec<Held>,
    pub scores: Vec<Score>,
}

impl Method {
    pub fn new(name: &'static str, rows: Vec<Held>) -> Done<Self> {
        let scores = scored(&rows, 0.1)?;
        Ok(Self { name, rows, scores })
    }

    /// The same over some rows.
    pub fn only(&self, keep: impl Fn(&Held) -> bool) -> Done<Self> {
        Self::new(self.name, self.rows.iter().filter(|row| keep(row)).cloned().collect())
    }

    fn groups(&self) -> Vec<i64> {
        self.rows.iter().map(|row| row.unit as i64).collect()
    }

    fn columns(&self) -> [Vec<f64>; 3] {
        let column = |of: fn(&Score) -> f64| self.scores.iter().map(of).collect();
        [column(|s| s.crps), column(|s| s.ignorance), column(|s| s.interval)]
    }

    /// The share of the CRPS that these rows make.
    pub fn share(&self, keep: impl Fn(&Held) -> bool) -> f64 {
        let all: f64 = self.scores.iter().map(|s| s.crps).sum();
        let rows = self.rows.iter().zip(&self.scores);
        rows.filter(|(row, _)| keep(row)).map(|(_, s)| s.crps).sum::<f64>() / all
    }
}

fn shown(mean: &Mean, digits: usize) -> String {
    // Small counts have small scores.
    let digits = if mean.value.abs() < 3.0 { digits.max(4) } else { digits };
    if mean.low.is_nan() {
        return format!("{:.digits$}", mean.value);
    }
    format!("{:.digits$} ({:.digits$} to {:.digits$})", mean.value, mean.low, mean.high)
}

fn of(columns: &[Vec<f64>; 3], groups: &[i64]) -> Done<Vec<Mean>> {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    match by_groups(groups, &columns, DRAWS, SEED) {
        Ok(means) => Ok(means),
        // One unit alone has no others to draw.
        Err(Error::TooFew { .. }) => Ok(columns.iter().map(|c| alone(c)).collect()),
        Err(why) => Err(why.into()),
    }
}

fn alone(column: &[f64]) -> Mean {
    let value = column.iter().sum::<f64>() / column.len() as f64;
    Mean { value, low: f64::NAN, high: f64::NAN, rows: column.len(), groups: 1 }
}

/// One line per method: its mean scores with intervals over countries.
pub fn scores(title: &str, methods: &[Method]) -> Done {
    let rows = methods.first().map_or(0, |m| m.rows.len());
    println!("\n{title}: n {rows}\nmethod\tCRPS\tIGN\tMIS");
    for method in methods {
        let means = of(&method.columns(), &method.groups())?;
        let [crps, bits, mis] = &means[..] else { return Err("three scores".into()) };
        println!("{}\t{}\t{}\t{}", method.name, shown(crps, 1), shown(bits, 3), shown(mis, 0));
    }
    Ok(())
}

/// The model's scores minus those of each benchmark.
pub fn differences(model: &Method, others: &[Method]) -> Done {
    println!("\n{} minus each benchmark\nbenchmark\tCRPS\tIGN\tMIS", model.name);
    for other in others {
        let mut columns = model.columns();
        for (mine, theirs) in columns.iter_mut().zip(other.columns()) {
            mine.iter_mut().zip(theirs).for_each(|(m, t)| *m -= t);
        }
        let means = of(&columns, &model.groups())?;
        let [crps, bits, mis] = &means[..] else { return Err("three scores".into()) };
        println!("{}\t{}\t{}\t{}", other.name, shown(crps, 1), shown(bits, 3), shown(mis, 0));
    }
    Ok(())
}

/// Whether the distributions mean what they say.
pub fn calibration(method: &Method) -> Done {
    let samples: Vec<&[f64]> = method.rows.iter().map(|row| row.samples.as_slice()).collect();
    let outcomes: Vec<f64> = method.rows.iter().map(|row| row.outcome).collect();
    println!("\n{}: where outcomes fall (PIT)\nfrom\tto\tshare", method.name);
    for bar in pit(&samples, &outcomes, 10)? {
        println!(
            "{:.1}\t{:.1}\t{:.4} ({:.4} to {:.4})",
            bar.from, bar.to, bar.share, bar.low, bar.high
        );
    }
    let violent: Vec<usize> =
        (0..outcomes.len()).filter(|row| at_least(samples[*row], 0.5) >= 0.5).collect();
    for (which, rows) in [("all", (0..outcomes.len()).collect()), ("violence expected", violent)] {
        let some: Vec<&[f64]> = rows.iter().map(|row| samples[*row]).collect();
        let happened: Vec<f64> = rows.iter().map(|row| outcomes[*row]).collect();
        println!("\nintervals, {which}: n {}\nlevel\theld\tbelow\tabove\twidth", rows.len());
        for c in coverage(&some, &happened, &[0.5, 0.8, 0.9, 0.95])? {
            let held = &c.held;
            println!(
                "{:.2}\t{:.3} ({:.3} to {:.3})\t{:.3}\t{:.3}\t{:.0}",
                c.level, held.rate, held.low, held.high, c.below, c.above, c.width
            );
        }
    }
    for (name, amount) in [("any", 0.5), ("25 or more", 24.5), ("1,000 or more", 999.5)] {
        let happened: Vec<f64> =
            outcomes.iter().map(|y| f64::from(u8::from(*y >= amount))).collect();
        let given: Vec<f64> = samples.iter().map(|x| at_least(x, amount)).collect();
        println!(
            "\n{name}: Brier {:.4}, AUC {:.4}",
            brier(&happened, &given)?,
            auc(&happened, &given)?.unwrap_or(f64::NAN)
        );
        points(&happened, &given)?;
    }
    Ok(())
}

/// The points of a calibration plot.
pub fn points(happened: &[f64], given: &[f64]) -> Done {
    println!("rows\tgiven\thappened");
    for point in reliability(happened, given, 10)? {
        let seen = &point.observed;
        println!(
            "{}\t{:.5}\t{:.5} ({:.5} to {:.5})",
            point.rows, point.expected, seen.rate, seen.low, seen.high
        );
    }
    Ok(())
}

/// The share of samples of at least so much.
fn at_least(samples: &[f64], amount: f64) -> f64 {
    samples.iter().filter(|x| **x >= amount).count() as f64 / samples.len() as f64
}
