//! A table of one's own that is joined onto a panel, and its cells.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::compute::kernels::zip::zip;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, Schema};

use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::error::PanelError;

/// Stands for the part of a key that there is not.
pub(super) const ANY: i32 = i32::MIN;

/// A table to join: its columns named like keys of the panel say to which rows its other columns belong.
#[derive(Debug, Clone)]
pub struct Joined {
    /// What to call it, for example the name of its file without the ending.
    pub name: String,
    /// Whole numbers of 64 bits, numbers, texts and days.
    pub table: RecordBatch,
}

impl Joined {
    /// What stands before a name that the panel has already.
    pub(super) fn stem(&self) -> String {
        let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        self.name.chars().map(word).collect()
    }

    pub(super) fn shown(&self, column: &str, row: usize) -> String {
        let column = self.table.column_by_name(column);
        column
            .and_then(|c| arrow::util::display::array_value_to_string(c, row).ok())
            .unwrap_or_default()
    }

    pub(super) fn wrong(&self, column: &str, row: usize, value: &str, wanted: &str) -> PanelError {
        PanelError::new(format!(
            "{}: `{value}` in the column `{column}` of row {} is not {wanted}",
            self.name,
            row + 1
        ))
        .help("mend that row, or leave it out: it is joined by that column")
    }

    /// A key column: a whole number, or a day, in every row.
    pub(super) fn whole(&self, name: &str) -> Result<Vec<i32>, PanelError> {
        self.whole_but(name, None)
    }

    /// The same but for these rows, which are left out.
    pub(super) fn whole_but(
        &self,
        name: &str,
        skip: Option<&[bool]>,
    ) -> Result<Vec<i32>, PanelError> {
        let wanted = if name == "date" { "a day as 1990-08-02" } else { "a whole number" };
        let Some(column) = self.table.column_by_name(name) else { return Ok(Vec::new()) };
        let value = |row: usize| -> Option<i32> {
            if column.is_null(row) {
                return None;
            }
            match column.data_type() {
                DataType::Int64 => {
                    i32::try_from(column.as_primitive::<Int64Type>().value(row)).ok()
                }
                DataType::Float64 => {
                    let number = column.as_primitive::<Float64Type>().value(row);
                    let whole = number.fract() == 0.0 && number.abs() < 2e9;
                    whole.then_some(number as i32)
                }
                DataType::Date32 => Some(column.as_primitive::<Date32Type>().value(row)),
                DataType::Utf8 if name == "date" => day(column.as_string::<i32>().value(row)),
                _ => None,
            }
        };
        (0..self.table.num_rows())
            .map(|row| match value(row) {
                None if skip.is_some_and(|skip| skip[row]) => Ok(ANY),
                value => value.ok_or_else(|| self.wrong(name, row, &self.shown(name, row), wanted)),
            })
            .collect()
    }

    /// The year of each row; none where the table has no years.
    pub(super) fn years(&self) -> Result<Option<Vec<i32>>, PanelError> {
        let has = |name: &str| self.table.column_by_name(name).is_some();
        if has("year") {
            return self.whole("year").map(Some);
        }
        if has("date") {
            let years = self.whole("date")?.into_iter().map(calendar::year_of).collect();
            return Ok(Some(years));
        }
        Ok(None)
    }

    /// Exchanges the columns of the two sides (`x1`, `x2`) in these rows.
    pub(super) fn exchange_sides(&mut self, rows: &[bool]) -> Result<(), PanelError> {
        let schema = self.table.schema();
        let rows = BooleanArray::from(rows.to_vec());
        let mut fields: Vec<Field> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
        let mut columns = self.table.columns().to_vec();
        for (one, field) in schema.fields().iter().enumerate() {
            let Some(stem) = field.name().strip_suffix('1') else { continue };
            let Some((two, _)) = schema.column_with_name(&format!("{stem}2")) else { continue };
            // Which pair a row is about was read already.
            if stem == "ccode" || stem == "gwcode" {
                continue;
            }
            let (a, b) = of_one_type(&columns[one], &columns[two])?;
            columns[one] = zip(&rows, &b, &a)?;
            columns[two] = zip(&rows, &a, &b)?;
            for at in [one, two] {
                fields[at] = Field::new(fields[at].name(), columns[at].data_type().clone(), true);
            }
        }
        self.table = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?;
        Ok(())
    }

    /// The cells of a column.
    #[allow(clippy::type_complexity, reason = "three parts of one column")]
    pub(super) fn cells(
        &self,
        name: &str,
        array: &ArrayRef,
    ) -> Result<(Kind, Cells, Option<Arc<StringArray>>), PanelError> {
        let rows = array.len();
        let there = |row: usize| array.is_valid(row);
        let filled = |kind: Kind, value: &dyn Fn(usize) -> Value| {
            let mut cells = Cells::new(kind, rows);
            (0..rows).for_each(|row| cells.push(there(row).then(|| value(row))));
            (kind, cells)
        };
        let (kind, cells) = match array.data_type() {
            DataType::Int64 => {
                let values = array.as_primitive::<Int64Type>();
                let fits =
                    (0..rows).filter(|r| there(*r)).all(|r| i32::try_from(values.value(r)).is_ok());
                if fits {
                    filled(Kind::Int, &|row| Value::Int(values.value(row) as i32))
                } else {
                    filled(Kind::Real, &|row| Value::Real(values.value(row) as f64))
                }
            }
            DataType::Float64 => {
                let values = array.as_primitive::<Float64Type>();
                filled(Kind::Real, &|row| Value::Real(values.value(row)))
            }
            DataType::Date32 => {
                let values = array.as_primitive::<Date32Type>();
                filled(Kind::Date, &|row| Value::Int(values.value(row)))
            }
            DataType::Utf8 => {
                let (kind, mut cells) = filled(Kind::Text, &|row| Value::Int(row as i32));
                let texts = cells.texts_once(&Arc::new(array.as_string::<i32>().clone()));
                return Ok((kind, cells, Some(texts)));
            }
            other => {
                return Err(PanelError::new(format!(
                    "the column `{name}` of {} is of the type {other}, which is not joined",
                    self.name
                )));
            }
        };
        Ok((kind, cells, None))
    }
}

/// Two columns as the type that holds both.
fn of_one_type(one: &ArrayRef, two: &ArrayRef) -> Result<(ArrayRef, ArrayRef), PanelError> {
    let empty = |column: &ArrayRef| column.null_count() == column.len();
    let number = |column: &ArrayRef| column.data_type().is_numeric();
    let wanted = match () {
        () if empty(one) => two.data_type().clone(),
        () if empty(two) || one.data_type() == two.data_type() => one.data_type().clone(),
        () if number(one) && number(two) => DataType::Float64,
        () => DataType::Utf8,
    };
    Ok((cast(one, &wanted)?, cast(two, &wanted)?))
}

/// A day written as `1990-08-02`.
fn day(text: &str) -> Option<i32> {
    let mut parts = text.trim().splitn(3, '-');
    let mut part = || parts.next()?.parse::<i32>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let made = calendar::day(year, month, day);
    let there = (1..=12).contains(&month) && calendar::month_of(made) == (year, month);
    there.then_some(made)
}
