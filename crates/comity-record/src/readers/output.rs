//! The canonical rows that a reader writes, and what it has to say about them.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use crate::rows::{TableRows, Value};
use crate::schema;
use crate::source::Unplaced;

use super::row::{When, shorten};

/// How many of the codes that were not placed a note names; all are in the source.
const SHOWN: usize = 5;

/// What a reader has made of a dataset.
pub(super) struct Finished {
    pub tables: Vec<(&'static str, RecordBatch)>,
    pub notes: Vec<String>,
    pub unplaced: Vec<Unplaced>,
}

/// Canonical rows in the making.
#[derive(Debug)]
pub struct Output {
    source: String,
    tables: Vec<TableRows>,
    notes: Vec<String>,
    unplaced: BTreeMap<(String, String, String), usize>,
}

impl Output {
    /// Nothing yet, for this source id.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            tables: Vec::new(),
            notes: Vec::new(),
            unplaced: BTreeMap::new(),
        }
    }

    /// Begins a table: it is then covered, even if no row follows.
    ///
    /// # Panics
    /// On a table that does not exist: a mistake in the reader, not in the data.
    pub fn begin(&mut self, table: &str) {
        if !self.tables.iter().any(|t| t.table().name == table) {
            let table = schema::table(table).unwrap_or_else(|| panic!("there is no table {table}"));
            self.tables.push(TableRows::new(table, self.source.clone()));
        }
    }

    /// Adds a row to a table.
    pub fn push(&mut self, table: &str, cells: &[(&str, Value)], source_row: impl AsRef<str>) {
        self.begin(table);
        if let Some(rows) = self.tables.iter_mut().find(|t| t.table().name == table) {
            rows.push(cells, source_row);
        }
    }

    /// Says what a reader of a verdict must know.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Counts a code or name that stands for no state of the system: its row goes into `table` without that state, and
    /// keeps what was published in a column of its own or in `source_row`.
    pub fn unplaced(&mut self, table: &str, column: &str, code: impl std::fmt::Display) {
        let key = (table.to_owned(), column.to_owned(), code.to_string());
        *self.unplaced.entry(key).or_default() += 1;
    }

    /// The tables in their canonical order, the notes, and the codes that were not placed.
    pub(super) fn finish(mut self) -> Finished {
        if !self.unplaced.is_empty() {
            let rows: usize = self.unplaced.values().sum();
            let codes: BTreeSet<&str> = self.unplaced.keys().map(|(_, _, c)| c.as_str()).collect();
            let some: Vec<String> = codes.iter().take(SHOWN).map(|c| shorten(c)).collect();
            let more = if codes.len() > SHOWN { ", …" } else { "" };
            self.notes.push(format!(
                "{rows} times a row names who is no state of the system at the time; it is kept without that state ({} codes: {}{more})",
                codes.len(),
                some.join(", ")
            ));
        }
        let order = |t: &TableRows| schema::TABLES.iter().position(|o| o.name == t.table().name);
        self.tables.sort_by_key(order);
        let tables = self.tables.into_iter().map(|t| (t.table().name, t.finish())).collect();
        let unplaced = self.unplaced.into_iter();
        let unplaced = unplaced
            .map(|((table, column, code), rows)| Unplaced { table, column, code, rows })
            .collect();
        Finished { tables, notes: self.notes, unplaced }
    }
}

/// The four cells of a spell; an open one has no end.
pub fn spell(start: When, end: When) -> [(&'static str, Value); 4] {
    [
        ("start", start.date.into()),
        ("start_year", start.year.into()),
        ("end", end.date.into()),
        ("end_year", end.year.into()),
    ]
}
