//! Planning the queries of a policy: sessions per reading, helpers, and the column contract.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use comity_record::coverage::{Only, either};
use comity_record::schema::table;
use comity_record::{Coverage, Reading, Record, TableCoverage};
use comity_sql::{
    Budget, Extra, LazyTable, Limits, Planned, Session, Sharing, SqlError, facts, fallback, session,
};

use super::grades::{allowed, grades};
use crate::diagnostic::quote;
use crate::document::{Evidence, Helper, Kind, Policy, Query, Version};

/// A block's columns: required, then optional.
type Contract = (&'static [&'static str], &'static [&'static str]);

/// The columns that a block of that kind must and may return.
pub(crate) fn contract(kind: Kind) -> Contract {
    const MORE: &[&str] = &["other", "magnitude", "label", "also"];
    match kind {
        Kind::Refrain => (&["state", "year", "severity", "what", "source", "source_row"], MORE),
        Kind::Perform => (&["state", "year", "met", "what", "source", "source_row"], MORE),
        Kind::Pursue | Kind::Goal => (&["state", "year", "value"], &[]),
        Kind::Watch => (&["state", "other", "date", "count", "source"], &[]),
    }
}

/// Columns of an `applies` block.
pub(crate) const APPLIES: Contract = (&["state", "year"], &[]);

/// Columns without which a row says nothing.
const NEVER_NULL: &[&str] = &["state", "year", "severity", "met"];

/// A fault of a planned query: its code in the register, and what is wrong.
#[derive(Debug, Clone)]
pub(crate) struct Fault(pub &'static str, pub SqlError);

/// What is wrong with a planned evidence block: its columns, or that it reads no facts.
pub(crate) fn evidence_errors(planned: &Planned, kind: Kind) -> Vec<Fault> {
    let mut errors = column_errors(planned, contract(kind));
    errors.extend(wrong_grades(planned, kind));
    let findings = planned.reads().iter().any(|r| r.table == "findings");
    if needs(planned, &[], None).is_empty() && !findings {
        errors.push(Fault(
            "no-facts",
            SqlError::new("no fact table is read: nothing could ever be known here")
                .help("join a table of facts; `years`, `states` and `major_powers` are none"),
        ));
    }
    errors
}

/// A grade that is written in the query and is none: found before a row is read.
fn wrong_grades(planned: &Planned, kind: Kind) -> Option<Fault> {
    let (column, known) = grades(kind)?;
    let texts = planned.texts(column)?;
    let wrong = texts.iter().find(|text| known.iter().all(|(name, _)| name != text))?;
    let message = format!("`{column}` can be {}", quote(wrong));
    Some(Fault("result-grade", SqlError::new(message).help(allowed(kind))))
}

/// What is wrong with the columns of a planned query.
pub(crate) fn column_errors(planned: &Planned, (required, optional): Contract) -> Vec<Fault> {
    let columns = planned.columns();
    let mut errors = Vec::new();
    let list =
        |names: &[&str]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    for name in required {
        if !columns.iter().any(|(n, _)| n == name) {
            errors.push(Fault(
                "result-missing",
                SqlError::new(format!("the column `{name}` is missing"))
                    .help(format!("this kind of block returns {}", list(required))),
            ));
        }
    }
    let mut seen = BTreeSet::new();
    for (name, kind) in &columns {
        if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
            let help = if optional.is_empty() {
                format!("it returns {} and nothing else", list(required))
            } else {
                format!("it returns {}, and may return {}", list(required), list(optional))
            };
            let message = format!("the column `{name}` is not part of the contract");
            errors.push(Fault("result-unknown", SqlError::new(message).help(help)));
        } else if !seen.insert(name) {
            let message = format!("the column `{name}` is returned twice");
            errors.push(Fault("result-twice", SqlError::new(message).help("return it once")));
        } else if *kind == DataType::Null && NEVER_NULL.contains(&name.as_str()) {
            errors.push(Fault(
                "result-null",
                SqlError::new(format!("the column `{name}` is null in every row"))
                    .help("every row is about one state in one year, and says how grave it is"),
            ));
        } else if !fits(name, kind) {
            let wanted = wanted(name);
            errors.push(Fault(
                "result-type",
                SqlError::new(format!("the column `{name}` holds {kind}, it must hold {wanted}"))
                    .help("cast it, for example `cast(x as int)`"),
            ));
        }
    }
    errors
}

