//! From the rows of an evidence block to findings and values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int32Array, RecordBatch, StringArray, UInt32Array,
    new_null_array,
};
use arrow::compute::{cast, concat_batches, take};
use arrow::datatypes::{DataType, Field, Float64Type, Schema};
use arrow::util::display::array_value_to_string;
use comity_sql::SqlError;

use super::grades::{allowed, grading};
use super::plan::findings_schema;
use super::state_years::{Whole, place, state_years};
use crate::audit::Severity;
use crate::document::Kind;

/// One finding of one state, before it is reported.
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
    /// Everything that it says: equal findings have equal keys.
    pub(super) fn key(&self) -> impl Ord + '_ {
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

/// The findings of one block for every state: kept as columns, made into [`Found`] only where they are reported.
#[derive(Debug, Clone)]
pub(crate) struct Findings {
    state: Int32Array,
    year: Int32Array,
    severity: Vec<Severity>,
    other: Option<Int32Array>,
    magnitude: Option<Float64Array>,
    what: Option<StringArray>,
    label: Option<StringArray>,
    also: Option<StringArray>,
    source: Option<StringArray>,
    source_row: Option<StringArray>,
    /// Rows that speak of a state-year, by state and year.
    order: Vec<u32>,
}

impl Findings {
    /// State, year and grade of every finding, by state and year.
    pub(crate) fn graded(&self) -> impl Iterator<Item = (i32, i32, Severity)> {
        self.order.iter().map(|r| {
            let row = *r as usize;
            (self.state.value(row), self.year.value(row), self.severity[row])
        })
    }

    /// Sets aside what is between pairs of states, both ways.
    pub(crate) fn without(&mut self, pairs: &[(i32, i32)]) {
        let Some(other) = self.other.as_ref().filter(|_| !pairs.is_empty()) else { return };
        let state = &self.state;
        self.order.retain(|r| {
            let row = *r as usize;
            let pair = (state.value(row), other.value(row));
            other.is_null(row) || !pairs.iter().any(|(a, b)| pair == (*a, *b) || pair == (*b, *a))
        });
    }

    /// The findings of one state in some years, fully sorted, each once.
    pub(crate) fn of(&self, state: i32, from: i32, to: i32) -> Vec<Found> {
        self.of_years(state, |year| (from..=to).contains(&year))
    }

    /// The findings of one state in the years that are wanted, fully sorted, each once.
    pub(crate) fn of_years(&self, state: i32, wanted: impl Fn(i32) -> bool) -> Vec<Found> {
        let of = |r: &u32| self.state.value(*r as usize);
        let first = self.order.partition_point(|r| of(r) < state);
        let last = self.order.partition_point(|r| of(r) <= state);
        let rows = self.order[first..last].iter().map(|r| *r as usize);
        let mut found: Vec<Found> =
            rows.filter(|row| wanted(self.year.value(*row))).map(|row| self.row(row)).collect();
        found.sort_by(|a, b| a.key().cmp(&b.key()));
        found.dedup();
        found
    }

    fn row(&self, row: usize) -> Found {
        Found {
            state: self.state.value(row),
            year: self.year.value(row),
            severity: self.severity[row],
            other: self.other.as_ref().filter(|c| !c.is_null(row)).map(|c| c.value(row)),
            what: text(self.what.as_ref(), row).unwrap_or_default(),
            magnitude: self.magnitude.as_ref().filter(|c| !c.is_null(row)).map(|c| c.value(row)),
            label: text(self.label.as_ref(), row).filter(|l| !l.is_empty()),
            also: text(self.also.as_ref(), row).filter(|l| !l.is_empty()),
            source: text(self.source.as_ref(), row).unwrap_or_default(),
            source_row: text(self.source_row.as_ref(), row).unwrap_or_default(),
        }
    }

