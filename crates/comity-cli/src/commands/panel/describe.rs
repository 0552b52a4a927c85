//! The description beside a panel: units, columns, sources with versions and coverage, citations, fingerprints.

use std::collections::BTreeSet;

use comity_panel::{JoinReport, Panel};
use comity_record::{Record, Source};
use comity_report::frame::{self, Meaning};
use serde_json::{Value, json};

use super::Args;
use comity_report::words::plural;

use crate::exit::{Exit, Trouble};
use crate::output;
use crate::table;

/// The sources behind the columns of a panel, by id.
fn sources<'a>(record: &'a Record, panel: &Panel) -> Vec<&'a Source> {
    let of_columns = panel.about().into_iter().flat_map(|a| a.sources);
    let ids: BTreeSet<String> = of_columns.chain(panel.keeping_sources()).collect();
    let system = |s: &&Source| panel.system_sources().contains(&s.id);
    record.sources().iter().filter(|s| ids.contains(&s.id) || system(s)).collect()
}

/// Prints what to cite.
pub(super) fn cite(record: &Record, panel: &Panel) -> Result<Exit, Trouble> {
    let mut out = String::new();
    for source in sources(record, panel) {
        out.push_str(&comity_report::citations::bibtex([source]));
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

/// The notes as JSON.
pub(super) fn notes(record: &Record, panel: &Panel, args: &Args) -> Result<String, Trouble> {
    let columns: Vec<Value> = panel
        .about()
        .into_iter()
        .map(|a| {
            let Meaning { unit, values } = frame::meaning(&a);
            let values: Vec<Value> = values
                .into_iter()
                .map(|(value, says)| json!({ "value": value, "means": says }))
                .collect();
            json!({
                "name": a.name,
                "means": a.doc,
                "unit": (!unit.is_empty()).then_some(unit),
                "values": values,
                "group": a.group,
                "sources": a.sources,
                "covered": a.years.map(|(from, to)| [from, to]),
            })
        })
        .collect();
    let sources: Vec<Value> = sources(record, panel).into_iter().map(table::source).collect();
    // The command line without the place of the record and of the output: they are of the machine, not of the panel.
    let mut command = vec!["comity".to_owned(), "panel".to_owned()];
    command.extend(args.unit.clone());
    let mut flag = |name: &str, value: String| {
        if !value.is_empty() {
            command.push(name.to_owned());
            command.push(value);
        }
    };
    flag("--with", args.with.join(","));
    flag("--system", args.system.clone());
    flag("--years", args.years.clone().unwrap_or_default());
    flag("--extend-to", args.extend_to.map(|y| y.to_string()).unwrap_or_default());
    flag("--states", args.states.join(","));
    flag("--columns", args.columns.join(","));
    for add in &args.add {
        flag("--add", add.clone());
    }
    for keep in &args.keep {
        flag("--where", keep.clone());
    }
    for path in &args.join {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        flag("--join", name.unwrap_or_default());
    }
    flag("--rules", args.rules.clone().map(|r| r.join(",")).unwrap_or_default());
    flag("--gaps", args.gaps.clone());
    for source in &args.source {
        flag("--source", source.clone());
    }
    if args.unit.as_deref() == Some("kad-years") {
        flag("--k", args.k.to_string());
    }
    if args.directed {
        command.push("--directed".to_owned());
    }
    let shortfalls: Vec<Value> = panel
        .shortfalls()
        .into_iter()
        .map(|(group, (from, to))| json!({ "group": group, "covered": [from, to] }))
        .collect();
    let notes = json!({
        "schema_version": 1,
        "comity": env!("CARGO_PKG_VERSION"),
        "unit": args.unit,
        "system": args.system,
        "directed": args.directed,
        "command": command.join(" "),
        "record": record.fingerprint()?,
        "columns": columns,
        "sources": sources,
        "null_where_not_covered": shortfalls,
        "states": states(panel),
        "joined": panel.joined().iter().map(joined).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&notes)? + "\n")
}

/// What was done about years after the end of the list of states.
fn states(panel: &Panel) -> Value {
    let listed = panel.listed();
    json!({
        "listed_to": listed.to,
        "carried_forward_to": listed.carried,
        "years_left_out": listed.left_out.map(|(from, to)| [from, to]),
        "named_without_rows": panel.absent(),
    })
}

fn joined(report: &JoinReport) -> Value {
    let columns = report.columns.iter();
    let columns: Vec<Value> =
        columns.map(|(name, nulls)| json!({ "name": name, "null_in_table": nulls })).collect();
    json!({
        "table": report.name,
        "by": report.keys,
        "rows": report.rows,
        "rows_of_no_row_of_the_panel": report.without_panel,
        "rows_said_again": report.repeated,
        "rows_of_no_state": report.unmatched.iter().map(|(name, rows)| json!({ "name": name, "rows": rows })).collect::<Vec<_>>(),
        "rows_whose_number_and_name_disagree": report.disagreeing.as_ref().map_or(0, |(rows, _)| *rows),
        "rows_turned": report.turned,
        "rows_in_the_other_order": report.in_other_order,
        "rows_of_the_panel_without_one": report.panel_without,
        "columns": columns,
        "renamed": report.renamed,
    })
}

/// What became of a table that was joined, in sentences.
pub(super) fn joined_in_words(report: &JoinReport) -> Vec<String> {
    let rows = |many: usize| plural(many, "row", "rows");
    let name = &report.name;
    let mut said = vec![format!(
        "{name}: {} of {} joined by {}; {} of the panel without one, null there",
        report.rows - report.without_panel,
        rows(report.rows),
        report.keys.join(", "),
        rows(report.panel_without)
    )];
    if let Some(first) = &report.first_without {
        let of_no_state: usize = report.unmatched.iter().map(|(_, rows)| rows).sum();
        let without = rows(report.without_panel.saturating_sub(of_no_state));
        said.push(format!("{name}: {without} for no row of the panel (the first: {first})"));
    }
    if !report.unmatched.is_empty() {
        const SHOWN: usize = 8;
        let many = report.unmatched.iter().map(|(_, rows)| rows).sum();
        let of = |(text, rows): &(String, usize)| match text.as_str() {
            "" => format!("an empty cell ({rows})"),
            text if comity_record::is_outside(text) => {
                format!("\"{text}\" ({rows}; never in the list of states)")
            }
            text => format!("\"{text}\" ({rows})"),
        };
        let mut named: Vec<String> = report.unmatched.iter().take(SHOWN).map(of).collect();
        if report.unmatched.len() > SHOWN {
            named.push(format!("{} more names", report.unmatched.len() - SHOWN));
        }
        said.push(format!(
            "{name}: {} left out, with a name of no state or of several: {}",
            rows(many),
            named.join(", ")
        ));
    }
    if let Some((many, first)) = &report.disagreeing {
        said.push(format!(
            "{name}: in {} the number is not that of the state named beside it, and they are joined by the number ({first})",
            rows(*many)
        ));
    }
    if report.turned > 0 {
        said.push(format!(
            "{name}: {} matched with the pair in the other order; columns whose names end in 1 and 2 were exchanged there",
            rows(report.turned)
        ));
    }
    if report.in_other_order > 0 {
        said.push(format!(
            "{name}: {} left out with the pair in the other order, beside one in the order of the panel; --directed has both orders",
            rows(report.in_other_order)
        ));
    }
    if report.repeated > 0 {
        let repeated = rows(report.repeated);
        said.push(format!("{name}: {repeated} left out that say again what another says"));
    }
    for (column, nulls) in report.columns.iter().filter(|(_, nulls)| *nulls > 0) {
        said.push(format!("{name}: `{column}` is empty in {} of the table", rows(*nulls)));
    }
    for (from, to) in &report.renamed {
        said.push(format!("{name}: the panel has a column `{from}`; that of the table is `{to}`"));
    }
    said
}
