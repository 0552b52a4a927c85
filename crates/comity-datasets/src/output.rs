//! The canonical rows that a reader writes, and what it has to say about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;

use comity_record::coverage::{Coverage, StateYears, runs};
use comity_record::rows::{Field, Layout, TableRows, Value};
use comity_record::schema::{self, Table};
use comity_record::source::Unplaced;

use crate::codes::Places;
use crate::error::ReadError;
use crate::formats::budget::MAX_WRITTEN;
use crate::refused::Refused;
use crate::row::{When, shorten};

/// How many of the codes that were not placed a note names; all are in the source.
const SHOWN: usize = 5;

/// What a reader has made of a dataset.
pub(crate) struct Finished {
    pub tables: Vec<(&'static str, RecordBatch)>,
    pub notes: Vec<String>,
    pub unplaced: Vec<Unplaced>,
    /// What is covered through the rows.
    pub coverage: Vec<Coverage>,
}

/// Canonical rows in the making.
#[derive(Debug)]
pub struct Output {
    source: String,
    tables: Vec<TableRows>,
    notes: Vec<String>,
    unplaced: BTreeMap<(String, String, String), usize>,
    covered: BTreeMap<(&'static str, &'static str), StateYears>,
    claims: Vec<Coverage>,
    refused: Refused,
    states: Numbers,
    places: Arc<Places>,
    rows: usize,
}

/// A table that is being filled, always in the same columns.
#[derive(Debug)]
pub struct Filling<const N: usize> {
    table: usize,
    layout: Layout<N>,
    /// The names of the columns that hold states.
    states: [Option<&'static str>; N],
}

/// The largest number of a state: those of the system have three figures.
const MAX_CODE: i32 = 99_999;

/// The numbers that ever were states of the system, for a fast look-up.
#[derive(Debug)]
struct Numbers(Vec<bool>);

impl Numbers {
    fn of_states(places: &Places) -> Self {
        let all = places.all_states();
        let all: Vec<i32> = all.into_iter().filter(|code| (0..=MAX_CODE).contains(code)).collect();
        let mut known = vec![false; all.last().map_or(0, |last| *last as usize + 1)];
        for code in all {
            known[code as usize] = true;
        }
        Self(known)
    }

    fn contains(&self, code: i32) -> bool {
        usize::try_from(code).is_ok_and(|at| self.0.get(at) == Some(&true))
    }
}

/// Whether a column of a table holds states that must be known. Tables that say who is a state may name new ones.
fn holds_states(table: &Table, column: &str) -> bool {
    !table.structural && table.states.contains(&column)
}

impl Output {
    /// Nothing yet, for this source id; codes are placed by the starter.
    pub fn new(source: &str) -> Self {
        Self::placing(source, Places::starter())
    }

    /// The same, with codes placed by these states.
    pub fn placing(source: &str, places: Arc<Places>) -> Self {
        Self {
            source: source.into(),
            tables: Vec::new(),
            notes: Vec::new(),
            unplaced: BTreeMap::new(),
            covered: BTreeMap::new(),
            claims: Vec::new(),
            refused: Refused::default(),
            states: Numbers::of_states(&places),
            places,
            rows: 0,
        }
    }

    /// Who is a state, and which codes stand for it.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Whether there are more rows than a dataset may have: those past that are not kept, and nothing is read.
    pub(crate) fn too_many(&self) -> bool {
        self.rows > MAX_WRITTEN
    }

