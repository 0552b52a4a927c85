use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use comity_measures::models::{Table, Values};
use comity_record::nearest;

use crate::Error;

/// Columns of a table as numbers and texts.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// How many rows there are.
    pub rows: usize,
    numbers: Vec<(String, Vec<Option<f64>>)>,
    texts: Vec<(String, Vec<Option<String>>)>,
}

impl Columns {
    /// The columns of a table: these, or all that are numbers or texts.
    ///
    /// # Errors
    /// A column that is not there, with the nearest; one that is asked for and neither of numbers nor of text.
    pub fn of(table: &RecordBatch, names: Option<&[&str]>) -> Result<Self, Error> {
        let schema = table.schema();
        let mut made = Self { rows: table.num_rows(), ..Self::default() };
        let all: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        for name in names.unwrap_or(&all) {
            if made.has(name) {
                continue;
            }
            let Some(column) = table.column_by_name(name) else {
                let error = Error::new(format!("there is no column {name}"));
                return Err(match nearest(name, all.iter().copied()) {
                    Some(near) => error.help(near),
                    None => error,
                });
            };
            let kind = match column.data_type() {
                DataType::Dictionary(_, value) => value.as_ref().clone(),
                other => other.clone(),
            };
            let failed = |e: arrow::error::ArrowError| Error::new(format!("{name}: {e}"));
            if kind.is_numeric() || kind == DataType::Boolean {
                let cast = cast(column, &DataType::Float64).map_err(failed)?;
                let numbers = cast.as_primitive::<Float64Type>().iter();
                made.numbers.push(((*name).to_owned(), numbers.collect()));
            } else if matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
                let cast = cast(column, &DataType::Utf8).map_err(failed)?;
                let texts = cast.as_string::<i32>().iter().map(|t| t.map(str::to_owned));
                made.texts.push(((*name).to_owned(), texts.collect()));
            } else if names.is_some() {
                return Err(Error::new(format!("{name} is neither of numbers nor of text")));
            }
        }
        Ok(made)
    }

    /// No columns, for so many rows.
    pub fn empty(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.numbers.iter().any(|(n, _)| n == name) || self.texts.iter().any(|(n, _)| n == name)
    }

    /// The values of a column of numbers.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn numbers(&self, name: &str) -> Result<&[Option<f64>], Error> {
        let found = self.numbers.iter().find(|(n, _)| n == name);
        let found = found.map(|(_, values)| values.as_slice());
        found.ok_or_else(|| Error::new(format!("there is no column of numbers {name}")))
    }

    /// The values of a column of text.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn texts(&self, name: &str) -> Result<&[Option<String>], Error> {
        let found = self.texts.iter().find(|(n, _)| n == name);
        let found = found.map(|(_, values)| values.as_slice());
        found.ok_or_else(|| Error::new(format!("there is no column of text {name}")))
    }

    /// Adds a column of numbers.
    pub fn add(&mut self, name: &str, values: Vec<Option<f64>>) {
        self.numbers.push((name.to_owned(), values));
    }

    /// Keeps the rows of which this is true.
    pub fn keep(&mut self, rows: &[bool]) {
        fn kept<T>(values: &mut Vec<T>, rows: &[bool]) {
            let mut at = rows.iter();
            values.retain(|_| at.next().copied().unwrap_or(false));
        }
        self.numbers.iter_mut().for_each(|(_, values)| kept(values, rows));
        self.texts.iter_mut().for_each(|(_, values)| kept(values, rows));
        self.rows = rows.iter().filter(|kept| **kept).count();
    }

    /// What `then` makes of the columns as models take them.
    pub fn with_table<T>(&self, then: impl FnOnce(&Table<'_>) -> T) -> T {
        let texts: Vec<(&str, Vec<Option<&str>>)> = self
            .texts
            .iter()
            .map(|(name, v)| (name.as_str(), v.iter().map(Option::as_deref).collect()))
            .collect();
        let numbers = self.numbers.iter().map(|(name, v)| (name.as_str(), Values::Numbers(v)));
        let texts = texts.iter().map(|(name, v)| (*name, Values::Labels(v)));
        then(&Table { rows: self.rows, columns: numbers.chain(texts).collect() })
    }
}
