//! Facts that stand: who is a member, who owes what to whom, who borders on whom, who are rivals, what is mandated. Past the last year
//! that their sources cover they are carried forward as stated assumptions, so that an act of next year meets the world of last year.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::columns::{int, ints, text, texts};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_record::{Coverage, Layer, Record, Units};
use serde::Serialize;

use crate::Error;

/// The source that carried rows name.
pub const SOURCE: &str = "standing";

/// Tables of spells that stand until they end, and what their rows are called.
const STANDING: [(&str, &str); 10] = [
    ("pledges", "pledges"),
    ("memberships", "memberships"),
    ("organization_positions", "positions in organisations"),
    ("treaty_participation", "parties of treaties"),
    ("trade_agreements", "members of trade agreements"),
    ("contiguity", "borders"),
    ("rivalries", "rivalries"),
    ("claims", "claims"),
    ("authorizations", "mandates"),
    ("council_terms", "seats in the Security Council"),
];

/// What was carried forward from one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The canonical table.
    pub table: String,
    /// What its rows are.
    pub what: String,
    /// The source.
    pub source: String,
    /// The last year that it covers.
    pub known_to: i32,
    /// To which year its rows are carried.
    pub to: i32,
    /// How many rows.
    pub rows: usize,
}

impl Carried {
    /// In a sentence.
    pub fn in_words(&self) -> String {
        let Self { what, source, known_to, to, rows, .. } = self;
        format!("the {rows} {what} that stood in {known_to} ({source}) still stand in {to}")
    }
}

/// The record with what stands carried forward to a year, and what that was. Nothing is claimed about silence: what is not carried is not
/// known.
///
/// # Errors
/// A damaged file of the record.
pub fn standing(record: &Record, to: i32) -> Result<(Record, Vec<Carried>), Error> {
    let baseline = record.baseline();
    let mut layer = Layer::new(SOURCE, "What stood in the last year known, carried forward");
    let mut all = Vec::new();
    for (name, what) in STANDING {
        let canonical = table(name).expect("the list has canonical tables");
        let coverage = record.coverage(name, &baseline);
        if !coverage
            .entries()
            .iter()
            .any(|(source, _)| coverage.last_year(source).is_some_and(|l| l < to))
        {
            continue;
        }
        let rows = record.table(name, &baseline)?;
        let (start, end) = (ints(&rows, "start_year"), ints(&rows, "end_year"));
        let (sources, keys) = (texts(&rows, "source"), texts(&rows, "source_row"));
        let mut made = TableRows::new(canonical, SOURCE);
        let mut counts: BTreeMap<(&str, i32), usize> = BTreeMap::new();
        for row in 0..rows.num_rows() {
            let (Some(first), None) = (int(start, row), int(end, row)) else { continue };
            let source = text(sources, row);
            // What a source holds beside its coverage speaks of the year it begins in alone, and stands all the same.
            let Some(known_to) =
                coverage.last_year(source).filter(|last| *last < to && first <= *last)
            else {
                continue;
            };
            let cells: Vec<(&str, Value)> = canonical
                .columns
                .iter()
                .zip(rows.columns())
                .map(|(column, array)| match column.name {
                    "start" | "start_month" => (column.name, Value::Null),
                    "start_year" => (column.name, (known_to + 1).into()),
                    "end_year" => (column.name, to.into()),
                    name => (name, Value::of(array.as_ref(), row)),
                })
                .collect();
            made.push(&cells, format!("{source}: {}", text(keys, row)));
            *counts.entry((source, known_to)).or_default() += 1;
        }
        for ((source, known_to), rows) in counts {
            let (table, what, source) = (name.to_owned(), what.to_owned(), source.to_owned());
            all.push(Carried { table, what, source, known_to, to, rows });
        }
        if !made.is_empty() {
            layer = layer.rows(canonical.name, made.finish());
        }
    }
    // The state system goes on, and so do the years that are judged; nobody's silence is claimed.
    let claim =
        Coverage { units: Units::States(BTreeSet::new()), ..Coverage::all("vetoes", to, to) };
    if record.last_year() < to || !layer.bundle.tables.is_empty() {
        layer.bundle.source.coverage.push(claim);
    } else {
        return Ok((record.clone(), all));
    }
    Ok((record.with(layer)?, all))
}
