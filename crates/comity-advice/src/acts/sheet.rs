//! One table of a record while acts are laid over it: its rows under the baseline, those hidden or changed, and those added.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, RecordBatch};
use comity_record::Record;
use comity_record::columns::{text, texts};
use comity_record::rows::Value;
use comity_record::schema::{Table, Time};

use crate::Error;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Of the record, by its place in all rows of the table.
    Known(usize),
    /// Of an act, by its place among those added.
    Added(usize),
}

/// A row that is changed: its source and key, the act, and the cells.
type Change = ((String, String), usize, Vec<(String, Value)>);

/// One table.
pub(super) struct Sheet {
    table: &'static Table,
    /// The rows of every source: what ends, ends under every reading. None until one is looked for.
    rows: RecordBatch,
    is_read: bool,
    /// Of these the ones that the baseline reads: values are taken from them.
    baseline: BTreeSet<String>,
    hidden: BTreeSet<usize>,
    amended: BTreeMap<usize, Change>,
    added: Vec<(usize, BTreeMap<String, Value>)>,
}

impl Sheet {
    pub fn of(record: &Record, table: &'static Table) -> Self {
        let reading = record.baseline();
        let baseline = reading.sources(table.family).iter().cloned().collect();
        let rows = RecordBatch::new_empty(table.schema());
        let (hidden, amended, added) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        Self { table, rows, is_read: false, baseline, hidden, amended, added }
    }

    /// Reads the rows of the record.
    pub fn read(&mut self, record: &Record) -> Result<(), Error> {
        if !self.is_read {
            self.rows = record.every(self.table.name)?;
            self.is_read = true;
        }
        Ok(())
    }

    /// The rows in which these cells hold.
    pub fn matching(&self, wanted: &[(String, Value)]) -> Vec<Key> {
        let mut hits = vec![true; self.rows.num_rows()];
        for row in &self.hidden {
            hits[*row] = false;
        }
        for (name, value) in wanted {
            let Some(column) = self.rows.column_by_name(name) else { continue };
            match value {
                Value::Int(v) => {
                    let column = comity_record::columns::ints(&self.rows, name);
                    hits.iter_mut().enumerate().filter(|(_, h)| **h).for_each(|(row, hit)| {
                        *hit = column.is_valid(row) && column.value(row) == *v;
                    });
                }
                Value::Text(v) => {
                    let column = texts(&self.rows, name);
                    hits.iter_mut().enumerate().filter(|(_, h)| **h).for_each(|(row, hit)| {
                        *hit = column.is_valid(row) && column.value(row) == v;
                    });
                }
                other => hits.iter_mut().enumerate().filter(|(_, h)| **h).for_each(|(row, hit)| {
                    *hit = Value::of(column.as_ref(), row) == *other;
                }),
            }
        }
        let known =
            hits.iter().enumerate().filter(|(_, hit)| **hit).map(|(row, _)| Key::Known(row));
        let of = |(_, cells): &(usize, BTreeMap<String, Value>)| {
            wanted.iter().all(|(name, value)| cells.get(name).unwrap_or(&Value::Null) == value)
        };
        let added =
            self.added.iter().enumerate().filter(|(_, a)| of(a)).map(|(at, _)| Key::Added(at));
        known.chain(added).collect()
    }

    /// A cell, as it is now.
    pub fn cell(&self, key: &Key, name: &str) -> Value {
        match key {
            Key::Known(row) => {
                let changed = self
                    .amended
                    .get(row)
                    .and_then(|(_, _, cells)| cells.iter().find(|(n, _)| n == name));
                match changed {
                    Some((_, value)) => value.clone(),
                    None => self
                        .rows
                        .column_by_name(name)
                        .map_or(Value::Null, |c| Value::of(c.as_ref(), *row)),
                }
            }
            Key::Added(at) => self.added[*at].1.get(name).cloned().unwrap_or_default(),
        }
    }

    /// All cells of a row but its source.
    pub fn cells(&self, key: &Key) -> Vec<(String, Value)> {
        self.table.columns.iter().map(|c| (c.name.to_owned(), self.cell(key, c.name))).collect()
    }

    /// The source and key of a row.
    pub fn named(&self, key: &Key) -> (String, String) {
        match key {
            Key::Known(row) => {
                let of = |name: &str| text(texts(&self.rows, name), *row).to_owned();
                (of("source"), of("source_row"))
            }
            Key::Added(at) => (super::lay::SOURCE.to_owned(), format!("act={}", self.added[*at].0)),
        }
    }

    /// Whether the baseline reads the row.
    pub fn is_baseline(&self, key: &Key) -> bool {
        match key {
            Key::Known(row) => self.baseline.contains(text(texts(&self.rows, "source"), *row)),
            Key::Added(_) => true,
        }
    }

    /// Whether a spell holds in a year. What is open goes on, past the end of its source too.
    pub fn holds_in(&self, key: &Key, year: i32) -> bool {
        let year_of = |name: &str| match self.cell(key, name) {
            Value::Int(year) => Some(year),
            _ => None,
        };
        if self.table.time != Time::Spell {
            return year_of("year") == Some(year);
        }
        year_of("start_year").is_none_or(|s| s <= year)
            && year_of("end_year").is_none_or(|e| e >= year)
    }

    /// Of these rows those that values are taken from: of the sources that the baseline reads one, published ones before the starter.
    pub fn preferred(&self, keys: Vec<Key>) -> Vec<Key> {
        let rank = |key: &Key| {
            let source = self.named(key).0;
            (!self.is_baseline(key), source.starts_with("starter"), source)
        };
        let Some(best) = keys.iter().map(rank).min() else { return keys };
        keys.into_iter().filter(|key| rank(key) == best).collect()
    }

    pub fn add(&mut self, act: usize, cells: BTreeMap<String, Value>) {
        self.added.push((act, cells));
    }

    pub fn hide(&mut self, key: &Key) {
        match key {
            Key::Known(row) => {
                self.hidden.insert(*row);
            }
            // Its place is kept, so that other keys stay right; it is left out when rows are made.
            Key::Added(at) => self.added[*at].0 = 0,
        }
    }

    pub fn amend(&mut self, key: &Key, act: usize, cells: &[(String, Value)]) {
        match key {
            Key::Known(row) => {
                let of = self.named(key);
                let entry = self.amended.entry(*row).or_insert_with(|| (of, act, Vec::new()));
                entry.1 = act;
                entry.2.retain(|(name, _)| cells.iter().all(|(n, _)| n != name));
                entry.2.extend(cells.iter().cloned());
            }
            Key::Added(at) => self.added[*at].1.extend(cells.iter().cloned()),
        }
    }

    pub fn is_changed(&self) -> bool {
        !(self.hidden.is_empty() && self.amended.is_empty() && self.added.is_empty())
    }

    pub fn hidden(&self) -> impl Iterator<Item = (&str, &str)> {
        let of = |row: &usize| {
            (text(texts(&self.rows, "source"), *row), text(texts(&self.rows, "source_row"), *row))
        };
        self.hidden.iter().map(of)
    }

    pub fn amended(
        &self,
    ) -> impl Iterator<Item = (&(String, String), usize, &Vec<(String, Value)>)> {
        let kept = self.amended.iter().filter(|(row, _)| !self.hidden.contains(row));
        kept.map(|(_, (of, act, cells))| (of, *act, cells))
    }

    pub fn added(&self) -> impl Iterator<Item = &(usize, BTreeMap<String, Value>)> {
        self.added.iter().filter(|(act, _)| *act > 0)
    }
}
