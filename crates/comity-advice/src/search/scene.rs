//! Scenes: a few rows about a few states, with what is covered of them. Many are laid side by side into one record, each about states of its
//! own, so that one evaluation answers for all.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::rows::{TableRows, Value};
use comity_record::schema::{ColumnType, TABLES, Table};
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle, Units};

use serde::Serialize;

use super::pool::{Pool, is_id, is_system};
use crate::Error;

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub table: &'static Table,
    pub cells: BTreeMap<&'static str, Value>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.table.name == other.table.name && self.cells == other.cells
    }
}

impl Fact {
    pub(super) fn new(table: &'static Table) -> Self {
        Self { table, cells: BTreeMap::new() }
    }

    /// Sets a cell; null takes it away.
    pub(super) fn set(&mut self, column: &'static str, value: Value) {
        if value == Value::Null {
            self.cells.remove(column);
        } else {
            self.cells.insert(column, value);
        }
    }

    /// The states that it is about.
    pub(super) fn states(&self) -> impl Iterator<Item = i32> + '_ {
        let columns = self.table.columns.iter().filter(|c| about_a_state(self.table, c.name));
        columns.filter_map(|c| match self.cells.get(c.name) {
            Some(Value::Int(ccode)) => Some(*ccode),
            _ => None,
        })
    }

    /// The years that it names.
    pub(super) fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.cells.iter().filter_map(|(name, value)| match value {
            Value::Date(date) => Some(i32::from(date.year())),
            Value::Int(year) if *name == "year" || name.ends_with("_year") => Some(*year),
            _ => None,
        })
    }
}

/// Whether a column holds the code of a state.
pub(super) fn about_a_state(table: &Table, column: &str) -> bool {
    table.states.contains(&column)
        || matches!(column, "ccode" | "partner" | "target" | "side_of" | "trigger_by" | "rival")
            && table.column(column).is_some_and(|c| c.kind == ColumnType::Int)
}

/// Whether a row always names a state in this column: a source leaves out rows without one.
pub(super) fn always_a_state(table: &Table, column: &str) -> bool {
    table.states.contains(&column) && table.column(column).is_some_and(|c| !c.doc.contains("null"))
}

/// What is covered of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// Nothing.
    Nothing,
    /// These years alone.
    Years(i32, i32),
    /// Rows with this text in this column alone.
    Only(String, String),
    /// Every kind of row but this, by what tells them apart.
    Except(String, String),
}

impl Covered {
    /// The claim of a source.
    fn claim(&self, mut all: Coverage) -> Option<Coverage> {
        match self {
            Self::Nothing => return None,
            Self::Years(from, to) => (all.from, all.to) = (*from, *to),
            Self::Only(column, text) => all = all.only(column, &[text]),
            Self::Except(by, kind) => all = all.except(by, &[kind]),
        }
        Some(all)
    }
}

/// A few rows, and what is covered of their tables for their states.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    pub states: BTreeSet<i32>,
    pub facts: Vec<Fact>,
    /// Tables that are not covered in every year, or not for every row, for these states.
    pub covered: BTreeMap<&'static str, Covered>,
}

impl Scene {
    pub(super) fn of(facts: Vec<Fact>, more: impl IntoIterator<Item = i32>) -> Self {
        let mut states: BTreeSet<i32> = facts.iter().flat_map(Fact::states).collect();
        states.extend(more);
        Self { states, facts, covered: BTreeMap::new() }
    }

    /// The first and the last year that it is about.
    pub(super) fn years(&self) -> (i32, i32) {
        let years = || {
            let claims = self.covered.values().flat_map(|c| match c {
                Covered::Years(from, to) => vec![*from, *to],
                _ => Vec::new(),
            });
            let all = self.facts.iter().flat_map(Fact::years).chain(claims);
            all.filter(|y| (FIRST..=LAST).contains(y))
        };
        (years().min().unwrap_or(1960), years().max().unwrap_or(1960))
    }
}

/// The years of the world that scenes play in.
pub(super) const FIRST: i32 = 1816;
pub(super) const LAST: i32 = 2030;

/// The record of scenes that share no state. Tables that no commitment reads are empty and covered; who was a state is as in `base`.
pub(super) fn lay(base: &Record, pool: &Pool, scenes: &[Scene]) -> Result<Record, Error> {
    let mut silence = source("nothing");
    let mut silent = Vec::new();
    let mut made = source("generated");
    let mut tables = Vec::new();
    let everyone: BTreeSet<i32> = scenes.iter().flat_map(|s| &s.states).copied().collect();
    let baseline = base.baseline();
    for t in TABLES {
        let Some(read) = pool.table(t.name) else {
            if is_system(t.name) {
                silent.push((t.name, base.table(t.name, &baseline)?));
            }
            silence.coverage.push(Coverage::all(t.name, FIRST, LAST));
            silence.relations.insert(t.family.to_owned(), Relation::Complement);
            continue;
        };
        made.relations.insert(t.family.to_owned(), Relation::Complement);
        let others = Units::AllExcept(everyone.clone());
        let all = Coverage::all(t.name, FIRST, LAST);
        made.coverage.push(Coverage { units: others, ..all.clone() });
        for scene in scenes {
            let units = Units::States(scene.states.clone());
            let claim = Coverage { units, ..all.clone() };
            made.coverage.extend(match scene.covered.get(t.name) {
                Some(covered) => covered.claim(claim),
                None => Some(claim),
            });
        }
        let mut rows = TableRows::new(read, &made.id);
        let mut keys: BTreeSet<Vec<String>> = BTreeSet::new();
        for (at, scene) in scenes.iter().enumerate() {
            for fact in scene.facts.iter().filter(|f| f.table.name == t.name) {
                let cells: Vec<(&str, Value)> = fact
                    .cells
                    .iter()
                    .map(|(name, value)| (*name, own(pool, at, fact, name, value)))
                    .collect();
                // A source has one row of a key, where the row fills all of it.
                let key: Vec<String> = t
                    .key
                    .iter()
                    .filter_map(|k| cells.iter().find(|(name, _)| name == k))
                    .map(|(_, value)| value.text())
                    .collect();
                if key.len() == t.key.len() && !keys.insert(key) {
                    continue;
                }
                let key = format!("row {}", rows.len() + 1);
                rows.push(&cells, key);
            }
        }
        tables.push((t.name, rows.finish()));
    }
    let bundles = vec![
        SourceBundle { source: silence, tables: silent },
        SourceBundle { source: made, tables },
    ];
    Ok(Record::from_bundles_in(base.catalogue(), bundles, Preferences::default())?)
}

/// What one scene calls by a name is another thing than what another scene calls so, but for the names that queries know.
fn own(pool: &Pool, scene: usize, fact: &Fact, column: &str, value: &Value) -> Value {
    match (fact.table.column(column), value) {
        (Some(c), Value::Text(text)) if is_id(c) && !pool.is_constant(column, text) => {
            Value::Text(format!("{scene}.{text}"))
        }
        _ => value.clone(),
    }
}

fn source(dataset: &str) -> Source {
    Source {
        id: format!("{dataset}-1"),
        dataset: dataset.to_owned(),
        version: "1".into(),
        title: "made for a comparison".into(),
        ..Source::default()
    }
}
