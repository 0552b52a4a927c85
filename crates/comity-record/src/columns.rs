//! Typed columns of a batch in a canonical schema.

use arrow::array::{
    Array, AsArray, BooleanArray, Date32Array, Int32Array, RecordBatch, StringArray,
};
use arrow::datatypes::{Date32Type, Int32Type};

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a dyn Array {
    batch.column_by_name(name).unwrap_or_else(|| panic!("no canonical column {name}"))
}

/// A column of whole numbers.
///
/// # Panics
/// On a name or type that the schema does not have: a mistake in the caller. So do [`texts`] and [`bools`].
pub fn ints<'a>(batch: &'a RecordBatch, name: &str) -> &'a Int32Array {
    column(batch, name).as_primitive::<Int32Type>()
}

/// A column of texts.
pub fn texts<'a>(batch: &'a RecordBatch, name: &str) -> &'a StringArray {
    column(batch, name).as_string::<i32>()
}

/// A column of days.
pub fn days<'a>(batch: &'a RecordBatch, name: &str) -> &'a Date32Array {
    column(batch, name).as_primitive::<Date32Type>()
}

/// A column of truths.
pub fn bools<'a>(batch: &'a RecordBatch, name: &str) -> &'a BooleanArray {
    column(batch, name).as_boolean()
}

/// The number in a row, if it is known.
pub fn int(column: &Int32Array, row: usize) -> Option<i32> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// The day in a row as `YYYY-MM-DD`, if it is known.
pub fn day(column: &Date32Array, row: usize) -> Option<String> {
    (!column.is_null(row)).then(|| column.value_as_date(row).map(|d| d.to_string()))?
}

/// The truth in a row, if it is known.
pub fn truth(column: &BooleanArray, row: usize) -> Option<bool> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// The text in a row; null reads as empty.
pub fn text(column: &StringArray, row: usize) -> &str {
    if column.is_null(row) { "" } else { column.value(row) }
}