    /// The findings as an answer that [`found`] reads again.
    pub(super) fn kept(&self, kind: Kind) -> Result<RecordBatch, arrow::error::ArrowError> {
        let rows = UInt32Array::from(self.order.clone());
        let said = self.order.iter().map(|r| Some(written(kind, self.severity[*r as usize])));
        let said: ArrayRef = Arc::new(said.collect::<StringArray>());
        let columns: [(&str, Option<&dyn Array>); 9] = [
            ("state", Some(&self.state)),
            ("year", Some(&self.year)),
            ("other", self.other.as_ref().map(|c| c as &dyn Array)),
            ("magnitude", self.magnitude.as_ref().map(|c| c as &dyn Array)),
            ("what", self.what.as_ref().map(|c| c as &dyn Array)),
            ("label", self.label.as_ref().map(|c| c as &dyn Array)),
            ("also", self.also.as_ref().map(|c| c as &dyn Array)),
            ("source", self.source.as_ref().map(|c| c as &dyn Array)),
            ("source_row", self.source_row.as_ref().map(|c| c as &dyn Array)),
        ];
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for (name, column) in columns {
            let Some(column) = column else { continue };
            fields.push(Field::new(name, column.data_type().clone(), true));
            arrays.push(take(column, &rows, None)?);
        }
        fields.push(Field::new(grading(kind), DataType::Utf8, true));
        arrays.push(said);
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }

    /// The findings that are proved, as the view `findings` shows them to later blocks.
    pub(crate) fn as_batch(
        &self,
        commitment: &str,
        proved: impl Fn(i32, i32) -> bool,
    ) -> Result<RecordBatch, SqlError> {
        let at = |r: &u32| (self.state.value(*r as usize), self.year.value(*r as usize));
        let shown: Vec<u32> = self
            .order
            .iter()
            .filter(|r| {
                let (state, year) = at(r);
                proved(state, year)
            })
            .copied()
            .collect();
        let rows = UInt32Array::from(shown.clone());
        let failed = |e: arrow::error::ArrowError| SqlError::new(e.to_string());
        let schema = findings_schema();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            let column: Option<&dyn Array> = match field.name().as_str() {
                "state" => Some(&self.state),
                "year" => Some(&self.year),
                "other" => self.other.as_ref().map(|c| c as &dyn Array),
                "what" => self.what.as_ref().map(|c| c as &dyn Array),
                "magnitude" => self.magnitude.as_ref().map(|c| c as &dyn Array),
                "label" => self.label.as_ref().map(|c| c as &dyn Array),
                "source" => self.source.as_ref().map(|c| c as &dyn Array),
                "source_row" => self.source_row.as_ref().map(|c| c as &dyn Array),
                _ => None,
            };
            columns.push(match (field.name().as_str(), column) {
                ("commitment", _) => {
                    Arc::new(shown.iter().map(|_| Some(commitment)).collect::<StringArray>())
                }
                ("severity", _) => {
                    let grades = shown.iter().map(|r| Some(self.severity[*r as usize].name()));
                    Arc::new(grades.collect::<StringArray>())
                }
                (_, Some(column)) => take(column, &rows, None).map_err(failed)?,
                (_, None) => new_null_array(field.data_type(), shown.len()),
            });
        }
        RecordBatch::try_new(schema, columns).map_err(failed)
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

/// Codes that need not be of states; a number that does not fit is an error.
fn codes(batch: &RecordBatch, name: &str) -> Result<Option<Int32Array>, SqlError> {
    Whole::of(batch, name)?.map(|whole| whole.codes(batch, name)).transpose()
}

/// Numbers or nulls; what is not a number (0 divided by 0) or has no end is an error.
fn floats(batch: &RecordBatch, name: &str) -> Result<Option<Float64Array>, SqlError> {
    let Some(array) = column(batch, name, &DataType::Float64)? else { return Ok(None) };
    let numbers = array.as_primitive::<Float64Type>().clone();
    if let Some(row) =
        (0..numbers.len()).find(|r| numbers.is_valid(*r) && !numbers.value(*r).is_finite())
    {
        let of = |name: &str| {
            let column = batch.column_by_name(name).filter(|c| c.is_valid(row))?;
            array_value_to_string(column, row).ok()
        };
        let about: Vec<String> = ["state", "year"]
            .into_iter()
            .map(|n| format!("{n} {}", of(n).unwrap_or_else(|| "null".into())))
            .collect();
        return Err(SqlError::new(format!(
            "`{name}` is {}, which is not a number ({}, {})",
            numbers.value(row),
            about.join(", "),
            place(batch, row)
        ))
        .help(
            "return null where nothing is known; a division by zero is avoided with `nullif(x, 0)`",
        ));
    }
    Ok(Some(numbers))
}

fn texts(batch: &RecordBatch, name: &str) -> Result<Option<StringArray>, SqlError> {
    Ok(column(batch, name, &DataType::Utf8)?.map(|a| a.as_string::<i32>().clone()))
}

fn text(column: Option<&StringArray>, row: usize) -> Option<String> {
    column.filter(|c| !c.is_null(row)).map(|c| c.value(row).to_owned())
}

/// The state-years of an `applies` block.
pub(crate) fn applies(batch: &RecordBatch, known: &[i32]) -> Result<Vec<(i32, i32)>, SqlError> {
    Ok(state_years(batch, known)?.into_iter().map(|(_, s, y)| (s, y)).collect())
}

/// A grade as a block of that kind writes it.
fn written(kind: Kind, severity: Severity) -> &'static str {
    match (kind, severity) {
        (Kind::Perform, Severity::Breach) => "broken",
        (Kind::Perform, Severity::Strain) => "strained",
        (_, severity) => severity.name(),
    }
}

