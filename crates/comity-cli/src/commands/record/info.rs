//! `comity record info`: tables, rows, sources, coverage; and what could not be placed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_record::schema::TABLES;
use comity_record::{Record, Relation, Source};

use comity_report::Form;

use super::{BOLD, DIM};
use crate::exit::{Exit, Trouble};
use crate::given::RecordArgs;
use crate::output;
use comity_report::info::{self, Info};
use comity_report::plain::{clean, width};
use comity_report::words;

pub(super) fn show(args: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let counts = record.counts()?;
    if format == Form::Json {
        output::write(&format!("{}\n", serde_json::to_string_pretty(&json(&record, &counts)?)?))?;
        return Ok(Exit::Done);
    }
    let tables = TABLES
        .iter()
        .map(|t| {
            (t.name, t.family, counts.iter().filter(|(_, n, _)| *n == t.name).map(|c| c.2).sum())
        })
        .collect();
    let info = Info {
        folder: record.folder().map(|f| f.display().to_string()),
        fingerprint: record.fingerprint()?,
        last_year: record.last_year(),
        tables,
        sources: record.sources().to_vec(),
        baseline: first(&record),
    };
    output::print(&info::render(&info, width()))?;
    Ok(Exit::Done)
}

/// Where sources rival: the family, and the source that answers first.
fn first(record: &Record) -> Vec<(String, String)> {
    let baseline = record.baseline();
    let rivals = |family: &str| {
        let relation = |s: &&Source| s.relations.get(family) == Some(&Relation::Rival);
        let datasets: BTreeSet<&str> =
            record.sources().iter().filter(relation).map(|s| s.dataset.as_str()).collect();
        datasets.len() > 1
    };
    baseline
        .choices
        .iter()
        .filter(|(family, _)| rivals(family))
        .filter_map(|(family, ids)| Some((family.clone(), ids.first()?.clone())))
        .collect()
}

fn json(
    record: &Record,
    counts: &[(String, &'static str, usize)],
) -> Result<serde_json::Value, Trouble> {
    let tables: Vec<_> = TABLES
        .iter()
        .map(|t| {
            let of: Vec<_> = counts.iter().filter(|(_, name, _)| *name == t.name).collect();
            let rows: usize = of.iter().map(|c| c.2).sum();
            let sources: BTreeMap<&str, usize> = of.iter().map(|c| (c.0.as_str(), c.2)).collect();
            serde_json::json!({"table": t.name, "family": t.family, "rows": rows, "sources": sources})
        })
        .collect();
    Ok(serde_json::json!({
        "schema_version": 1,
        "folder": record.folder().map(|f| f.display().to_string()),
        "fingerprint": record.fingerprint()?,
        "last_year": record.last_year(),
        "baseline": record.baseline().choices,
        "preferred": record.preferences().baseline,
        "tables": tables,
        "sources": record.sources(),
    }))
}

/// Codes and names that match no state of the system, by source, table and column.
pub(super) fn unmapped(args: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let sources: Vec<_> = record.sources().iter().filter(|s| !s.unplaced.is_empty()).collect();
    if format == Form::Json {
        let list: Vec<_> = sources
            .iter()
            .map(|s| serde_json::json!({"source": s.id, "unplaced": s.unplaced}))
            .collect();
        let text = serde_json::to_string_pretty(
            &serde_json::json!({"schema_version": 1, "sources": list}),
        )?;
        output::write(&format!("{text}\n"))?;
        return Ok(Exit::Done);
    }
    let mut out = String::new();
    for source in &sources {
        let rows: usize = source.unplaced.iter().map(|u| u.rows).sum();
        let codes = words::plural(source.unplaced.len(), "code", "codes");
        let _ = writeln!(
            out,
            "{BOLD}{}{BOLD:#}  {DIM}{codes}, {}{DIM:#}",
            clean(&source.id),
            words::plural(rows, "time", "times")
        );
        for code in &source.unplaced {
            let _ = writeln!(
                out,
                "  {:>7}  {}.{}  {}",
                code.rows,
                code.table,
                clean(&code.column),
                clean(&code.code)
            );
        }
    }
    if out.is_empty() {
        out.push_str("Every code and name in the record stands for a state of the system.\n");
    } else {
        out.push_str("\nTheir rows are kept, without that state: no verdict is about it.\n");
    }
    output::print(&out)?;
    Ok(Exit::Done)
}