    /// Counts a row before it is made.
    fn counts(&mut self) -> bool {
        self.rows = self.rows.saturating_add(1);
        !self.too_many()
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

    /// Adds a row to a table. A number that never was a state's is counted, and the row is kept without it.
    pub fn push(&mut self, table: &str, cells: &[(&str, Value)], source_row: impl AsRef<str>) {
        self.begin(table);
        if !self.counts() {
            return;
        }
        let Some(at) = self.tables.iter().position(|t| t.table().name == table) else { return };
        let named = self.tables[at].table();
        let stranger = |(name, value): &(&str, Value)| match value {
            Value::Int(code) if holds_states(named, name) && !self.states.contains(*code) => {
                Some(*code)
            }
            _ => None,
        };
        if !cells.iter().any(|cell| stranger(cell).is_some()) {
            self.tables[at].push(cells, source_row);
            return;
        }
        let mut kept = cells.to_vec();
        let mut counted = Vec::new();
        for cell in &mut kept {
            if let Some(code) = stranger(cell) {
                counted.push((cell.0.to_owned(), code));
                cell.1 = Value::Null;
            }
        }
        for (column, code) in counted {
            self.unplaced(table, &column, code);
        }
        self.tables[at].push(&kept, source_row);
    }

    /// Begins a table whose rows all fill the same columns: [`Output::put`] adds them without naming these again.
    ///
    /// # Panics
    /// On a table or column that does not exist: a mistake in the reader, not in the data.
    pub fn columns<const N: usize>(&mut self, table: &str, names: [&'static str; N]) -> Filling<N> {
        self.begin(table);
        let at = self.tables.iter().position(|t| t.table().name == table).unwrap_or_default();
        let states = names.map(|name| holds_states(self.tables[at].table(), name).then_some(name));
        Filling { table: at, layout: self.tables[at].layout(names), states }
    }

    /// Adds a row to a table begun with [`Output::columns`], as [`Output::push`] does: for tables of a million rows.
    pub fn put<const N: usize>(
        &mut self,
        filling: &Filling<N>,
        mut fields: [Field<'_>; N],
        source_row: std::fmt::Arguments<'_>,
    ) {
        if !self.counts() {
            return;
        }
        for (field, state) in fields.iter_mut().zip(filling.states) {
            if let (Field::Int(code), Some(column)) = (*field, state)
                && !self.states.contains(code)
            {
                self.unplaced(self.tables[filling.table].table().name, column, code);
                *field = Field::Null;
            }
        }
        self.tables[filling.table].put(&filling.layout, fields, source_row);
    }

    /// Says what a reader of a verdict must know.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The value, or none where it is in a row that is refused: the row is counted and named in a note, and the others are read.
    ///
    /// # Errors
    /// A fault that is not one of a row.
    pub fn or_refuse<T>(&mut self, read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.refused.add(error).map(|()| None),
        }
    }

    /// What was refused of the rows so far, a note for each file.
    pub(crate) fn refusals(&self) -> Vec<String> {
        self.refused.notes().collect()
    }

    /// Says which columns of a file that was read loosely are missing, and which are new.
    pub(crate) fn note_columns(&mut self, file: &str, (missing, new): (Vec<String>, Vec<String>)) {
        for (columns, what) in
            [(missing, "are missing and taken as not known"), (new, "are new and ignored")]
        {
            if !columns.is_empty() {
                let named: Vec<String> = columns.iter().map(|c| shorten(c)).collect();
                self.note(format!("{file}: the columns {} {what}", named.join(", ")));
            }
        }
    }

    /// Counts a code or name that matches no state of the system: its row goes into `table` without that state, and
    /// keeps what was published in a column of its own or in `source_row`.
    pub fn unplaced(&mut self, table: &str, column: &str, code: impl std::fmt::Display) {
        let key = (table.to_owned(), column.to_owned(), code.to_string());
        *self.unplaced.entry(key).or_default() += 1;
    }

    /// Says that a table has values for this state in this year: for data that list values state by state, where a state or year that is not
    /// listed is not known.
    pub fn covers(
        &mut self,
        table: &'static str,
        scope: &'static str,
        ccode: Option<i32>,
        year: i32,
    ) {
        if let Some(ccode) = ccode.filter(|c| self.states.contains(*c)) {
            self.covered.entry((table, scope)).or_default().entry(ccode).or_default().insert(year);
        }
    }

    /// Claims what only the file itself shows: that it is the whole of something.
    pub fn claim(&mut self, claim: Coverage) {
        self.claims.push(claim);
    }

    /// The tables in their canonical order, the notes, and the codes that were not placed.
    pub(crate) fn finish(mut self) -> Finished {
        self.notes.splice(0..0, self.refused.notes());
        if !self.unplaced.is_empty() {
            let rows: usize = self.unplaced.values().sum();
            let codes: BTreeSet<&str> = self.unplaced.keys().map(|(_, _, c)| c.as_str()).collect();
            let some: Vec<String> = codes.iter().take(SHOWN).map(|c| shorten(c)).collect();
            let more = if codes.len() > SHOWN { ", …" } else { "" };
            let times = if rows == 1 { "Once" } else { &*format!("{rows} times") };
            let named = if codes.len() == 1 { "code" } else { "codes" };
            let outside: Vec<String> = codes
                .iter()
                .filter(|c| comity_record::is_outside(c))
                .take(SHOWN)
                .map(|c| shorten(c))
                .collect();
            let known = match &outside[..] {
                [] => String::new(),
                outside => {
                    format!("; {}: known, and never in the list of states", outside.join(", "))
                }
            };
            self.notes.push(format!(
                "{times} a row names an actor that was not a state of the system at the time; it is kept without that state ({} {named}: {}{more}{known})",
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
        let mut coverage = self.claims;
        coverage.extend(self.covered.iter().flat_map(|((table, scope), years)| {
            runs(&Coverage::all(table, 0, 0).about(scope), years)
        }));
        Finished { tables, notes: self.notes, unplaced, coverage }
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

/// The months of a spell, where they are known.
pub fn months(start: When, end: When) -> [(&'static str, Value); 2] {
    [
        ("start_month", start.month.map(i32::from).into()),
        ("end_month", end.month.map(i32::from).into()),
    ]
}

#[cfg(test)]
mod tests {
    use arrow::array::Array;

    use super::*;
    use comity_record::coverage::Units;

    #[test]
    fn a_number_that_never_was_a_state_is_counted_and_not_taken() {
        let mut out = Output::new("x-1");
        for ccode in [2, 9998] {
            let cells = [("ccode", ccode.into()), ("year", 1950.into())];
            out.push("capabilities", &cells, format!("ccode={ccode}"));
            out.covers("capabilities", "figures", Some(ccode), 1950);
        }
        let filling = out.columns("votes", ["ccode", "rcid"]);
        out.put(&filling, [9998.into(), "3".into()], format_args!("rcid=3"));
        // Who says who is a state may name a new one.
        out.push("states", &[("ccode", 9998.into())], "ccode=9998");
        let made = out.finish();
        let nulls = |table: &str| {
            let rows = &made.tables.iter().find(|(name, _)| *name == table).unwrap().1;
            (rows.num_rows(), rows.column_by_name("ccode").unwrap().null_count())
        };
        assert_eq!(
            (nulls("capabilities"), nulls("votes"), nulls("states")),
            ((2, 1), (1, 1), (1, 0))
        );
        let counted = |u: &Unplaced| (u.table.clone(), u.code.clone(), u.rows);
        let counted: Vec<_> = made.unplaced.iter().map(counted).collect();
        let code = || "9998".to_owned();
        assert_eq!(counted, [("capabilities".into(), code(), 1), ("votes".into(), code(), 1)]);
        assert_eq!(made.coverage.len(), 1);
    }

    #[test]
    fn what_is_listed_is_covered_in_runs_of_years() {
        let mut out = Output::new("x-1");
        for (ccode, year) in [(2, 1950), (2, 1951), (20, 1951), (20, 1950), (2, 1960)] {
            out.covers("military_spending", "figures", Some(ccode), year);
        }
        out.covers("military_spending", "figures", None, 1955);
        let claims: Vec<_> = out
            .finish()
            .coverage
            .into_iter()
            .map(|c| (c.from, c.to, c.units, c.scope.unwrap()))
            .collect();
        let states = |s: &[i32]| Units::States(s.iter().copied().collect());
        assert_eq!(
            claims,
            [
                (1950, 1951, states(&[2, 20]), "figures".into()),
                (1960, 1960, states(&[2]), "figures".into())
            ]
        );
    }
}
