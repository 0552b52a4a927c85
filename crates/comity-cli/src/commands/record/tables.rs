//! `comity record tables`: the codebook. Every table and view, and of each column its type, unit, meaning and values.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use comity_datasets::{DATASETS, Dataset};
use comity_record::Record;
use comity_record::schema::{self, TABLES, Time};
use comity_sql::VIEWS;
use comity_sql::codebook::{self, Described};

use super::{BOLD, DIM};
use crate::exit::{Exit, Trouble};
use crate::given::{RecordArgs, nearest};
use crate::output;
use crate::table;
use comity_report::Form;
use comity_report::plain::{clean, width};
use comity_report::terminal;

pub(super) fn run(table: Option<&str>, args: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let names: Vec<&str> = match table {
        None => codebook::names().collect(),
        Some(name) => {
            let known = codebook::names().find(|known| *known == name.trim_start_matches("every."));
            let Some(known) = known else {
                let mut trouble = Trouble::new(format!("there is no table `{}`", clean(name)));
                if let Some(near) = nearest(name, codebook::names()) {
                    trouble = trouble.help(near);
                }
                return Err(trouble.help("`comity record tables` lists them all"));
            };
            vec![known]
        }
    };
    if format == Form::Json {
        let all: Vec<_> = names.iter().map(|name| json(&record, name)).collect();
        let all = serde_json::json!({"schema_version": 1, "tables": all});
        output::write(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        return Ok(Exit::Done);
    }
    let mut out = String::new();
    match table {
        Some(_) => whole(&mut out, &record, names[0], &args.repeat()),
        None => list(&mut out),
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

/// Every table and view with what its rows are.
fn list(out: &mut String) {
    let mut families: Vec<&str> = Vec::new();
    for table in TABLES {
        if !families.contains(&table.family) {
            families.push(table.family);
        }
    }
    let mut tables: Vec<&schema::Table> = Vec::new();
    for family in families {
        tables.extend(TABLES.iter().filter(|t| t.family == family));
    }
    table::definitions(out, 0, tables.iter().map(|t| (t.name, t.doc)));
    let _ = writeln!(
        out,
        "\n{BOLD}Views{BOLD:#}  rows of those tables laid out by year, or put together"
    );
    table::definitions(out, 0, VIEWS.iter().map(|v| (v.name, v.doc)));
    out.push_str("\n`comity record tables TABLE` explains every column of one.\n");
}

/// One table or view in full.
fn whole(out: &mut String, record: &Record, name: &str, repeat: &str) {
    let _ = writeln!(out, "{BOLD}{name}{BOLD:#}  {}", codebook::meaning(name).unwrap_or_default());
    let field = |out: &mut String, name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "{DIM}{name}{DIM:#}");
            terminal::lines(out, &clean(text), width(), "  ");
        }
    };
    field(out, "In time", in_time(name));
    for column in codebook::columns(name).unwrap_or_default() {
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", column.name, kind(&column));
        terminal::lines(out, &column.doc, width(), "    ");
        if let Some(coding) = column.coding {
            table::definitions(out, 6, coding.values.iter().copied());
            if !coding.others.is_empty() {
                let lead = if coding.values.is_empty() { "values" } else { "others" };
                terminal::lines(out, &format!("{lead}: see {}", coding.others), width(), "      ");
            }
        }
    }
    field(out, "Made from", &made_from(name).join(", "));
    let datasets: Vec<&str> = datasets(name).iter().map(|d| d.id).collect();
    field(out, "Datasets that fill it (`comity record sources ID`)", &datasets.join(", "));
    field(out, "In this record", &sources(record, name).join(", "));
    if let Some(example) = codebook::example(name) {
        let _ = writeln!(out, "{DIM}Example{DIM:#}\n  comity query{repeat} \"{example}\"");
    }
}

fn kind(column: &Described) -> String {
    if column.unit.is_empty() || column.unit == column.kind || column.unit == "true or false" {
        return column.kind.to_owned();
    }
    format!("{}: {}", column.kind, column.unit)
}

fn in_time(name: &str) -> &'static str {
    match schema::table(name).map(|t| t.time) {
        Some(Time::Spell) => {
            "one row is true from `start` to `end`, where those are known to the day, and in the years from `start_year` to `end_year`; an open end is null"
        }
        Some(Time::Year) => "one row is about one `year`",
        Some(Time::None) => "its rows have no time of their own",
        None => "",
    }
}

/// The tables that a view is made from.
fn made_from(name: &str) -> Vec<&'static str> {
    let view = VIEWS.iter().find(|v| v.name == name);
    view.map(|v| v.reads.iter().copied().chain(v.fallback).collect()).unwrap_or_default()
}

