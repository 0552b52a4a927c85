//! First and last day of a spell in a canonical table.

use arrow::array::{Array as _, AsArray, Date32Array, Int32Array, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type};

use crate::calendar;
use comity_record::columns::{int, ints};

/// First and last day of each row, the earliest and latest that they may be where only the month or the year is known; none for a row without
/// years, or with an open end.
pub(super) fn days(batch: &RecordBatch) -> Vec<Option<(i32, i32)>> {
    let date = |name: &str| batch.column_by_name(name).map(AsArray::as_primitive::<Date32Type>);
    let (start, end) = (date("start"), date("end"));
    let [from_year, to_year] = ["start_year", "end_year"].map(|c| ints(batch, c));
    // Not every table has months.
    let month = |name: &str| batch.column_by_name(name).map(AsArray::as_primitive::<Int32Type>);
    let (from_month, to_month) = (month("start_month"), month("end_month"));
    let day =
        |c: Option<&Date32Array>, row: usize| c.filter(|c| c.is_valid(row)).map(|c| c.value(row));
    let known = |c: Option<&Int32Array>, row: usize| c.and_then(|c| int(c, row));
    (0..batch.num_rows())
        .map(|row| {
            let first = day(start, row).or_else(|| {
                let month = known(from_month, row).unwrap_or(1);
                Some(calendar::day(int(from_year, row)?, month, 1))
            })?;
            let last = day(end, row).or_else(|| {
                let month = known(to_month, row).unwrap_or(12);
                Some(calendar::month_end(int(to_year, row)?, month))
            })?;
            Some((first, last))
        })
        .collect()
}
