//! `comity record coverage`: in which years silence means something, table by table, for one state or all.

use std::fmt::Write as _;

use comity_record::schema::TABLES;
use comity_record::{Record, TableCoverage};

use comity_report::Form;

use super::{BOLD, DIM};
use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs};
use crate::output;
use comity_report::plain::{clean, width};
use comity_report::terminal;

/// A run of years and the sources that cover it.
struct Run {
    from: i32,
    to: i32,
    sources: Vec<String>,
}

pub(super) fn run(state: Option<&str>, args: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let state = state.map(|s| given::state(&record, s)).transpose()?;
    let baseline = record.baseline();
    let mut tables = Vec::new();
    for t in TABLES.iter().filter(|t| !t.structural) {
        let coverage = record.coverage(t.name, &baseline);
        tables.push((t.name, runs(&record, &coverage, state)));
    }
    if format == Form::Json {
        let list: Vec<_> = tables
            .iter()
            .map(|(name, runs)| {
                let runs: Vec<_> = runs
                    .iter()
                    .map(|r| serde_json::json!({"from": r.from, "to": r.to, "sources": r.sources}))
                    .collect();
                serde_json::json!({"table": name, "covered": runs})
            })
            .collect();
        let all = serde_json::json!({"schema_version": 1, "state": state, "tables": list});
        output::write(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        return Ok(Exit::Done);
    }
    let mut out = String::new();
    if let Some(code) = state {
        let name = record.states()?.name(code, record.last_year());
        let _ = writeln!(out, "{BOLD}{} ({code}){BOLD:#}, under the baseline", clean(&name));
    }
    let (known, none): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|(_, runs)| !runs.is_empty());
    for (name, runs) in known {
        let _ = writeln!(out, "  {name}");
        for r in runs {
            let line = format!("{}–{}  {}", r.from, r.to, r.sources.join(", "));
            terminal::lines(&mut out, &line, width(), "    ");
        }
    }
    if !none.is_empty() {
        let names: Vec<&str> = none.iter().map(|(n, _)| *n).collect();
        let _ = writeln!(out, "\nNothing is known in {DIM}(silence means nothing there){DIM:#}:");
        terminal::lines(&mut out, &names.join(", "), width(), "  ");
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

/// The years of the system, joined where the same sources cover them. A claim about some rows only is left out of
/// what covers a whole table, and named with its rows.
fn runs(record: &Record, coverage: &TableCoverage, state: Option<i32>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for year in 1816..=record.last_year() {
        let mut sources: Vec<String> = coverage
            .entries()
            .iter()
            .filter(|(_, c)| !c.context && (c.from..=c.to).contains(&year))
            .filter(|(_, c)| state.is_none_or(|s| c.units.contain(s)))
            .map(|(id, c)| {
                let only: Vec<String> = c
                    .only
                    .values()
                    .map(|v| v.iter().cloned().collect::<Vec<_>>().join(", "))
                    .collect();
                if only.is_empty() {
                    id.clone()
                } else {
                    format!("{id} ({} only)", only.join("; "))
                }
            })
            .collect();
        sources.sort();
        sources.dedup();
        if sources.is_empty() {
            continue;
        }
        match runs.last_mut() {
            Some(last) if last.to + 1 == year && last.sources == sources => last.to = year,
            _ => runs.push(Run { from: year, to: year, sources }),
        }
    }
    runs
}
