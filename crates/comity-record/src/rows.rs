//! Rows of a canonical table on their way into Arrow: typed cells, checked text, derived years.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, RecordBatch,
    StringArray, StringBuilder,
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
    columns: Vec<Cells>,
    source_rows: StringBuilder,
    /// Columns of a year and of the date that it follows from.
    dated: Vec<(usize, usize)>,
    /// Where the cells of the row before went: most rows are given alike.
    before: Vec<(&'static str, usize)>,
    len: usize,
}

/// The cells of one column.
#[derive(Debug)]
enum Cells {
    Int(Int32Builder),
    Float(Float64Builder),
    Text(StringBuilder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
}

impl Cells {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Int => Self::Int(Int32Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Bool => Self::Bool(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
        }
    }

    /// Adds a cell; false if it is of another type.
    fn push(&mut self, value: &Value) -> bool {
        match (self, value) {
            (Self::Int(b), Value::Int(v)) => b.append_value(*v),
            (Self::Float(b), Value::Float(v)) => b.append_value(*v),
            (Self::Text(b), Value::Text(v)) => b.append_value(v),
            (Self::Bool(b), Value::Bool(v)) => b.append_value(*v),
            (Self::Date(b), Value::Date(v)) => b.append_value(days(*v)),
            (Self::Int(b), Value::Null) => b.append_null(),
            (Self::Float(b), Value::Null) => b.append_null(),
            (Self::Text(b), Value::Null) => b.append_null(),
            (Self::Bool(b), Value::Null) => b.append_null(),
            (Self::Date(b), Value::Null) => b.append_null(),
            _ => return false,
        }
        true
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Int(mut b) => Arc::new(b.finish()),
            Self::Float(mut b) => Arc::new(b.finish()),
            Self::Text(mut b) => Arc::new(b.finish()),
            Self::Bool(mut b) => Arc::new(b.finish()),
            Self::Date(mut b) => Arc::new(b.finish()),
        }
    }
}

impl TableRows {
    /// No rows yet.
    pub fn new(table: &'static Table, source: impl Into<String>) -> Self {
        let find = |name: &str| table.columns.iter().position(|c| c.name == name);
        let dated = [("start_year", "start"), ("end_year", "end"), ("year", "date")];
        Self {
            table,
            source: source.into(),
            columns: table.columns.iter().map(|c| Cells::new(c.kind)).collect(),
            source_rows: StringBuilder::new(),
            dated: dated.iter().filter_map(|(y, d)| Some((find(y)?, find(d)?))).collect(),
            before: Vec::new(),
            len: 0,
        }
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row from named cells; columns not named are null, and `start_year`, `end_year` (or `year`)
    /// follow from `start`, `end` (or `date`) where they are not given.
    ///
    /// # Panics
    /// On a column that the table does not have or a cell of another type: a mistake in the reader, not in the data.
    pub fn push(&mut self, cells: &[(&str, Value)], source_row: impl Into<String>) {
        let mut row = vec![&Value::Null; self.table.columns.len()];
        for (at, (name, value)) in cells.iter().enumerate() {
            row[self.position(at, name)] = value;
        }
        let year = |(y, d): &(usize, usize)| match (row[*y], row[*d]) {
            (Value::Null, Value::Date(date)) => Some((*y, Value::Int(i32::from(date.year())))),
            _ => None,
        };
        let years: Vec<(usize, Value)> = self.dated.iter().filter_map(year).collect();
        for (at, year) in &years {
            row[*at] = year;
        }
        for ((column, cells), value) in self.table.columns.iter().zip(&mut self.columns).zip(row) {
            let fits = cells.push(value);
            assert!(fits, "{}.{} takes no {value:?}", self.table.name, column.name);
        }
        self.source_rows.append_value(source_row.into());
        self.len += 1;
    }

    /// The rows as Arrow, in the canonical schema.
    pub fn finish(mut self) -> RecordBatch {
        let mut arrays: Vec<ArrayRef> = self.columns.into_iter().map(Cells::finish).collect();
        let source = std::iter::repeat_n(Some(self.source.as_str()), self.len);
        arrays.push(Arc::new(source.collect::<StringArray>()));
        arrays.push(Arc::new(self.source_rows.finish()));
        RecordBatch::try_new(self.table.schema(), arrays)
            .expect("every column was built from the same rows in the schema's types")
    }

    fn position(&mut self, at: usize, name: &str) -> usize {
        if let Some((_, column)) = self.before.get(at).filter(|(known, _)| *known == name) {
            return *column;
        }
        let found = self.table.columns.iter().enumerate().find(|(_, c)| c.name == name);
        let (column, declared) =
            found.unwrap_or_else(|| panic!("{} has no column {name}", self.table.name));
        self.before.truncate(at);
        if self.before.len() == at {
            self.before.push((declared.name, column));
        }
        column
    }
}

/// Days since 1970-01-01, as Arrow counts dates.
pub fn days(date: Date) -> i32 {
    // Counting from the first of March puts the leap day at the end of its year.
    let (year, month) = (i32::from(date.year()), i32::from(date.month()));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day = (153 * month + 2) / 5 + i32::from(date.day()) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day - 719_468
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
            &[
                ("ccode", 710.into()),
                ("start", Value::parse(ColumnType::Date, "1950-02-14").unwrap()),
            ],
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
        let first = Date::constant(-9999, 1, 1);
        for date in first.series(jiff::Span::new().days(97)) {
            assert_eq!(days(date), (date - Date::constant(1970, 1, 1)).get_days());
        }
    }
}
