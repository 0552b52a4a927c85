//! The values that matter to the queries of two commitments: the constants that they compare with, one less and one more, and the codes of
//! the columns that they read.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::document::Policy;
use comity_record::meanings::holds;
use comity_record::rows::Value;
use comity_record::schema::{Column, ColumnType, TABLES, Table, table};

use super::random::Random;
use super::sql::{Constant, constants, words};

/// What generated rows are made from.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// The tables that are read.
    pub tables: Vec<&'static Table>,
    /// Whole numbers by column.
    numbers: BTreeMap<String, BTreeSet<i32>>,
    /// Measured quantities by column, as text of their bits would not sort: kept as they are.
    measures: BTreeMap<String, Vec<f64>>,
    /// Texts by column.
    texts: BTreeMap<String, BTreeSet<String>>,
    /// Numbers that measured quantities may stand to each other in.
    pub ratios: Vec<f64>,
    /// Whole numbers that are compared with something counted or computed.
    pub counts: BTreeSet<i32>,
    /// Years that are named.
    pub years: BTreeSet<i32>,
    /// Numbers of years between two things.
    pub lags: BTreeSet<i32>,
    /// States that are named, or whose numbers lie beside one that is.
    pub states: BTreeSet<i32>,
    /// The words of all queries: the columns and views that they name.
    words: BTreeSet<String>,
}

/// The years that a state system has.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2100;

impl Pool {
    /// What matters to the queries of these documents, over the tables that they read. `known` are the states of the system.
    pub(super) fn of(policies: &[&Policy], tables: &BTreeSet<&'static str>, known: &[i32]) -> Self {
        let mut pool = Self::default();
        let queries = policies.iter().flat_map(|p| queries(p));
        let all: Vec<&str> = queries.collect();
        for sql in &all {
            pool.words.extend(words(sql));
        }
        let mut read: BTreeSet<&'static str> = tables.clone();
        if pool.words.contains("major_power_years") || pool.words.contains("major_powers") {
            read.insert("major_powers");
        }
        pool.tables = TABLES.iter().filter(|t| read.contains(t.name)).collect();
        for sql in &all {
            for compared in constants(sql) {
                match compared.constant {
                    Constant::Number(number) => pool.number(number, &compared.columns, known),
                    Constant::Text(text) => pool.text(&text, &compared.columns),
                }
            }
        }
        for commitment in policies.iter().flat_map(|p| &p.commitments) {
            for version in &commitment.versions {
                pool.years.extend([version.from, version.to].into_iter().flatten());
            }
        }
        pool.ratios.sort_by(f64::total_cmp);
        pool.ratios.dedup();
        pool
    }

    /// Whether a query names the column.
    pub(super) fn names(&self, column: &str) -> bool {
        self.words.contains(column)
    }

    fn number(&mut self, number: f64, columns: &BTreeSet<String>, known: &[i32]) {
        let whole = number.fract() == 0.0 && number.abs() < 1e9;
        let near = [number as i32 - 1, number as i32, number as i32 + 1];
        let mut placed = false;
        for name in columns {
            let is_state = matches!(name.as_str(), "state" | "other")
                || TABLES.iter().any(|t| t.states.contains(&name.as_str()));
            if is_state && whole {
                placed = true;
                let below = known.iter().rev().find(|s| **s < near[1]);
                let from = known.iter().find(|s| **s >= near[1]);
                let after = known.iter().find(|s| **s > near[1]);
                self.states.extend([below, from, after].into_iter().flatten());
                continue;
            }
            if (is_time(name) || YEARS.contains(&near[1])) && whole {
                placed = true;
                if YEARS.contains(&near[1]) {
                    self.years.extend(near);
                } else if (1..=60).contains(&near[1]) {
                    self.lags.insert(near[1]);
                }
                continue;
            }
            let found = self.tables.iter().find_map(|t| t.column(name));
            match found.map(|c| c.kind) {
                Some(ColumnType::Int) if whole => {
                    placed = true;
                    self.numbers.entry(name.clone()).or_default().extend(near);
                }
                Some(ColumnType::Float) => {
                    placed = true;
                    let step = if whole { 1.0 } else { number.abs() * 0.01 };
                    let measures = self.measures.entry(name.clone()).or_default();
                    measures.extend([number - step, number, number + step]);
                    self.ratio(number);
                }
                _ => {}
            }
        }
        if !placed {
            self.ratio(number);
            if whole && (0..=1000).contains(&near[1]) {
                self.counts.extend(near);
            } else if YEARS.contains(&near[1]) {
                self.years.extend(near);
            }
        }
    }

    fn ratio(&mut self, number: f64) {
        if number > 0.0 && number < 1000.0 {
            self.ratios.push(number);
        }
    }

    fn text(&mut self, text: &str, columns: &BTreeSet<String>) {
        let year = text.get(..4).and_then(|y| y.parse().ok()).filter(|y| YEARS.contains(y));
        if text.as_bytes().get(4) == Some(&b'-') {
            self.years.extend(year);
        }
        for name in columns {
            let fits = |t: &&&Table| t.column(name).is_some_and(|c| c.kind == ColumnType::Text);
            if self.tables.iter().any(|t| fits(&t)) {
                self.texts.entry(name.clone()).or_default().insert(text.to_owned());
            }
        }
    }

    /// Whether a text is a constant of that column: it then means the same in every row.
    pub(super) fn is_constant(&self, column: &str, text: &str) -> bool {
        self.texts.get(column).is_some_and(|t| t.contains(text))
    }