fn wanted(name: &str) -> &'static str {
    match name {
        "state" | "year" | "other" | "count" => "whole numbers",
        "date" => "dates",
        "value" | "magnitude" => "numbers",
        _ => "text",
    }
}

fn fits(name: &str, kind: &DataType) -> bool {
    if *kind == DataType::Null {
        return true;
    }
    match name {
        "state" | "year" | "other" | "count" => kind.is_integer(),
        "date" => matches!(kind, DataType::Date32),
        "value" | "magnitude" => kind.is_numeric(),
        _ => matches!(kind, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8),
    }
}

/// Columns of the view `findings`.
pub(crate) fn findings_schema() -> SchemaRef {
    let text = |n| Field::new(n, DataType::Utf8, true);
    let int = |n| Field::new(n, DataType::Int32, true);
    Arc::new(Schema::new(vec![
        text("commitment"),
        int("state"),
        int("year"),
        text("severity"),
        int("other"),
        text("what"),
        Field::new("magnitude", DataType::Float64, true),
        text("label"),
        text("source"),
        text("source_row"),
    ]))
}

/// A table that a block needs, and whether a row of it proves something by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a way of its own in which rows bear on a verdict"
)]
pub(crate) struct Need {
    pub table: &'static str,
    /// The fallback table, where no source of the first has coverage.
    pub fallback: Option<&'static str>,
    pub proves: bool,
    /// Whether some use of it can give rows: its missing rows may hold findings.
    pub found: bool,
    /// Whether a row of it can take a finding away, or change it.
    pub removes: bool,
    /// Whether the block declares that its rows exempt.
    pub exempts: bool,
    /// The rows of it that the query needs; empty: all.
    pub only: Only,
    /// The kinds of rows that the block promises to see, by what tells them apart.
    pub promised: Only,
}

/// Which tables are needed: one, or one and its fallback.
pub(crate) type NeedKey = (&'static str, Option<&'static str>);

impl Need {
    /// What distinguishes two needs.
    pub(crate) fn key(&self) -> NeedKey {
        (self.table, self.fallback)
    }

    /// The tables that can fill it.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'static str> {
        [Some(self.table), self.fallback].into_iter().flatten()
    }

    /// With what the block declares of it.
    fn declared(&mut self, evidence: &Evidence) {
        let exempts = self.tables().all(|t| evidence.exempts.iter().any(|e| e == t));
        self.exempts = exempts;
        for promise in evidence.promises.iter().filter(|p| p.table == self.table) {
            self.promised.entry(promise.by.clone()).or_default().extend(promise.kinds.clone());
        }
    }

    /// Whether its missing rows may hold more findings.
    pub(crate) fn can_hold_more(&self) -> bool {
        self.found || !self.exempts
    }

    /// Whether a row that came out rests on its silence.
    pub(crate) fn must_be_silent(&self) -> bool {
        !self.proves && !self.exempts
    }

    /// Whether its missing rows could exempt what was found.
    pub(crate) fn can_exempt(&self) -> bool {
        !self.proves && self.exempts
    }

    /// Whether a claim answers for the rows that are needed.
    pub(crate) fn answered(&self, claim: &Coverage) -> bool {
        let left_out = |(by, kinds): (&String, &BTreeSet<String>)| {
            self.promised.get(by).is_some_and(|promised| !promised.is_disjoint(kinds))
        };
        claim.answers(&self.only) && !claim.except.iter().any(left_out)
    }

    /// Whether claims answer for a state in a year.
    pub(crate) fn covers(&self, coverage: &TableCoverage, ccode: i32, year: i32) -> bool {
        coverage.entries().iter().any(|(_, claim)| {
            (claim.from..=claim.to).contains(&year)
                && claim.units.contain(ccode)
                && self.answered(claim)
        })
    }

    /// The spans of years in which claims answer for a state.
    pub(crate) fn spans(&self, coverage: &TableCoverage, ccode: i32) -> Vec<(i32, i32)> {
        let claims = coverage.entries().iter().map(|(_, claim)| claim);
        let answering = claims.filter(|c| c.units.contain(ccode) && self.answered(c));
        answering.map(|c| (c.from, c.to)).collect()
    }

    /// Where it is covered under a reading.
    pub(crate) fn coverage(&self, record: &Record, reading: &Reading) -> TableCoverage {
        record.coverage_with(self.table, self.fallback, reading)
    }
}

