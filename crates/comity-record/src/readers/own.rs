//! A user's own table, in canonical columns: checked like a published one, and recorded with where it came from.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use super::error::ReadError;
use super::row::shorten;
use super::{cells::Cells, find, formats, hex, load, text};
use crate::coverage::Coverage;
use crate::rows::{TableRows, Value};
use crate::schema::{Table, table};
use crate::source::{Relation, Source, SourceBundle, SourceFile};
use crate::states::StateSystem;

/// What a user says of a table of theirs.
#[derive(Debug, Clone)]
pub struct Own<'a> {
    /// The canonical table.
    pub table: &'a str,
    /// The years in which it is complete; none: its silence says nothing.
    pub years: Option<RangeInclusive<i32>>,
    /// What it is about, in a phrase.
    pub scope: Option<String>,
    /// What to call it; else the file's name.
    pub title: Option<String>,
    /// How to cite it.
    pub citation: Option<String>,
}

/// Reads one file as a canonical table. Columns are canonical names (`source_row` may be there, `source` may not);
/// columns that are left out are null.
pub fn read(path: &Path, own: &Own<'_>, states: &StateSystem) -> Result<SourceBundle, ReadError> {
    let file = find::file_name(path);
    let bytes = load(path)?;
    let refuse = |reason: String| ReadError::Header { file: file.clone(), reason };
    let table = table(own.table).ok_or_else(|| ReadError::NoTable { table: shorten(own.table) })?;
    let cells = cells(&file, &bytes)?;
    let mut columns = Vec::new();
    for (at, name) in cells.header.iter().enumerate() {
        match (name.as_str(), table.column(name)) {
            ("" | "source_row", _) => {}
            (_, Some(column)) => columns.push((at, column)),
            _ => {
                let known: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
                return Err(refuse(format!(
                    "{} has no column `{}`; it has {}",
                    table.name,
                    shorten(name),
                    known.join(", ")
                )));
            }
        }
    }
    for needed in table.states.iter().take(1) {
        if !columns.iter().any(|(_, c)| c.name == *needed) {
            return Err(refuse(format!("the column `{needed}` is missing")));
        }
    }
    let dataset = format!("own-{}", own_name(&file));
    let id = format!("{dataset}-1");
    let mut rows = TableRows::new(table, id.clone());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..cells.len() {
        let mut given = Vec::with_capacity(columns.len());
        for (at, column) in &columns {
            let cell = cells.get(row, *at);
            let wrong = |expected: String| ReadError::Value {
                place: Box::new(cells.place(row)),
                column: column.name.to_owned(),
                value: shorten(cell),
                expected,
            };
            let value = Value::parse(column.kind, cell).map_err(|e| wrong(e.to_owned()))?;
            if let (Value::Int(code), true) = (&value, table.states.contains(&column.name))
                && states.get(*code).is_none()
            {
                return Err(wrong("the code of a state of the system (`comity states`)".into()));
            }
            given.push((column.name, value));
        }
        let key = key(table, &given, &cells, row);
        if let Some(first) = seen.insert(key.clone(), row) {
            return Err(ReadError::Repeated {
                place: Box::new(cells.place(row)),
                key,
                first: cells.place(first).line,
            });
        }
        rows.push(&given, format!("{file}:{key}"));
    }
    let coverage = own.years.clone().map(|years| Coverage {
        scope: own.scope.clone(),
        ..Coverage::all(table.name, *years.start(), *years.end())
    });
    let source = Source {
        id,
        dataset,
        version: "1".into(),
        title: own.title.clone().unwrap_or_else(|| file.clone()),
        publisher: "the user of this record".into(),
        citation: own.citation.clone().unwrap_or_else(|| format!("Own data: {file}")),
        licence: "not said".into(),
        url: String::new(),
        relations: [(table.family.to_owned(), Relation::Complement)].into(),
        files: vec![SourceFile {
            name: file,
            bytes: bytes.len() as u64,
            sha256: hex(&bytes),
            fills: vec![table.name.to_owned()],
        }],
        added: String::new(),
        coverage: coverage.into_iter().collect(),
        notes: Vec::new(),
        unplaced: Vec::new(),
    };
    Ok(SourceBundle { source, tables: vec![(table.name, rows.finish())] })
}

fn cells(file: &str, bytes: &[u8]) -> Result<Cells, ReadError> {
    let mut parts = formats::parts(file, bytes)?;
    if parts.len() != 1 {
        let reason = format!("it holds {} tables; give one", parts.len());
        return Err(ReadError::Header { file: file.into(), reason });
    }
    match parts.remove(0).content {
        formats::Content::Text(bytes) => Cells::parse(file, &text::decode(file, &bytes, false)?),
        formats::Content::Table(cells) => Ok(cells),
        formats::Content::Nothing(reason) => Err(ReadError::Broken { file: file.into(), reason }),
    }
}

/// What tells a row from others, for its `source_row`: the one that was given, else the table's key.
fn key(table: &Table, given: &[(&str, Value)], cells: &Cells, row: usize) -> String {
    let own = cells.column("source_row").map(|at| cells.get(row, at)).filter(|c| !c.is_empty());
    if let Some(own) = own {
        return own.to_owned();
    }
    let cell = |name: &str| {
        given.iter().find(|(n, _)| *n == name).and_then(|(n, _)| Some((n, cells.column(n)?)))
    };
    let parts: Vec<String> = table
        .key
        .iter()
        .filter_map(|k| cell(k))
        .map(|(name, at)| format!("{name}={}", cells.get(row, at)))
        .collect();
    parts.join(" ")
}

/// A file's name without its ending, in letters and digits.
fn own_name(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or(file);
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "table".into() } else { name }
}
