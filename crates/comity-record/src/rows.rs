//! Rows of a canonical table on their way into Arrow: typed cells, checked text, derived years.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
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

/// One cell that borrows its text: for tables of a million rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// Not observed.
    Null,
    /// A code, year or count.
    Int(i32),
    /// A measured quantity.
    Float(f64),
    /// Text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// A full date.
    Date(Date),
}

macro_rules! fields {
    ($($type:ty => $kind:ident),*) => {
        $(impl<'a> From<$type> for Field<'a> {
            fn from(v: $type) -> Self {
                Self::$kind(v)
            }
        })*
    };
}
fields!(i32 => Int, f64 => Float, &'a str => Text, bool => Bool, Date => Date);
impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

impl Value {
    /// Whether a column of this type can hold it; null is of every type.
    pub fn is_of(&self, kind: ColumnType) -> bool {
        match self {
            Self::Null => true,
            Self::Int(_) => kind == ColumnType::Int,
            Self::Float(_) => kind == ColumnType::Float,
            Self::Text(_) => kind == ColumnType::Text,
            Self::Bool(_) => kind == ColumnType::Bool,
            Self::Date(_) => kind == ColumnType::Date,
        }
    }

    /// As [`Value::parse`] reads it; null is the empty text.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Int(v) => v.to_string(),
            Self::Float(v) => v.to_string(),
            Self::Text(v) => v.clone(),
            Self::Bool(v) => v.to_string(),
            Self::Date(v) => v.to_string(),
        }
    }

    /// One cell of an array of a canonical table.
    pub fn of(array: &dyn Array, row: usize) -> Self {
        if array.is_null(row) {
            return Self::Null;
        }
        match array.data_type() {
            DataType::Int32 => Self::Int(array.as_primitive::<Int32Type>().value(row)),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>().value(row)),
            DataType::Boolean => Self::Bool(array.as_boolean().value(row)),
            DataType::Date32 => {
                date(array.as_primitive::<Date32Type>().value(row)).map_or(Self::Null, Self::Date)
            }
            _ => Self::Text(array.as_string::<i32>().value(row).to_owned()),
        }
    }

    fn field(&self) -> Field<'_> {
        match self {
            Self::Null => Field::Null,
            Self::Int(v) => Field::Int(*v),
            Self::Float(v) => Field::Float(*v),
            Self::Text(v) => Field::Text(v),
            Self::Bool(v) => Field::Bool(*v),
            Self::Date(v) => Field::Date(*v),
        }
    }

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
                // As R (TRUE), Python (True) and people write it.
                "1" => Ok(Self::Bool(true)),
                "0" => Ok(Self::Bool(false)),
                text if text.eq_ignore_ascii_case("true") => Ok(Self::Bool(true)),
                text if text.eq_ignore_ascii_case("false") => Ok(Self::Bool(false)),
                _ => Err("true or false"),
            },
            ColumnType::Date => {
                text.parse().map(Self::Date).map_err(|_| "a date that exists, as YYYY-MM-DD")
            }
        }
    }
}

/// The rows of one canonical table from one source, in the making: each cell goes straight into its column.
#[derive(Debug)]
pub struct TableRows {
    table: &'static Table,
    source: String,
    columns: Vec<Column>,
    source_row: StringBuilder,
    rows: usize,
    /// How the last row was laid out: rows of one reader name the same cells in the same order.
    last: Named,
}

/// The names of the cells of a row, and for each column of the table which of them fills it.
#[derive(Debug, Default)]
struct Named {
    names: Vec<String>,
    /// By column: the place of its cell, and for a year that of the date it follows from.
    from: Vec<(Option<usize>, Option<usize>)>,
}

impl Named {
    fn is(&self, cells: &[(&str, Value)]) -> bool {
        self.names.len() == cells.len() && self.names.iter().zip(cells).all(|(n, (c, _))| n == c)
    }

    fn of(table: &Table, cells: &[(&str, Value)]) -> Self {
        let given = |name: &str| cells.iter().position(|(n, _)| *n == name);
        let from: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                let date = DERIVED.iter().find(|(year, _)| *year == column.name);
                (given(column.name), date.and_then(|(_, date)| given(date)))
            })
            .collect();
        if from.iter().filter(|(cell, _)| cell.is_some()).count() < cells.len() {
            let unknown = cells.iter().find(|(n, _)| table.column(n).is_none());
            let named = unknown.map_or("a column", |(n, _)| n);
            panic!("{} has no column {named}, or one is named twice", table.name);
        }
        Self { names: cells.iter().map(|(name, _)| (*name).to_owned()).collect(), from }
    }
}

/// Where some columns of a table stand.
#[derive(Debug, Clone)]
pub struct Layout<const N: usize> {
    at: [usize; N],
    others: Vec<usize>,
}

#[derive(Debug)]
enum Column {
    Int(Int32Builder),
    Float(Float64Builder),
    Text(StringBuilder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
}

impl Column {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Int => Self::Int(Int32Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Bool => Self::Bool(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
        }
    }

