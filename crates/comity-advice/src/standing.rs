//! Facts that stand: who is a member, who owes what to whom, who borders on whom, who are rivals, what is mandated. Past the last year
//! that their sources cover they are carried forward as stated assumptions, so that an act of next year meets the world of last year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow::compute::take;
use arrow::datatypes::Field;
use comity_record::columns::{int, ints, text, texts};
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
/// known. None: nothing has to be carried.
///
/// # Errors
/// A damaged file of the record.
pub fn standing(record: &Record, to: i32) -> Result<(Option<Record>, Vec<Carried>), Error> {
    let (layer, all) = carried(record, to, &|_| true)?;
    if record.last_year() >= to && layer.bundle.tables.is_empty() {
        return Ok((None, all));
    }
    Ok((Some(record.with(layer)?), all))
}

/// The same of a record that differs from another in `tables` alone, of which `like` is that with what stands carried forward.
///
/// # Errors
/// A damaged file of the record.
pub fn standing_as(
    record: &Record,
    like: &Record,
    tables: &BTreeSet<&'static str>,
    to: i32,
) -> Result<Record, Error> {
    let (layer, _) = carried(record, to, &|table| tables.contains(table))?;
    Ok(record.with_as(like, tables, layer)?)
}

/// The rows of some tables that are carried forward, and what they are.
fn carried(
    record: &Record,
    to: i32,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(Layer, Vec<Carried>), Error> {
    let baseline = record.baseline();
    let mut layer = Layer::new(SOURCE, "What stood in the last year known, carried forward");
    let mut all = Vec::new();
    for (name, what) in STANDING.into_iter().filter(|(name, _)| wanted(name)) {
        let canonical = table(name).expect("the list has canonical tables");
        let coverage = record.coverage(name, &baseline);
        let last: BTreeMap<&str, i32> = coverage
            .entries()
            .iter()
            .filter_map(|(source, _)| Some((source.as_str(), coverage.last_year(source)?)))
            .filter(|(_, last)| *last < to)
            .collect();
        if last.is_empty() {
            continue;
        }
        let rows = record.table(name, &baseline)?;
        let (start, end) = (ints(&rows, "start_year"), ints(&rows, "end_year"));
        let (sources, keys) = (texts(&rows, "source"), texts(&rows, "source_row"));
        let mut counts: BTreeMap<(&str, i32), usize> = BTreeMap::new();
        let (mut open, mut known_to) = (Vec::new(), Vec::new());
        for row in 0..rows.num_rows() {
            let (Some(first), None) = (int(start, row), int(end, row)) else { continue };
            let source = text(sources, row);
            // What a source holds beside its coverage speaks of the year it begins in alone, and stands all the same.
            let Some(last) = last.get(source).filter(|last| first <= **last) else { continue };
            open.push(row as u32);
            known_to.push(*last);
            *counts.entry((source, *last)).or_default() += 1;
        }
        let made = carry(&rows, &open, &known_to, to, |row| {
            format!("{}: {}", text(sources, row), text(keys, row))
        })?;
        for ((source, known_to), rows) in counts {
            let (table, what, source) = (name.to_owned(), what.to_owned(), source.to_owned());
            all.push(Carried { table, what, source, known_to, to, rows });
        }
        if made.num_rows() > 0 {
            layer = layer.rows(canonical.name, made);
        }
    }
    // The state system goes on, and so do the years that are judged; nobody's silence is claimed.
    let claim =
        Coverage { units: Units::States(BTreeSet::new()), ..Coverage::all("vetoes", to, to) };
    layer.bundle.source.coverage.push(claim);
    Ok((layer, all))
}

/// These rows as rows of this layer, each from the year after the last known one.
fn carry(
    rows: &RecordBatch,
    open: &[u32],
    known_to: &[i32],
    to: i32,
    key: impl Fn(usize) -> String,
) -> Result<RecordBatch, Error> {
    let count = open.len();
    let index = UInt32Array::from(open.to_vec());
    let schema = rows.schema();
    let column = |(field, column): (&Arc<Field>, &ArrayRef)| -> Result<ArrayRef, Error> {
        Ok(match field.name().as_str() {
            "start" | "start_month" => new_null_array(field.data_type(), count),
            "start_year" => Arc::new(known_to.iter().map(|last| last + 1).collect::<Int32Array>()),
            "end_year" => Arc::new(Int32Array::from(vec![to; count])),
            "source" => Arc::new(StringArray::from(vec![SOURCE; count])),
            "source_row" => {
                Arc::new(open.iter().map(|row| Some(key(*row as usize))).collect::<StringArray>())
            }
            _ => take(column, &index, None)?,
        })
    };
    let columns = schema.fields().iter().zip(rows.columns()).map(column);
    let columns = columns.collect::<Result<Vec<_>, Error>>()?;
    Ok(RecordBatch::try_new(Arc::clone(&schema), columns)?)
}
