//! A record with rows in every table that a group reads, of two states.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::rows::{TableRows, Value};
use comity_record::schema::{Column, ColumnType, Table, table};
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};

use crate::groups::GROUPS;
use crate::system::Codes;

/// Datasets that choices name, with the tables that they fill.
const NAMED: [(&str, Relation, &[&str]); 12] = [
    ("cow-mid", Relation::Rival, &["disputes", "dispute_parties"]),
    ("gml-mid", Relation::Rival, &["disputes", "dispute_parties", "dyadic_disputes"]),
    ("atop", Relation::Rival, &["pledges"]),
    ("cow-alliances", Relation::Rival, &["pledges"]),
    ("tss-rivalries", Relation::Rival, &["rivalries"]),
    ("td-rivalries", Relation::Rival, &["rivalries"]),
    ("cow-war-inter", Relation::Complement, &["war_parties", "wars"]),
    ("cow-war-intra", Relation::Complement, &["war_parties", "wars"]),
    ("cow-war-extra", Relation::Complement, &["war_parties", "wars"]),
    ("cow-war-dyadic", Relation::Complement, &["dyadic_wars"]),
    ("creg", Relation::Complement, &["fractionalization"]),
    ("hief", Relation::Complement, &["ethnic_fractionalization"]),
];

/// What the cells of the facts hold.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    /// First and last year.
    pub years: (i32, i32),
    /// The years of the first and the last day.
    pub days: (i32, i32),
    /// Whole numbers that are neither codes of states nor years.
    pub number: i32,
    /// The id of everything but leaders, if it is not the number of its dataset.
    pub id: Option<&'static str>,
}

pub(super) const PLAIN: Facts =
    Facts { years: (1950, 1955), days: (1950, 1955), number: 1, id: None };

/// The record, and the tables that have no row of a dataset that a choice names.
pub(super) fn record(facts: Facts) -> Record {
    let mut bundles = vec![system()];
    for (nth, (dataset, relation, tables)) in NAMED.into_iter().enumerate() {
        bundles.push(source(dataset, relation, tables, nth + 1, facts));
    }
    let named: BTreeSet<&str> = NAMED.iter().flat_map(|(_, _, tables)| *tables).copied().collect();
    let others: BTreeSet<&str> = GROUPS.iter().flat_map(|g| g.reads(Codes::Gw)).collect();
    let others: Vec<&str> =
        others.into_iter().filter(|t| !named.contains(t) && !OF_SYSTEM.contains(t)).collect();
    bundles.push(source("invented", Relation::Complement, &others, 99, facts));
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

const OF_SYSTEM: [&str; 4] = ["states", "gw_states", "state_codes", "major_powers"];

/// Two states of both lists, with the same codes.
fn system() -> SourceBundle {
    let facts = Facts { years: (1945, 1960), days: (1945, 1960), ..PLAIN };
    let mut bundle = source("system", Relation::Complement, &OF_SYSTEM, 1, facts);
    bundle.source.coverage = ["states", "gw_states", "major_powers"]
        .map(|table| Coverage::all(table, 1945, 1960))
        .to_vec();
    bundle
}

pub(super) fn source(
    dataset: &str,
    relation: Relation,
    tables: &[&str],
    number: usize,
    facts: Facts,
) -> SourceBundle {
    let tables: Vec<&'static Table> = tables.iter().map(|name| table(name).unwrap()).collect();
    let id = format!("{dataset}-1");
    let relations: BTreeMap<String, Relation> =
        tables.iter().map(|t| (t.family.to_owned(), relation)).collect();
    let (from, to) = facts.years;
    SourceBundle {
        source: Source {
            id: id.clone(),
            dataset: dataset.into(),
            version: "1".into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations,
            files: Vec::new(),
            added: String::new(),
            coverage: tables.iter().map(|t| Coverage::all(t.name, from, to)).collect(),
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        },
        tables: tables
            .into_iter()
            .map(|t| (t.name, rows(t, &id, number, facts).finish()))
            .collect(),
    }
}

/// A row about each of the two states, or about both in both orders.
fn rows(table: &'static Table, source: &str, number: usize, facts: Facts) -> TableRows {
    let mut made = TableRows::new(table, source);
    // Rows about no state are one, so that their keys are not there twice.
    let coded = table.columns.iter().any(|c| ["ccode", "gwcode"].contains(&c.name));
    let many = if coded || !table.states.is_empty() { 2 } else { 1 };
    for nth in 0..many {
        let cells: Vec<(&str, Value)> =
            table.columns.iter().map(|c| (c.name, cell(table, c, nth, number, facts))).collect();
        made.push(&cells, format!("line {nth} of {source}"));
    }
    made
}

fn cell(table: &Table, column: &Column, nth: i32, number: usize, facts: Facts) -> Value {
    let codes = [2, 20];
    let state = codes[nth as usize];
    let other = codes[1 - nth as usize];
    let date = |year: i32, month: i8, day: i8| jiff::civil::Date::new(year as i16, month, day).ok();
    let (from, to) = facts.years;
    let numbered = facts.id.map_or_else(|| number.to_string(), str::to_owned);
    match (column.kind, column.name) {
        (ColumnType::Int, "year" | "start_year") => from.into(),
        (ColumnType::Int, "end_year") => to.into(),
        (ColumnType::Int, "gwcode" | "ccode" | "sender" | "challenger") => state.into(),
        (ColumnType::Int, "partner_gwcode" | "partner" | "rival" | "target") => other.into(),
        (ColumnType::Int, name) if table.states.first() == Some(&name) => state.into(),
        (ColumnType::Int, name) if table.states.contains(&name) => other.into(),
        (ColumnType::Int, "side") => (nth + 1).into(),
        (ColumnType::Int, _) => facts.number.into(),
        // A figure that is whole, in a column of figures that need not be.
        (ColumnType::Float, _) => 36.0.into(),
        (ColumnType::Bool, "side_a") => (nth == 0).into(),
        (ColumnType::Bool, "partner_side_a") => (nth == 1).into(),
        (ColumnType::Bool, _) => true.into(),
        (ColumnType::Date, name) if name.starts_with("start") => date(facts.days.0, 1, 1).into(),
        (ColumnType::Date, _) => date(facts.days.1, 12, 30).into(),
        (ColumnType::Text, "leader_id" | "leader_start" | "leader_end" | "person_id") => {
            format!("L-{state}").into()
        }
        (ColumnType::Text, "kind") => "full".into(),
        (ColumnType::Text, "issue") if table.name == "claims" => "river".into(),
        (ColumnType::Text, "issue") => "all".into(),
        (ColumnType::Text, "role") => "a".into(),
        (ColumnType::Text, "system") => "gw".into(),
        (ColumnType::Text, "code") => state.to_string().into(),
        (ColumnType::Text, name) if name.ends_with("_id") => numbered.into(),
        (ColumnType::Text, name) => format!("{name} {state}").into(),
    }
}