    /// The texts that queries compare a column with.
    pub(super) fn constants(&self, column: &str) -> Vec<&String> {
        self.texts.get(column).into_iter().flatten().collect()
    }

    /// The values that a column may hold, none where nothing is known of them.
    pub(super) fn values(&self, table: &Table, column: &Column) -> Vec<Value> {
        let coding = holds(table, column).and_then(|h| h.coding);
        let codes = || coding.iter().flat_map(|c| c.values.iter().map(|v| v.0));
        match column.kind {
            ColumnType::Bool => vec![Value::Bool(true), Value::Bool(false)],
            ColumnType::Int => {
                let all: BTreeSet<i32> = codes().filter_map(|v| v.parse().ok()).collect();
                let closed = coding.is_some_and(|c| c.others.is_empty());
                let named = self.numbers.get(column.name).into_iter().flatten();
                let named: BTreeSet<i32> =
                    named.copied().filter(|n| !closed || all.contains(n)).collect();
                named.union(&all).map(|n| Value::Int(*n)).collect()
            }
            ColumnType::Text => {
                let mut all: BTreeSet<String> = codes().map(str::to_owned).collect();
                all.extend(self.texts.get(column.name).cloned().unwrap_or_default());
                all.into_iter().map(Value::Text).collect()
            }
            ColumnType::Float => {
                let named = self.measures.get(column.name).into_iter().flatten();
                named.filter(|v| **v >= 0.0).map(|v| Value::Float(*v)).collect()
            }
            ColumnType::Date => Vec::new(),
        }
    }

    /// Columns of a table and the texts that queries compare them with.
    pub(super) fn named_texts(&self, table: &Table) -> Vec<(&str, &str)> {
        let columns = table.columns.iter().filter(|c| c.kind == ColumnType::Text);
        let of = columns.filter_map(|c| self.texts.get_key_value(c.name));
        of.flat_map(|(name, all)| all.iter().map(|t| (name.as_str(), t.as_str()))).collect()
    }

    /// One of the values that a column may hold, those that queries name more often.
    pub(super) fn value(&self, r: &mut Random, table: &Table, column: &Column) -> Option<Value> {
        if column.kind == ColumnType::Int
            && r.chance(1, 2)
            && let Some(named) = self.numbers.get(column.name)
        {
            let named: Vec<i32> = named.iter().copied().collect();
            return r.pick(&named).map(|n| Value::Int(*n));
        }
        // A name that no query knows.
        if column.kind == ColumnType::Text && self.texts.contains_key(column.name) && r.chance(1, 8)
        {
            return Some(Value::Text("other".to_owned()));
        }
        if column.kind == ColumnType::Text
            && r.chance(3, 4)
            && let Some(named) = self.texts.get(column.name)
        {
            let named: Vec<&String> = named.iter().collect();
            return r.pick(&named).map(|t| Value::Text((*t).clone()));
        }
        r.pick(&self.values(table, column)).cloned()
    }

    /// The table of that name, if it is read.
    pub(super) fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.iter().find(|t| t.name == name).copied()
    }
}

/// Whether a column is about when.
pub(super) fn is_time(name: &str) -> bool {
    matches!(name, "year" | "start" | "end" | "since" | "until" | "third" | "first" | "last")
        || name.ends_with("_year")
        || name.ends_with("date")
        || name.ends_with("month")
        || name == "month"
}

/// Every query of a document.
pub(super) fn queries(policy: &Policy) -> impl Iterator<Item = &str> {
    let versions = policy.commitments.iter().flat_map(|c| &c.versions);
    let blocks = versions.flat_map(|v| v.applies.iter().chain(v.evidence.iter().map(|e| &e.query)));
    let helpers = policy.helpers.iter().map(|h| &h.query);
    blocks.chain(helpers).map(|q| q.sql.as_str())
}

/// A document with one commitment, those whose findings it reads, and the helpers that they name.
pub(super) fn part(policy: &Policy, id: &str) -> Policy {
    let mut policy = policy.clone();
    let mut kept: BTreeSet<String> = [id.to_owned()].into();
    loop {
        let inside = policy.commitments.iter().filter(|c| kept.contains(&c.id));
        let used = inside.flat_map(|c| &c.versions).flat_map(|v| &v.evidence);
        let more: Vec<String> =
            used.flat_map(|e| &e.uses).filter(|u| !kept.contains(*u)).cloned().collect();
        if more.is_empty() {
            break;
        }
        kept.extend(more);
    }
    policy.commitments.retain(|c| kept.contains(&c.id));
    policy.articles.clear();
    let mut named: BTreeSet<String> = BTreeSet::new();
    let versions = policy.commitments.iter().flat_map(|c| &c.versions);
    for query in versions.flat_map(|v| v.applies.iter().chain(v.evidence.iter().map(|e| &e.query)))
    {
        named.extend(words(&query.sql));
    }
    // A helper uses earlier ones only: from the last to the first.
    let mut helpers = Vec::new();
    for helper in policy.helpers.iter().rev() {
        if named.contains(&helper.name.to_lowercase()) {
            named.extend(words(&helper.query.sql));
            helpers.push(helper.clone());
        }
    }
    helpers.reverse();
    policy.helpers = helpers;
    policy
}

/// Whether a column of a table names something that rows of other tables name too.
pub(super) fn is_id(column: &Column) -> bool {
    column.kind == ColumnType::Text && column.name.ends_with("_id")
}

/// The canonical table of that name that holds a state system, if it is one.
pub(super) fn is_system(name: &str) -> bool {
    table(name).is_some_and(|t| t.family == "system")
}
