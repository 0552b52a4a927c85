//! The state and year of every row of a block. A row that is about no state-year is an error that names the row:
//! were it left out, the year that it was meant for would come out as kept.

use std::ops::RangeInclusive;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::util::display::array_value_to_string;
use comity_sql::SqlError;

/// The years that a row may be about, as in a record.
const YEARS: RangeInclusive<i64> = 1..=9999;

/// A column of whole numbers of any width.
pub(super) struct Whole {
    written: ArrayRef,
    wide: Int64Array,
}

impl Whole {
    /// The column `name`; none where the answer has none.
    pub(super) fn of(batch: &RecordBatch, name: &str) -> Result<Option<Self>, SqlError> {
        let Some(written) = batch.column_by_name(name) else { return Ok(None) };
        let kind = written.data_type();
        if !kind.is_integer() && *kind != DataType::Null {
            return Err(SqlError::new(format!(
                "the column `{name}` holds {kind}, it must hold whole numbers"
            ))
            .help("cast it, for example `cast(x as int)`"));
        }
        let wide = cast(written, &DataType::Int64).map_err(|e| SqlError::new(e.to_string()))?;
        Ok(Some(Self { written: written.clone(), wide: wide.as_primitive::<Int64Type>().clone() }))
    }

    /// Its value; none where it is null, or too large for any state or year.
    fn at(&self, row: usize) -> Option<i64> {
        (!self.wide.is_null(row)).then(|| self.wide.value(row))
    }

    /// Whether the query gave null (a column of nulls alone does not say so of its rows).
    fn is_null(&self, row: usize) -> bool {
        *self.written.data_type() == DataType::Null || self.written.is_null(row)
    }

    /// Its value as people read it.
    fn shown(&self, row: usize) -> String {
        if self.is_null(row) {
            return "null".into();
        }
        array_value_to_string(&self.written, row).unwrap_or_default()
    }

    /// As a column that may hold nulls, for codes that need not be of states; a number that does not fit is an error.
    pub(super) fn codes(&self, batch: &RecordBatch, name: &str) -> Result<Int32Array, SqlError> {
        let fits = |row: usize| match self.at(row) {
            Some(v) => i32::try_from(v).is_ok(),
            None => self.is_null(row),
        };
        if let Some(row) = (0..batch.num_rows()).find(|r| !fits(*r)) {
            let message = format!(
                "`{name}` is {}, which is not a code ({})",
                self.shown(row),
                place(batch, row)
            );
            return Err(
                SqlError::new(message).help("a code is a whole number below 2147483648, or null")
            );
        }
        Ok((0..batch.num_rows()).map(|r| self.at(r).and_then(|v| i32::try_from(v).ok())).collect())
    }
}

/// Row, state and year of every row; `known` are the codes of the record's states, ascending.
pub(super) fn state_years(
    batch: &RecordBatch,
    known: &[i32],
) -> Result<Vec<(usize, i32, i32)>, SqlError> {
    let (Some(state), Some(year)) = (Whole::of(batch, "state")?, Whole::of(batch, "year")?) else {
        return Err(SqlError::new("the columns `state` and `year` are missing"));
    };
    let code = |row: usize| {
        let code = i32::try_from(state.at(row)?).ok()?;
        known.binary_search(&code).is_ok().then_some(code)
    };
    let date =
        |row: usize| year.at(row).filter(|y| YEARS.contains(y)).and_then(|y| i32::try_from(y).ok());
    let (mut found, mut refused) = (Vec::with_capacity(batch.num_rows()), Vec::new());
    for row in 0..batch.num_rows() {
        match (code(row), date(row)) {
            (Some(state), Some(year)) => found.push((row, state, year)),
            _ => refused.push(row),
        }
    }
    let Some(row) = refused.first().copied() else { return Ok(found) };
    let (name, value, missing) = if code(row).is_none() {
        ("state", state.shown(row), state.is_null(row))
    } else {
        ("year", year.shown(row), year.is_null(row))
    };
    let what = match (name, missing) {
        (_, true) => format!("`{name}` is null"),
        ("state", false) => format!("`state` is {value}, which is not a state of the record"),
        _ => format!("`year` is {value}, which is not a year"),
    };
    let help = match (name, missing) {
        (_, true) => {
            "every row is about one state in one year: leave rows without them out with `where … is not null`"
        }
        ("state", false) => {
            "states are the codes of the table `states`; leave other actors out, for example with `where x in (select ccode from states)`"
        }
        _ => "a year is a whole number from 1 to 9999",
    };
    let other =
        if name == "state" { ("year", year.shown(row)) } else { ("state", state.shown(row)) };
    let more = match refused.len() - 1 {
        0 => String::new(),
        1 => "; one more row is like it".to_owned(),
        more => format!("; {more} more rows are like it"),
    };
    Err(SqlError::new(format!("{what} ({} {}, {}){more}", other.0, other.1, place(batch, row)))
        .help(help))
}

