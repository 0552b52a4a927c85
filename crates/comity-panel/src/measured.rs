//! Rows of a measure, and the columns of a panel that are made from them.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::Float64Type;
use comity_record::columns::{int, ints};

use super::cells::{Kind, Value};
use super::column::Column;
use super::error::PanelError;
use super::make::{Filled, Make};
use super::measure::{Measure, MeasureRequest, Measured};
use super::tables::{By, Pairs, unknown};

/// The rows of a measure, column by column.
pub(crate) struct Rows {
    measure: &'static Measure,
    columns: Vec<ArrayRef>,
}

impl Rows {
    pub fn of(measure: &'static Measure) -> Self {
        Self { measure, columns: Vec::new() }
    }

    /// The next column, of whole numbers that are all known.
    #[must_use]
    pub fn keys(mut self, values: Vec<i32>) -> Self {
        self.columns.push(Arc::new(Int32Array::from(values)));
        self
    }

    /// The next column, of whole numbers.
    #[must_use]
    pub fn ints(mut self, values: Vec<Option<i32>>) -> Self {
        self.columns.push(Arc::new(Int32Array::from(values)));
        self
    }

    /// The next column, of quantities.
    #[must_use]
    pub fn reals(mut self, values: Vec<Option<f64>>) -> Self {
        self.columns.push(Arc::new(Float64Array::from(values)));
        self
    }

    /// The next column, of texts; an empty one is null.
    #[must_use]
    pub fn texts<T: AsRef<str>>(mut self, values: &[T]) -> Self {
        let values = values.iter().map(|text| Some(text.as_ref()).filter(|t| !t.is_empty()));
        self.columns.push(Arc::new(values.collect::<StringArray>()));
        self
    }

    /// All of them, as the measure declares them.
    pub fn finish(self) -> Result<RecordBatch, PanelError> {
        Ok(RecordBatch::try_new(self.measure.schema(), self.columns)?)
    }
}

/// What a measure refuses, with its name.
pub(crate) fn refused(measure: &Measure, error: &comity_measures::Error) -> PanelError {
    PanelError::new(format!("`{}`: {error}", measure.name))
}

/// Columns of a panel from a measure of states or of pairs, with these values for its parameters: each column of the group that has the
/// name of a column of the measure, or that `renamed` says.
pub(crate) fn of_measure(
    make: &Make<'_>,
    measure: &'static Measure,
    given: &[(&str, &str)],
    renamed: &[(&'static str, &'static str)],
) -> Result<Vec<Column>, PanelError> {
    let mut given: Vec<(String, String)> =
        given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let span = make.years().span();
    given.push(("years".into(), format!("{}-{}", span.start(), span.end())));
    let request = MeasureRequest { given, reading: Some(make.reading.clone()) };
    let measured = Measured::prepare(make.record, measure, &request)?;
    let (rows, tables) = (measured.rows()?, measured.tables());
    if rows.column_by_name("ccode1").is_some() {
        of_pairs(make, &tables, &rows, renamed)
    } else {
        of_states(make, &tables, &rows, renamed)
    }
}

/// A column of the rows as cells.
fn value(rows: &RecordBatch, name: &str, kind: Kind, row: usize) -> Option<Value> {
    let column = rows.column_by_name(name)?;
    if column.is_null(row) {
        return None;
    }
    match kind {
        Kind::Real => Some(Value::Real(column.as_primitive::<Float64Type>().value(row))),
        _ => Some(Value::Int(ints(rows, name).value(row))),
    }
}

fn of_pairs(
    make: &Make<'_>,
    tables: &[&str],
    rows: &RecordBatch,
    renamed: &[(&'static str, &'static str)],
) -> Result<Vec<Column>, PanelError> {
    let (one, two, year) = (ints(rows, "ccode1"), ints(rows, "ccode2"), ints(rows, "year"));
    let place = |row: usize| {
        Some((make.state(int(one, row))?, make.state(int(two, row))?, int(year, row)?))
    };
    // A pair stands once in a measure and in both orders in a panel.
    let mut entries: Vec<((u16, u16, i32), usize)> = Vec::new();
    for row in 0..rows.num_rows() {
        if let Some((one, two, year)) = place(row) {
            entries.push(((one, two, year), row));
            entries.push(((two, one, year), row));
        }
    }
    entries.sort_unstable();
    let keys: Vec<_> = entries.iter().map(|(key, _)| *key).collect();
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
    let mut columns = Vec::new();
    for (name, from) in renamed {
        let kind = make.kind(name);
        let mut cells = make.entries(name, entries.len());
        entries.iter().for_each(|(_, row)| cells.push(value(rows, from, kind, *row)));
        columns.push(make.of_pairs(name, tables, &pairs, cells, None)?);
    }
    Ok(columns)
}

fn of_states(
    make: &Make<'_>,
    tables: &[&str],
    rows: &RecordBatch,
    renamed: &[(&'static str, &'static str)],
) -> Result<Vec<Column>, PanelError> {
    let (ccode, year) = (ints(rows, "ccode"), ints(rows, "year"));
    let mut filled = Vec::new();
    for (name, from) in renamed {
        let kind = make.kind(name);
        let mut cells = unknown(kind, &make.grid);
        for row in 0..rows.num_rows() {
            let at = make.state(int(ccode, row)).zip(int(year, row));
            let at = at.and_then(|(state, year)| make.grid.cell(usize::from(state), year));
            if let Some(at) = at {
                cells.set(at, value(rows, from, kind, row));
            }
        }
        filled.push(Filled::new(name, cells));
    }
    make.of_members(tables, filled)
}
