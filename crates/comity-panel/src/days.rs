//! First and last day of a spell in a canonical table.

use arrow::array::{Array as _, AsArray, Date32Array, Int32Array, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type};

use super::calendar::{self, Days};
use comity_record::columns::{int, ints};

fn date<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a Date32Array> {
    batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Date32Type>())
}

/// Not every table has months.
fn month<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a Int32Array> {
    batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int32Type>())
}

/// First day of each row, the earliest that it may be where only the month or the year is known.
pub(crate) fn first_days(batch: &RecordBatch) -> Vec<Option<i32>> {
    let (start, from_month) = (date(batch, "start"), month(batch, "start_month"));
    let from_year = ints(batch, "start_year");
    let first = |row: usize| {
        let day = start.filter(|c| c.is_valid(row)).map(|c| c.value(row));
        day.or_else(|| {
            let month = from_month.and_then(|c| int(c, row)).unwrap_or(1);
            Some(calendar::day(int(from_year, row)?, month, 1))
        })
    };
    (0..batch.num_rows()).map(first).collect()
}

/// Last day of each row, the latest that it may be where only the month or the year is known; none where the end is open.
pub(crate) fn last_days(batch: &RecordBatch) -> Vec<Option<i32>> {
    let (end, to_month) = (date(batch, "end"), month(batch, "end_month"));
    let to_year = ints(batch, "end_year");
    let last = |row: usize| {
        let day = end.filter(|c| c.is_valid(row)).map(|c| c.value(row));
        day.or_else(|| {
            let month = to_month.and_then(|c| int(c, row)).unwrap_or(12);
            Some(calendar::month_end(int(to_year, row)?, month))
        })
    };
    (0..batch.num_rows()).map(last).collect()
}

/// First and last day of each row; none for a row without years, or with an open end.
pub(crate) fn days(batch: &RecordBatch) -> Vec<Option<Days>> {
    first_days(batch).into_iter().zip(last_days(batch)).map(|(a, b)| a.zip(b)).collect()
}

/// Whether the source says more than the years of any row.
pub(crate) fn dated(batch: &RecordBatch) -> bool {
    let known = |days: Option<&Date32Array>| days.is_some_and(|d| d.null_count() < d.len());
    let months = |months: Option<&Int32Array>| months.is_some_and(|m| m.null_count() < m.len());
    known(date(batch, "start")) || known(date(batch, "end")) || months(month(batch, "start_month"))
}
