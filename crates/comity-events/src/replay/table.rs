//! A report as Markdown.

use super::{AlarmLine, Report, ValueLine};
use crate::score::Estimate;

impl Report {
    /// Two tables: alarms beside onsets, and values beside what followed. Intervals are of 95 percent.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "{} dyads; of their periods {} are seen clearly, of {} little is reported. {} dyad-periods outside crises, {} of them before an onset ({}). Seed {}, {} draws of {} years.\n\n",
            self.dyads,
            percent(self.clear),
            percent(self.thin),
            self.rows,
            self.events,
            percent(self.events as f64 / self.rows.max(1) as f64),
            self.seed,
            self.draws,
            self.blocks,
        );
        text += "| watch | onsets (clear) | foreseen | on before | noticed | recall | lead, days | delay, days | hits | false | in crisis | precision | false a year | in 100 dyad-years |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
        self.alarms.iter().for_each(|line| text += &alarm(line));
        text += "\n| by value | ROC area | less plain news | clear dyads only | within dyads | average precision | recall at 5 % | Brier | Brier skill |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n";
        self.values.iter().for_each(|line| text += &value(line));
        text
    }

    /// The points of the curves of one kind of forecaster after the other.
    pub fn curves(&self) -> String {
        let mut text = "| by value | from value | precision | recall (true positive rate) | false positive rate |\n|---|--:|--:|--:|--:|\n".to_owned();
        for line in &self.values {
            for point in &line.curve {
                text += &format!(
                    "| {} | {:.3} | {:.3} | {:.3} | {:.3} |\n",
                    line.name, point.value, point.precision, point.recall, point.fallout
                );
            }
        }
        text
    }
}

fn alarm(line: &AlarmLine) -> String {
    let days = |days: Option<f64>| days.map_or("–".to_owned(), |d| format!("{d:.0}"));
    format!(
        "| {} ≥ {} | {} ({}) | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        line.name,
        line.threshold,
        line.onsets,
        line.seen,
        line.foreseen,
        line.on,
        line.noticed,
        estimate(line.recall, 2),
        days(line.lead),
        days(line.delay),
        line.hits,
        line.wrong,
        line.during,
        estimate(line.precision, 3),
        estimate(line.wrong_a_year, 1),
        estimate(line.wrong_in_100_dyad_years, 1),
    )
}

fn value(line: &ValueLine) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        line.name,
        estimate(line.auc, 3),
        estimate(line.auc_gain, 3),
        estimate(line.auc_clear, 3),
        estimate(line.auc_within, 3),
        estimate(line.average_precision, 3),
        estimate(line.recall_at_5_percent, 2),
        line.brier.map_or("–".to_owned(), |b| format!("{:.5}", b.value)),
        estimate(line.brier_skill, 3),
    )
}

/// A number with its interval.
fn estimate(estimate: Option<Estimate>, digits: usize) -> String {
    estimate.map_or("–".to_owned(), |e| {
        let undefined = if e.undefined > 0 { "*" } else { "" };
        format!(
            "{:.*} ({:.*}, {:.*}){undefined}",
            digits,
            plain(e.value),
            digits,
            plain(e.low),
            digits,
            plain(e.high)
        )
    })
}

/// Without a sign before 0.
fn plain(value: f64) -> f64 {
    if value.abs() < 5e-7 { 0.0 } else { value }
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 1.0 { format!("{percent:.2} %") } else { format!("{percent:.0} %") }
}