/// The findings of a `.refrain` or `.perform` block; `known` are the codes of the record's states, ascending.
pub(crate) fn found(batch: &RecordBatch, kind: Kind, known: &[i32]) -> Result<Findings, SqlError> {
    let grade = grading(kind);
    let said = texts(batch, grade)?;
    let mut order = state_years(batch, known)?;
    order.sort_unstable_by_key(|(row, state, year)| (*state, *year, *row));
    let mut severity = vec![Severity::Breach; batch.num_rows()];
    for (row, state, year) in &order {
        let said = said.as_ref().filter(|c| !c.is_null(*row)).map(|c| c.value(*row));
        severity[*row] = match (kind, said) {
            (Kind::Refrain, Some("breach")) | (Kind::Perform, Some("broken")) => Severity::Breach,
            (Kind::Refrain, Some("strain")) | (Kind::Perform, Some("strained")) => Severity::Strain,
            (Kind::Perform, Some("kept")) => Severity::Kept,
            (_, Some("mandated")) => Severity::Mandated,
            (_, other) => {
                return Err(SqlError::new(format!(
                    "`{grade}` is {} (state {state}, year {year}, {})",
                    other.map_or("null".to_owned(), crate::diagnostic::quote),
                    place(batch, *row)
                ))
                .help(allowed(kind)));
            }
        };
    }
    let (mut state, mut year) = (vec![0; batch.num_rows()], vec![0; batch.num_rows()]);
    for (row, of, on) in &order {
        (state[*row], year[*row]) = (*of, *on);
    }
    Ok(Findings {
        state: state.into(),
        year: year.into(),
        severity,
        other: codes(batch, "other")?,
        magnitude: floats(batch, "magnitude")?,
        what: texts(batch, "what")?,
        label: texts(batch, "label")?,
        also: texts(batch, "also")?,
        source: texts(batch, "source")?,
        source_row: texts(batch, "source_row")?,
        order: order.into_iter().map(|(row, ..)| row as u32).collect(),
    })
}

/// The values of a `.pursue` or `.goal` block, by state and year.
///
/// A null value is not known and left out; two values for one state-year are an error.
pub(crate) fn valued(batch: &RecordBatch, known: &[i32]) -> Result<Vec<Valued>, SqlError> {
    let value = floats(batch, "value")?;
    let mut all: Vec<Valued> = state_years(batch, known)?
        .into_iter()
        .filter_map(|(row, state, year)| {
            let value = value.as_ref().filter(|c| !c.is_null(row))?.value(row);
            Some(Valued { state, year, value })
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

/// The view `findings` of several commitments.
pub(crate) fn together(parts: &[RecordBatch]) -> Result<RecordBatch, SqlError> {
    concat_batches(&findings_schema(), parts).map_err(|e| SqlError::new(e.to_string()))
}