/// The fact tables behind a planned query; `findings` stands for those of the commitments it uses.
pub(crate) fn needs(planned: &Planned, used: &[Need], evidence: Option<&Evidence>) -> Vec<Need> {
    let mut all = BTreeMap::new();
    for read in planned.reads() {
        if read.table == "findings" {
            for need in used {
                // Of the findings a block reads only those that are proved: a row of it stands whatever else their tables hold.
                let need = Need {
                    proves: read.proves,
                    found: true,
                    removes: read.removes,
                    exempts: false,
                    ..need.clone()
                };
                add(&mut all, need);
            }
        }
        let tables = facts(&read.table).unwrap_or_default();
        let more = fallback(&read.table);
        for t in &tables {
            let alone = tables.len() == 1 && more.is_none();
            let only = if alone { read.only.clone() } else { Only::new() };
            let mut need = Need {
                table: t,
                fallback: more,
                proves: read.proves,
                found: read.found,
                removes: read.removes,
                exempts: false,
                only,
                promised: Only::new(),
            };
            if let Some(evidence) = evidence {
                need.declared(evidence);
            }
            add(&mut all, need);
        }
    }
    all.into_values().collect()
}

/// Two needs of one table are a need of the rows of either, and prove what both prove.
pub(crate) fn add(all: &mut BTreeMap<NeedKey, Need>, need: Need) {
    match all.entry(need.key()) {
        Entry::Vacant(new) => {
            new.insert(need);
        }
        Entry::Occupied(mut known) => {
            let known = known.get_mut();
            known.proves &= need.proves;
            known.found |= need.found;
            known.removes |= need.removes;
            known.exempts &= need.exempts;
            known.only = either(&known.only, &need.only);
            for (by, kinds) in need.promised {
                known.promised.entry(by).or_default().extend(kinds);
            }
        }
    }
}

/// A session under one reading with the helpers of the policy planned into it.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub reading: Reading,
    pub session: Session,
    /// As they are written.
    helpers: Arc<[Helper]>,
    planned: OnceLock<Result<Vec<Extra>, SqlError>>,
    budget: Budget,
    record: Record,
}

impl Desk {
    /// Opens a session and plans the helpers; the helpers that fail are given by their index.
    pub(crate) fn open(
        record: &Record,
        reading: &Reading,
        helpers: &Arc<[Helper]>,
        budget: &Budget,
        sharing: &Sharing,
    ) -> (Result<Self, SqlError>, Vec<(usize, SqlError)>) {
        let desk = match Self::unplanned(record, reading, helpers, budget, sharing) {
            Ok(desk) => desk,
            Err(e) => return (Err(e), Vec::new()),
        };
        let (mut planned, mut failed) = (Vec::new(), Vec::new());
        for (at, helper) in helpers.iter().enumerate() {
            match desk.session.plan(&helper.query.sql, &planned) {
                Ok(one) => planned.push(one.as_extra(&helper.name)),
                Err(e) => failed.push((at, e)),
            }
        }
        let _ = desk.planned.set(Ok(planned));
        (Ok(desk), failed)
    }

