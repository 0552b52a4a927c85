//! Rows of a canonical table on their way into Arrow: typed cells, checked text, derived years.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, RecordBatch,
    StringBuilder,
};
use jiff::civil::Date;

use crate::schema::{ColumnType, Table};

/// One cell. Null is "not observed".
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Not observed.
    #[default]
    Null,
    /// A code, year or count.
    Int(i32),
    /// A measured quantity.
    Float(f64),
    /// Text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A full date.
    Date(Date),
}

impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Self::Int(v)
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Self::Float(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(v.into())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<Date> for Value {
    fn from(v: Date) -> Self {
        Self::Date(v)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

impl Value {
    /// Reads trimmed text as a cell of this type; the empty text is null.
    ///
    /// # Errors
    /// A phrase that says what was expected, without the value.
    pub fn parse(kind: ColumnType, text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Null);
        }
        match kind {
            ColumnType::Int => text.parse().map(Self::Int).map_err(|_| "a whole number"),
            ColumnType::Float => match text.parse::<f64>() {
                Ok(v) if v.is_finite() => Ok(Self::Float(v)),
                _ => Err("a finite number"),
            },
            ColumnType::Text => Ok(Self::Text(text.into())),
            ColumnType::Bool => match text {
                "true" | "1" => Ok(Self::Bool(true)),
                "false" | "0" => Ok(Self::Bool(false)),
                _ => Err("true or false"),
            },
            ColumnType::Date => {
                text.parse().map(Self::Date).map_err(|_| "a date that exists, as YYYY-MM-DD")
            }
        }
    }
}

/// The rows of one canonical table from one source, in the making.
#[derive(Debug)]
pub struct TableRows {
    table: &'static Table,
    source: String,
    rows: Vec<Vec<Value>>,
}

impl TableRows {
    /// No rows yet.
    pub fn new(table: &'static Table, source: impl Into<String>) -> Self {
        Self { table, source: source.into(), rows: Vec::new() }
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row from named cells; columns not named are null, and `start_year`, `end_year` (or `year`)
    /// follow from `start`, `end` (or `date`) where they are not given.
    ///
    /// # Panics
    /// On a column that the table does not have or a cell of another type: a mistake in the reader, not in the data.
    pub fn push(&mut self, cells: &[(&str, Value)], source_row: impl Into<String>) {
        let mut row = vec![Value::Null; self.table.columns.len() + 1];
        for (name, value) in cells {
            let at = self.position(name);
            assert!(
                fits(self.table.columns[at].kind, value),
                "{}.{name} takes no {value:?}",
                self.table.name
            );
            row[at] = value.clone();
        }
        for (year, date) in [("start_year", "start"), ("end_year", "end"), ("year", "date")] {
            let (Some(y), Some(d)) = (self.find(year), self.find(date)) else { continue };
            if let (Value::Null, Value::Date(d)) = (&row[y], &row[d]) {
                row[y] = Value::Int(i32::from(d.year()));
            }
        }
        if let Some(last) = row.last_mut() {
            *last = Value::Text(source_row.into());
        }
        self.rows.push(row);
    }

    /// The rows as Arrow, in the canonical schema.
    pub fn finish(self) -> RecordBatch {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.table.columns.len() + 2);
        for (at, column) in self.table.columns.iter().enumerate() {
            arrays.push(array(column.kind, self.rows.iter().map(|r| &r[at])));
        }
        let mut source = StringBuilder::new();
        for _ in &self.rows {
            source.append_value(&self.source);
        }
        arrays.push(Arc::new(source.finish()));
        let last = self.table.columns.len();
        arrays.push(array(ColumnType::Text, self.rows.iter().map(|r| &r[last])));
        RecordBatch::try_new(self.table.schema(), arrays)
            .expect("every column was built from the same rows in the schema's types")
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|c| c.name == name)
    }

    fn position(&self, name: &str) -> usize {
        self.find(name).unwrap_or_else(|| panic!("{} has no column {name}", self.table.name))
    }
}

fn fits(kind: ColumnType, value: &Value) -> bool {
    matches!(
        (kind, value),
        (_, Value::Null)
            | (ColumnType::Int, Value::Int(_))
            | (ColumnType::Float, Value::Float(_))
            | (ColumnType::Text, Value::Text(_))
            | (ColumnType::Bool, Value::Bool(_))
            | (ColumnType::Date, Value::Date(_))
    )
}

fn array<'a>(kind: ColumnType, cells: impl Iterator<Item = &'a Value>) -> ArrayRef {
    macro_rules! build {
        ($builder:expr, $pattern:pat => $value:expr) => {{
            let mut b = $builder;
            for cell in cells {
                match cell {
                    $pattern => b.append_value($value),
                    _ => b.append_null(),
                }
            }
            Arc::new(b.finish())
        }};
    }
    match kind {
        ColumnType::Int => build!(Int32Builder::new(), Value::Int(v) => *v),
        ColumnType::Float => build!(Float64Builder::new(), Value::Float(v) => *v),
        ColumnType::Text => build!(StringBuilder::new(), Value::Text(v) => v),
        ColumnType::Bool => build!(BooleanBuilder::new(), Value::Bool(v) => *v),
        ColumnType::Date => build!(Date32Builder::new(), Value::Date(v) => days(*v)),
    }
}

/// Days since 1970-01-01, as Arrow counts dates.
pub fn days(date: Date) -> i32 {
    (date - Date::constant(1970, 1, 1)).get_days()
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Int32Type;

    use super::*;
    use crate::schema::table;

    #[test]
    fn years_follow_from_dates_and_missing_stays_null() {
        let mut rows = TableRows::new(table("pledges").unwrap(), "test");
        rows.push(
            &[("ccode", 710.into()), ("start", Value::parse(ColumnType::Date, "1950-02-14").unwrap())],
            "r1",
        );
        let batch = rows.finish();
        let year = batch.column_by_name("start_year").unwrap().as_primitive::<Int32Type>();
        assert_eq!(year.value(0), 1950);
        assert!(batch.column_by_name("end_year").unwrap().is_null(0));
        assert!(batch.column_by_name("defense").unwrap().is_null(0));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        assert!(Value::parse(ColumnType::Date, "1950-02-30").is_err());
        assert_eq!(Value::parse(ColumnType::Int, " "), Ok(Value::Null));
        assert_eq!(days("1970-01-02".parse().unwrap()), 1);
        assert_eq!(days("1816-01-01".parse().unwrap()), -56_248);
    }
}