    /// Appends a cell; false where it is of another type.
    fn append(&mut self, field: Field<'_>) -> bool {
        match (self, field) {
            (Self::Int(b), Field::Int(v)) => b.append_value(v),
            (Self::Float(b), Field::Float(v)) => b.append_value(v),
            (Self::Text(b), Field::Text(v)) => b.append_value(v),
            (Self::Bool(b), Field::Bool(v)) => b.append_value(v),
            (Self::Date(b), Field::Date(v)) => b.append_value(days(v)),
            (Self::Int(b), Field::Null) => b.append_null(),
            (Self::Float(b), Field::Null) => b.append_null(),
            (Self::Text(b), Field::Null) => b.append_null(),
            (Self::Bool(b), Field::Null) => b.append_null(),
            (Self::Date(b), Field::Null) => b.append_null(),
            _ => return false,
        }
        true
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Int(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::Text(b) => Arc::new(b.finish()),
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
        }
    }
}

/// Years that follow from dates where they are not given.
const DERIVED: [(&str, &str); 3] = [("start_year", "start"), ("end_year", "end"), ("year", "date")];

impl TableRows {
    /// No rows yet.
    pub fn new(table: &'static Table, source: impl Into<String>) -> Self {
        Self {
            table,
            source: source.into(),
            columns: table.columns.iter().map(|c| Column::new(c.kind)).collect(),
            source_row: StringBuilder::new(),
            rows: 0,
            last: Named::default(),
        }
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds a row from named cells; columns not named are null, and `start_year`, `end_year` (or `year`)
    /// follow from `start`, `end` (or `date`) where they are not given.
    ///
    /// # Panics
    /// On a column that the table does not have, one that is named twice, or a cell of another type: a mistake in the
    /// reader, not in the data.
    pub fn push(&mut self, cells: &[(&str, Value)], source_row: impl AsRef<str>) {
        if self.last.from.is_empty() || !self.last.is(cells) {
            self.last = Named::of(self.table, cells);
        }
        let columns = self.table.columns.iter().zip(&mut self.columns);
        for ((column, builder), (cell, date)) in columns.zip(&self.last.from) {
            let field = cell.map_or(Field::Null, |at| cells[at].1.field());
            let date = date.map_or(Field::Null, |at| cells[at].1.field());
            let field = match (field, date) {
                (Field::Null, Field::Date(date)) => Field::Int(i32::from(date.year())),
                (field, _) => field,
            };
            assert!(
                builder.append(field),
                "{}.{} takes no {field:?}",
                self.table.name,
                column.name
            );
        }
        self.source_row.append_value(source_row.as_ref());
        self.rows += 1;
    }

    /// The places of these columns, for rows that are put one after the other without naming their columns again.
    ///
    /// # Panics
    /// On a column that the table does not have, or one that is named twice: a mistake in the reader.
    pub fn layout<const N: usize>(&self, names: [&str; N]) -> Layout<N> {
        let table = self.table;
        let at = names.map(|name| {
            let at = table.columns.iter().position(|c| c.name == name);
            at.unwrap_or_else(|| panic!("{} has no column {name}", table.name))
        });
        let others: Vec<usize> = (0..table.columns.len()).filter(|i| !at.contains(i)).collect();
        assert_eq!(others.len() + N, table.columns.len(), "{} has one twice", table.name);
        Layout { at, others }
    }

    /// Adds a row; columns outside the layout are null, and no year is derived.
    ///
    /// # Panics
    /// On a cell of another type: a mistake in the reader.
    pub fn put<const N: usize>(
        &mut self,
        layout: &Layout<N>,
        fields: [Field<'_>; N],
        source_row: fmt::Arguments<'_>,
    ) {
        for (at, field) in layout.at.iter().zip(fields) {
            assert!(
                self.columns[*at].append(field),
                "{}.{} takes no {field:?}",
                self.table.name,
                self.table.columns[*at].name
            );
        }
        for at in &layout.others {
            self.columns[*at].append(Field::Null);
        }
        // Writing to a builder cannot fail; the empty value ends the cell.
        let _ = self.source_row.write_fmt(source_row);
        self.source_row.append_value("");
        self.rows += 1;
    }

    /// The rows as Arrow, in the canonical schema.
    pub fn finish(mut self) -> RecordBatch {
        let mut arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Column::finish).collect();
        let source = std::iter::repeat_n(Some(self.source.as_str()), self.rows);
        arrays.push(Arc::new(source.collect::<StringArray>()));
        arrays.push(Arc::new(self.source_row.finish()));
        RecordBatch::try_new(self.table.schema(), arrays)
            .expect("every column was built from the same rows in the schema's types")
    }
}

/// The date that is so many days after 1970-01-01; none outside the calendar.
pub fn date(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
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
    fn rows_put_without_names_are_the_same_rows() {
        let table = table("votes").unwrap();
        let (mut pushed, mut put) = (TableRows::new(table, "t"), TableRows::new(table, "t"));
        let layout = put.layout(["ccode", "rcid"]);
        for (ccode, rcid) in [(Some(2), "3"), (None, "4")] {
            let cells = [("rcid", rcid.into()), ("ccode", ccode.into())];
            pushed.push(&cells, format!("rcid={rcid}"));
            put.put(&layout, [ccode.into(), rcid.into()], format_args!("rcid={rcid}"));
        }
        assert_eq!(put.len(), 2);
        assert_eq!(pushed.finish(), put.finish());
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        assert!(Value::parse(ColumnType::Date, "1950-02-30").is_err());
        for (text, value) in [("TRUE", true), ("True", true), ("false", false), ("0", false)] {
            assert_eq!(Value::parse(ColumnType::Bool, text), Ok(Value::Bool(value)));
        }
        assert!(Value::parse(ColumnType::Bool, "yes").is_err());
        assert_eq!(Value::parse(ColumnType::Int, " "), Ok(Value::Null));
        assert_eq!(days("1970-01-02".parse().unwrap()), 1);
        assert_eq!(days("1816-01-01".parse().unwrap()), -56_248);
        let first = Date::constant(-9999, 1, 1);
        for date in first.series(jiff::Span::new().days(97)) {
            assert_eq!(days(date), (date - Date::constant(1970, 1, 1)).get_days());
            assert_eq!(super::date(days(date)), Some(date));
        }
    }
}