/// The datasets that fill a table, or those that a view is made from.
fn datasets(name: &str) -> Vec<&'static Dataset> {
    let tables: BTreeSet<&str> = made_from(name).into_iter().chain([name]).collect();
    let claims = |d: &Dataset| d.editions.last().map(|e| (d.coverage)(e)).unwrap_or_default();
    let fills = |d: &&&Dataset| {
        d.tables.iter().any(|t| tables.contains(t))
            || claims(d).iter().any(|claim| tables.contains(claim.table.as_str()))
    };
    DATASETS.iter().filter(fills).copied().collect()
}

/// The sources of this record that have rows or claim coverage of it.
fn sources(record: &Record, name: &str) -> Vec<String> {
    let tables: Vec<&str> = match made_from(name) {
        tables if tables.is_empty() => vec![name],
        tables => tables,
    };
    let reading = record.baseline();
    let mut ids = BTreeSet::new();
    for table in tables.iter().filter(|t| record.holds(t, &reading)) {
        ids.extend(record.coverage(table, &reading).entries().iter().map(|(id, _)| id.clone()));
    }
    let label = |id: &String| {
        record.sources().iter().find(|s| s.id == *id).map(comity_record::Source::label)
    };
    ids.iter().map(|id| label(id).unwrap_or_else(|| id.clone())).collect()
}

fn json(record: &Record, name: &str) -> serde_json::Value {
    let columns: Vec<_> = codebook::columns(name)
        .unwrap_or_default()
        .iter()
        .map(|c| {
            let values = c.coding.map(|coding| {
                let of = |(value, says): &(&str, &str)| serde_json::json!({"value": value, "meaning": says});
                coding.values.iter().map(of).collect::<Vec<_>>()
            });
            let others = c.coding.map(|coding| coding.others).filter(|o| !o.is_empty());
            serde_json::json!({
                "name": c.name, "type": c.kind, "unit": c.unit, "meaning": c.doc, "values": values,
                "other_values": others,
            })
        })
        .collect();
    serde_json::json!({
        "name": name,
        "kind": if schema::table(name).is_some() { "table" } else { "view" },
        "rows": codebook::meaning(name),
        "family": schema::table(name).map(|t| t.family),
        "key": schema::table(name).map(|t| t.key),
        "columns": columns,
        "made_from": made_from(name),
        "datasets": datasets(name).iter().map(|d| d.id).collect::<Vec<_>>(),
        "in_record": sources(record, name),
        "example": codebook::example(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_can_be_asked_and_every_table_says_who_fills_it() {
        let record = comity_datasets::starter::record();
        let session =
            comity_sql::session(&record, &record.baseline(), comity_sql::Limits::by_hand())
                .unwrap();
        let (mut answered, mut unfilled) = (0, Vec::new());
        for name in codebook::names() {
            let example = codebook::example(name).unwrap();
            let answer = session.answer(&example);
            assert!(answer.is_ok(), "{name}: {example}: {answer:?}");
            answered += usize::from(answer.unwrap().num_rows() > 0);
            // Years are the record's own; codes of events come with whichever event data name them.
            let of_program =
                ["years", "event_codes"].contains(&name) || !made_from(name).is_empty();
            let filled = !datasets(name).is_empty() || record.holds(name, &record.baseline());
            if !filled && !of_program {
                unfilled.push(name);
            }
        }
        assert!(unfilled.is_empty(), "{unfilled:?}");
        assert!(answered > 20, "{answered}");
    }

    #[test]
    fn values_of_the_starter_are_those_that_are_declared() {
        let record = comity_datasets::starter::record();
        let session =
            comity_sql::session(&record, &record.baseline(), comity_sql::Limits::by_hand())
                .unwrap();
        for name in codebook::names() {
            for column in codebook::columns(name).unwrap() {
                let Some(coding) = column.coding.filter(|c| c.others.is_empty()) else { continue };
                let sql = format!(
                    "select distinct cast(\"{0}\" as varchar) as v from {name} where \"{0}\" is not null",
                    column.name
                );
                let answer = session.answer(&sql).unwrap();
                let found =
                    arrow::compute::cast(answer.column(0), &arrow::datatypes::DataType::Utf8)
                        .unwrap();
                let found = arrow::array::AsArray::as_string::<i32>(&found);
                for value in found.iter().flatten() {
                    let known = coding.values.iter().any(|(v, _)| *v == value);
                    assert!(known, "{name}.{} = {value}", column.name);
                }
            }
        }
    }
}