    /// Opens a session; the helpers are planned when a query is.
    pub(crate) fn unplanned(
        record: &Record,
        reading: &Reading,
        helpers: &Arc<[Helper]>,
        budget: &Budget,
        sharing: &Sharing,
    ) -> Result<Self, SqlError> {
        let budget = budget.clone();
        let limits = Limits {
            budget: Some(budget.clone()),
            sharing: Some(sharing.clone()),
            ..Limits::default()
        };
        let session = session(record, reading, limits)?;
        let (reading, record, helpers) = (reading.clone(), record.clone(), Arc::clone(helpers));
        Ok(Self { reading, session, helpers, planned: OnceLock::new(), budget, record })
    }

    fn helpers(&self) -> Result<&[Extra], SqlError> {
        let plan = || {
            let mut planned = Vec::new();
            for helper in self.helpers.iter() {
                let one = self.session.plan(&helper.query.sql, &planned)?;
                planned.push(one.as_extra(&helper.name));
            }
            Ok(planned)
        };
        self.planned.get_or_init(plan).as_ref().map(Vec::as_slice).map_err(Clone::clone)
    }

    /// Runs a planned query; its rows count as kept.
    pub(crate) fn run(&self, planned: &Planned) -> Result<RecordBatch, SqlError> {
        let rows = self.session.run(planned)?;
        self.budget.keep(&rows)?;
        Ok(rows)
    }

    /// The codes of the record's states, ascending.
    pub(crate) fn known_states(&self) -> Result<&[i32], SqlError> {
        let system = self.record.states().map_err(|e| SqlError::new(e.to_string()))?;
        Ok(system.ccodes())
    }

    /// Plans a query that may use the helpers and, if given, the view `findings`.
    pub(crate) fn plan(
        &self,
        query: &Query,
        findings: Option<RecordBatch>,
    ) -> Result<Planned, SqlError> {
        let mut extra = self.helpers()?.to_vec();
        extra.extend(findings.map(as_table));
        self.session.plan(&query.sql, &extra)
    }

    /// A query that another desk planned, over the tables of this one; none where it has to be planned again.
    pub(crate) fn adopt(
        &self,
        planned: &Planned,
        findings: Option<RecordBatch>,
    ) -> Option<Planned> {
        let extra: Vec<Extra> = findings.map(as_table).into_iter().collect();
        self.session.adopt(planned, &extra)
    }
}

/// The view `findings` over these rows.
fn as_table(batch: RecordBatch) -> Extra {
    let empty = batch.num_rows() == 0;
    let make = move || Ok(batch.clone().into());
    let table = LazyTable::new("findings", findings_schema(), make).empty(empty);
    ("findings".to_owned(), Arc::new(table))
}

/// The order in which commitments are evaluated: each after those whose findings it uses.
///
/// Returns indices in layers; commitments in a cycle (refused by the parser) are left out.
pub(crate) fn layers(policy: &Policy) -> Vec<Vec<usize>> {
    let uses: Vec<BTreeSet<&str>> = policy
        .commitments
        .iter()
        .map(|c| blocks(&c.versions).flat_map(|e| e.uses.iter().map(String::as_str)).collect())
        .collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<usize> = (0..policy.commitments.len()).collect();
    let mut layers = Vec::new();
    while !left.is_empty() {
        let (ready, wait): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|at| uses[**at].iter().all(|u| done.contains(u)));
        if ready.is_empty() {
            break;
        }
        done.extend(ready.iter().map(|at| policy.commitments[*at].id.as_str()));
        layers.push(ready);
        left = wait;
    }
    layers
}

/// Every evidence block of every version.
pub(crate) fn blocks(versions: &[Version]) -> impl Iterator<Item = &Evidence> {
    versions.iter().flat_map(|v| &v.evidence)
}

/// The families of tables, structural ones included, that a planned query touches.
pub(crate) fn families(planned: &Planned) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    for read in planned.reads() {
        for t in facts(&read.table).unwrap_or_default().into_iter().chain(fallback(&read.table)) {
            all.extend(table(t).map(|t| t.family));
        }
    }
    all
}
