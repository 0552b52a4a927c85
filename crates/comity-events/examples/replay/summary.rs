//! Two tables of all replays.

use comity_events::replay::Report;
use comity_events::score::Estimate;

/// Prints what became of onsets and alarms, and how well values rank, a line for each replay.
pub fn print(reports: &[(String, Report)]) {
    println!("## All replays: alarms\n");
    println!(
        "Of the onsets: foreseen + noticed after they began. Of the alarms: false ones in a year.\n"
    );
    println!(
        "| events, onsets | onsets (clear) | cusum | negative-binomial | change-point | news |\n|---|--:|--:|--:|--:|--:|"
    );
    for (name, report) in reports {
        let Some(first) = report.alarms.first() else { continue };
        let cell = |line: &comity_events::replay::AlarmLine| {
            let wrong = line.wrong_a_year.map_or(0.0, |e| e.value);
            format!("{} + {}; {wrong:.1}", line.foreseen, line.noticed)
        };
        let cells: Vec<String> = report.alarms.iter().map(cell).collect();
        println!("| {name} | {} ({}) | {} |", first.onsets, first.seen, cells.join(" | "));
    }
    area(reports, "area under the ROC curve", |line| line.auc);
    area(reports, "the same within dyads (when, and not who)", |line| line.auc_within);
    area(reports, "Brier skill over the base rate", |line| line.brier_skill);
}

fn area(
    reports: &[(String, Report)],
    title: &str,
    of: impl Fn(&comity_events::replay::ValueLine) -> Option<Estimate>,
) {
    println!("\n## All replays: {title}\n");
    println!(
        "| events, onsets | rows before an onset | cusum | negative-binomial | change-point | news | plain news, last month (year) | plain news, last year (three) | crisis in last year |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for (name, report) in reports {
        let cell = |line: &comity_events::replay::ValueLine| {
            of(line).map_or("–".to_owned(), |e| {
                let mark = if e.undefined > 0 { "*" } else { "" };
                // No sign before 0.
                let [value, low, high] =
                    [e.value, e.low, e.high].map(|v| if v.abs() < 5e-4 { 0.0 } else { v });
                format!("{value:.3} ({low:.2}, {high:.2}){mark}")
            })
        };
        let kept = report
            .values
            .iter()
            .filter(|line| line.name != "base rate" && line.name != "crisis in last 6 months");
        let cells: Vec<String> = kept.map(cell).collect();
        println!("| {name} | {} of {} | {} |", report.events, report.rows, cells.join(" | "));
    }
}
