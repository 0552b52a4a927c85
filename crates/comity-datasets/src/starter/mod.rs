//! The starter: facts inside the program, each with the public source to check it against.
//!
//! The files lie under `starter/` and are described in its `README.md`. A table is parsed when it is read, so that
//! the first command pays only for what it reads.

mod agreements;
mod episodes;
mod files;
mod hosts;
mod identities;
mod manifest;
mod pacts;
mod participation;
mod series;
mod text;

use arrow::array::RecordBatch;

use comity_record::Record;
use comity_record::rows::TableRows;
use comity_record::schema;
use comity_record::source::{Source, SourceBundle};
use files::FILES;
use text::Lines;

/// What is wrong with a file of the starter: a mistake in the program's own data.
#[derive(Debug, thiserror::Error)]
#[error("starter/{file}, line {line}: {problem}")]
pub struct StarterError {
    file: String,
    line: u64,
    problem: String,
}

impl StarterError {
    fn new(file: &str, line: u64, problem: String) -> Self {
        Self { file: file.into(), line, problem }
    }
}

/// The record inside the program.
pub fn record() -> Record {
    Record::base(crate::catalogue())
}

/// The sources of the starter with their coverage, sorted by id.
///
/// # Panics
/// If `sources.toml` is malformed; a unit test reads it.
pub fn sources() -> Vec<Source> {
    match manifest::sources() {
        Ok(sources) => sources,
        Err(e) => panic!("{e}"),
    }
}

/// The canonical tables that a source of the starter holds, sorted.
pub fn tables(source_id: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = FILES
        .iter()
        .filter(|f| f.source == source_id)
        .flat_map(|f| written_by(f.table))
        .copied()
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// One table of one source; no rows where the source does not hold it.
///
/// # Panics
/// If a file of the starter is malformed, or the table is not a canonical one; a unit test reads every file.
pub fn table(source_id: &str, name: &str) -> RecordBatch {
    match try_table(source_id, name) {
        Ok(batch) => batch,
        Err(e) => panic!("{e}"),
    }
}

/// SHA-256 over the sorted logical rows of one table, as `contents.csv` keeps it: the fingerprint of a record
/// needs no table that is not read.
pub(crate) fn content(source_id: &str, name: &str) -> Option<&'static str> {
    CONTENTS.lines().find_map(|line| {
        line.strip_prefix(source_id)?.strip_prefix(',')?.strip_prefix(name)?.strip_prefix(',')
    })
}

const CONTENTS: &str = include_str!("../../starter/contents.csv");

/// Every source with all its tables.
pub fn bundles() -> Vec<SourceBundle> {
    sources()
        .into_iter()
        .map(|source| {
            let tables = tables(&source.id)
                .into_iter()
                .map(|name| (name, table(&source.id, name)))
                .collect();
            SourceBundle { source, tables }
        })
        .collect()
}