/// Which row: by its source, where it has one, else by its number.
pub(super) fn place(batch: &RecordBatch, row: usize) -> String {
    let text = |name: &str| {
        let column = batch.column_by_name(name).filter(|c| !c.is_null(row))?;
        array_value_to_string(column, row).ok().filter(|t| !t.is_empty())
    };
    match (text("source"), text("source_row")) {
        (Some(source), Some(key)) => format!("source {source}, source_row {key}"),
        (Some(source), None) => format!("source {source}, row {} of the answer", row + 1),
        (None, Some(key)) => format!("source_row {key}"),
        (None, None) => format!("row {} of the answer", row + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, NullArray, StringArray, UInt64Array};

    use super::*;

    fn batch(state: ArrayRef, year: ArrayRef) -> RecordBatch {
        let rows = state.len();
        let key: StringArray = (1..=rows).map(|r| Some(format!("key {r}"))).collect();
        let source: StringArray = (0..rows).map(|_| Some("made-1")).collect();
        RecordBatch::try_from_iter([
            ("state", state),
            ("year", year),
            ("source", Arc::new(source) as ArrayRef),
            ("source_row", Arc::new(key) as ArrayRef),
        ])
        .unwrap()
    }

    fn refused(state: ArrayRef, year: ArrayRef) -> String {
        state_years(&batch(state, year), &[2, 710]).unwrap_err().message
    }

    #[test]
    fn a_row_about_no_state_year_is_named_and_never_left_out() {
        let years = |years: &[Option<i64>]| Arc::new(Int64Array::from(years.to_vec())) as ArrayRef;
        let (states, fine) = (years(&[Some(2), Some(710)]), years(&[Some(1950), Some(1951)]));
        assert_eq!(
            state_years(&batch(states.clone(), fine.clone()), &[2, 710]).unwrap(),
            [(0, 2, 1950), (1, 710, 1951)]
        );
        assert_eq!(
            refused(years(&[Some(2), None]), fine.clone()),
            "`state` is null (year 1951, source made-1, source_row key 2)"
        );
        assert_eq!(
            refused(years(&[None, None]), fine.clone()),
            "`state` is null (year 1950, source made-1, source_row key 1); one more row is like it"
        );
        assert_eq!(
            refused(years(&[Some(2), Some(711)]), fine.clone()),
            "`state` is 711, which is not a state of the record (year 1951, source made-1, source_row key 2)"
        );
        for year in [0, -1950, 10_000, 4_294_969_246, i64::MAX, i64::MIN] {
            assert_eq!(
                refused(states.clone(), years(&[Some(1950), Some(year)])),
                format!(
                    "`year` is {year}, which is not a year (state 710, source made-1, source_row key 2)"
                )
            );
        }
        let huge = Arc::new(UInt64Array::from(vec![1950, u64::MAX]));
        assert!(refused(states.clone(), huge).contains("`year` is 18446744073709551615, which"));
        assert!(refused(Arc::new(NullArray::new(2)), fine.clone()).contains("`state` is null"));
        let between = Arc::new(Float64Array::from(vec![1950.5, 1951.0]));
        assert!(refused(states, between).contains("must hold whole numbers"));
    }
}
