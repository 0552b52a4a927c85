//! From the rows of an evidence block to findings and values.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use comity_panel::SqlError;

use super::plan::findings_schema;
use crate::audit::Severity;
use crate::document::Kind;

/// One finding of one state, before it is told to anyone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub state: i32,
    pub year: i32,
    pub severity: Severity,
    pub other: Option<i32>,
    pub what: String,
    pub magnitude: Option<f64>,
    pub label: Option<String>,
    pub also: Option<String>,
    pub source: String,
    pub source_row: String,
}

impl Found {
    fn key(&self) -> impl Ord + '_ {
        (
            self.state,
            self.year,
            self.severity,
            self.other,
            &self.what,
            &self.label,
            &self.source,
            &self.source_row,
            &self.also,
            self.magnitude.map(f64::to_bits),
        )
    }
}

/// One value of one state and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Valued {
    pub state: i32,
    pub year: i32,
    pub value: f64,
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<Option<ArrayRef>, SqlError> {
    let Some(array) = batch.column_by_name(name) else { return Ok(None) };
    cast(array, kind)
        .map(Some)
        .map_err(|e| SqlError::new(format!("the column `{name}` cannot be read: {e}")))
}

fn ints(batch: &RecordBatch, name: &str) -> Result<Option<Int32Array>, SqlError> {
    Ok(column(batch, name, &DataType::Int32)?.map(|a| a.as_primitive::<Int32Type>().clone()))
}

fn floats(batch: &RecordBatch, name: &str) -> Result<Option<Float64Array>, SqlError> {
    Ok(column(batch, name, &DataType::Float64)?.map(|a| a.as_primitive::<Float64Type>().clone()))
}

fn texts(batch: &RecordBatch, name: &str) -> Result<Option<StringArray>, SqlError> {
    Ok(column(batch, name, &DataType::Utf8)?.map(|a| a.as_string::<i32>().clone()))
}

fn text(column: Option<&StringArray>, row: usize) -> Option<String> {
    column.filter(|c| !c.is_null(row)).map(|c| c.value(row).to_owned())
}

/// Rows whose state or year is null speak of no state-year and are left out.
fn state_years(batch: &RecordBatch) -> Result<Vec<(usize, i32, i32)>, SqlError> {
    let (Some(state), Some(year)) = (ints(batch, "state")?, ints(batch, "year")?) else {
        return Err(SqlError::new("the columns `state` and `year` are missing"));
    };
    Ok((0..batch.num_rows())
        .filter(|r| !state.is_null(*r) && !year.is_null(*r))
        .map(|r| (r, state.value(r), year.value(r)))
        .collect())
}

/// The state-years of an `applies` block.
pub(crate) fn applies(batch: &RecordBatch) -> Result<Vec<(i32, i32)>, SqlError> {
    Ok(state_years(batch)?.into_iter().map(|(_, s, y)| (s, y)).collect())
}

/// The findings of a `.refrain` or `.perform` block, fully sorted, each once.
pub(crate) fn found(batch: &RecordBatch, kind: Kind) -> Result<Vec<Found>, SqlError> {
    let grade = if kind == Kind::Perform { "met" } else { "severity" };
    let severity = texts(batch, grade)?;
    let (other, magnitude) = (ints(batch, "other")?, floats(batch, "magnitude")?);
    let what = texts(batch, "what")?;
    let (label, also) = (texts(batch, "label")?, texts(batch, "also")?);
    let (source, source_row) = (texts(batch, "source")?, texts(batch, "source_row")?);
    let mut all = Vec::new();
    for (row, state, year) in state_years(batch)? {
        let said = text(severity.as_ref(), row);
        let severity = match (kind, said.as_deref()) {
            (Kind::Refrain, Some("breach")) | (Kind::Perform, Some("broken")) => Severity::Breach,
            (Kind::Refrain, Some("strain")) | (Kind::Perform, Some("strained")) => Severity::Strain,
            (Kind::Perform, Some("kept")) => Severity::Kept,
            (_, other) => {
                let allowed = if kind == Kind::Perform { "kept, strained or broken" } else { "breach or strain" };
                return Err(SqlError::new(format!(
                    "`{grade}` is `{}` in a row of state {state} and year {year}",
                    other.unwrap_or("null")
                ))
                .help(format!("it must be {allowed}")));
            }
        };
        all.push(Found {
            state,
            year,
            severity,
            other: other.as_ref().filter(|c| !c.is_null(row)).map(|c| c.value(row)),
            what: text(what.as_ref(), row).unwrap_or_default(),
            magnitude: magnitude
                .as_ref()
                .filter(|c| !c.is_null(row))
                .map(|c| c.value(row))
                .filter(|v| v.is_finite()),
            label: text(label.as_ref(), row).filter(|l| !l.is_empty()),
            also: text(also.as_ref(), row).filter(|l| !l.is_empty()),
            source: text(source.as_ref(), row).unwrap_or_default(),
            source_row: text(source_row.as_ref(), row).unwrap_or_default(),
        });
    }
    all.sort_by(|a, b| a.key().cmp(&b.key()));
    all.dedup();
    Ok(all)
}

/// The values of a `.pursue` or `.goal` block, by state and year.
///
/// A null value is not known and left out; two values for one state-year are an error.
pub(crate) fn valued(batch: &RecordBatch) -> Result<Vec<Valued>, SqlError> {
    let value = floats(batch, "value")?;
    let mut all: Vec<Valued> = state_years(batch)?
        .into_iter()
        .filter_map(|(row, state, year)| {
            let value = value.as_ref().filter(|c| !c.is_null(row))?.value(row);
            value.is_finite().then_some(Valued { state, year, value })
        })
        .collect();
    all.sort_by_key(|v| (v.state, v.year));
    for pair in all.windows(2) {
        if (pair[0].state, pair[0].year) == (pair[1].state, pair[1].year) {
            return Err(SqlError::new(format!(
                "state {} has two values in {}",
                pair[0].state, pair[0].year
            ))
            .help("return one row per state and year: group by both"));
        }
    }
    Ok(all)
}

/// Findings as the view `findings` shows them to later blocks.
pub(crate) fn as_batch(found: &[(&str, &Found)]) -> Result<RecordBatch, SqlError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(found.iter().map(|f| Some(f.0)).collect::<StringArray>()),
        Arc::new(found.iter().map(|f| Some(f.1.state)).collect::<Int32Array>()),
        Arc::new(found.iter().map(|f| Some(f.1.year)).collect::<Int32Array>()),
        Arc::new(found.iter().map(|f| Some(grade(f.1.severity))).collect::<StringArray>()),
        Arc::new(found.iter().map(|f| f.1.other).collect::<Int32Array>()),
        Arc::new(found.iter().map(|f| Some(f.1.what.as_str())).collect::<StringArray>()),
        Arc::new(found.iter().map(|f| f.1.magnitude).collect::<Float64Array>()),
        Arc::new(found.iter().map(|f| f.1.label.as_deref()).collect::<StringArray>()),
        Arc::new(found.iter().map(|f| Some(f.1.source.as_str())).collect::<StringArray>()),
        Arc::new(found.iter().map(|f| Some(f.1.source_row.as_str())).collect::<StringArray>()),
    ];
    RecordBatch::try_new(findings_schema(), columns).map_err(|e| SqlError::new(e.to_string()))
}

fn grade(severity: Severity) -> &'static str {
    match severity {
        Severity::Breach => "breach",
        Severity::Strain => "strain",
        Severity::Kept => "kept",
    }
}