/// The canonical tables that a file with this table name feeds.
fn written_by(table: &'static str) -> &'static [&'static str] {
    match table {
        "pacts" => &["treaties", "treaty_parties", "pledges"],
        "episodes" => &["armed_conflicts", "conflict_parties"],
        "identities" => &["state_codes"],
        "participation" => &["treaty_participation"],
        "personnel" => &["peacekeeping"],
        "growth" => &["economy"],
        "hosts" => &["deployments"],
        "agreements" => &["trade_agreements"],
        other => schema::table(other).map_or(&[], |t| std::slice::from_ref(&t.name)),
    }
}

fn try_table(source_id: &str, name: &str) -> Result<RecordBatch, StarterError> {
    let Some(table) = schema::table(name) else {
        return Err(StarterError::new("", 0, format!("`{name}` is not a table of the record")));
    };
    let mut rows = TableRows::new(table, source_id);
    for file in FILES.iter().filter(|f| f.source == source_id) {
        if !written_by(file.table).contains(&name) {
            continue;
        }
        let lines = Lines::read(file)?;
        match file.table {
            "pacts" => pacts::push_all(&lines, &mut rows)?,
            "episodes" => episodes::push_all(&lines, &mut rows)?,
            "identities" => identities::push_all(&lines, &mut rows)?,
            "participation" => participation::push_all(&lines, &mut rows)?,
            "personnel" => series::push_all(
                &lines,
                "personnel",
                &[("mission", "all missions together")],
                &mut rows,
            )?,
            "growth" => series::push_all(&lines, "gdp_growth", &[], &mut rows)?,
            "hosts" => hosts::push_all(&lines, &mut rows)?,
            "agreements" => agreements::push_all(&lines, &mut rows)?,
            _ => lines.push_all(table, &mut rows)?,
        }
    }
    Ok(rows.finish())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use arrow::array::{Array, AsArray};
    use arrow::util::display::array_value_to_string;

    use super::*;

    #[test]
    fn every_file_parses_and_every_row_names_a_public_source_and_has_its_own_key() {
        for bundle in bundles() {
            for (name, batch) in &bundle.tables {
                assert!(batch.num_rows() > 0, "{} {name} is empty", bundle.source.id);
                let table = schema::table(name).unwrap();
                let source_row = batch.column_by_name("source_row").unwrap().as_string::<i32>();
                let mut seen = BTreeMap::new();
                for row in 0..batch.num_rows() {
                    let public = source_row.value(row).split_once(" ; ").map_or("", |p| p.1);
                    assert!(public.len() > 3, "{name} row {row} names no source");
                    let key: Vec<String> = table
                        .key
                        .iter()
                        .map(|k| {
                            array_value_to_string(batch.column_by_name(k).unwrap(), row).unwrap()
                        })
                        .collect();
                    if let Some(first) = seen.insert(key.clone(), row) {
                        panic!("{name}: rows {first} and {row} have the key {key:?}");
                    }
                    let year = |c: &str| {
                        let column = batch.column_by_name(c)?;
                        let years = column.as_primitive::<arrow::datatypes::Int32Type>();
                        (!years.is_null(row)).then(|| years.value(row))
                    };
                    if let (Some(from), Some(to)) = (year("start_year"), year("end_year")) {
                        assert!(
                            from <= to,
                            "{name} row {row} ends before it starts: {}",
                            source_row.value(row)
                        );
                    }
                }
            }
        }
    }

    /// With `COMITY_WRITE_CONTENTS=1` the file is written anew.
    #[test]
    fn the_contents_kept_are_those_of_the_rows() {
        let mut text = String::new();
        for source in sources() {
            for name in tables(&source.id) {
                let content =
                    comity_record::fingerprint::content(&table(&source.id, name)).unwrap();
                for part in [&source.id, ",", name, ",", &content, "\n"] {
                    text.push_str(part);
                }
            }
        }
        if std::env::var_os("COMITY_WRITE_CONTENTS").is_some() {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/starter/contents.csv");
            std::fs::write(file, &text).unwrap();
            return;
        }
        assert!(
            text == CONTENTS,
            "the starter's rows have changed: run this test with COMITY_WRITE_CONTENTS=1, look at what changed in starter/contents.csv, and commit it"
        );
    }

    #[test]
    fn sources_are_starters_with_their_own_families_and_coverage_of_tables_they_hold() {
        let mut ids = BTreeSet::new();
        for source in sources() {
            assert!(ids.insert(source.id.clone()), "{} is declared twice", source.id);
            let held = tables(&source.id);
            assert!(!held.is_empty(), "{} has no file", source.id);
            for name in &held {
                let family = schema::table(name).unwrap().family;
                assert!(source.relations.contains_key(family), "{} writes to {family}", source.id);
            }
            for c in &source.coverage {
                assert!(held.contains(&c.table.as_str()), "{} covers {}", source.id, c.table);
                assert!(c.from <= c.to);
            }
        }
        for file in FILES {
            assert!(ids.contains(file.source), "{} belongs to no source", file.path);
            assert!(!written_by(file.table).is_empty(), "{} feeds no table", file.path);
        }
    }
}
