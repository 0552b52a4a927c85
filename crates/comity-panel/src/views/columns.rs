//! Typed columns of a canonical batch. The schema is fixed, so a wrong name is a mistake in a view.

use arrow::array::{Array, AsArray, BooleanArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a dyn Array {
    batch.column_by_name(name).unwrap_or_else(|| panic!("no canonical column {name}"))
}

/// A column of whole numbers.
pub(crate) fn ints<'a>(batch: &'a RecordBatch, name: &str) -> &'a Int32Array {
    column(batch, name).as_primitive::<Int32Type>()
}

/// A column of texts.
pub(crate) fn texts<'a>(batch: &'a RecordBatch, name: &str) -> &'a StringArray {
    column(batch, name).as_string::<i32>()
}

/// A column of truths.
pub(crate) fn bools<'a>(batch: &'a RecordBatch, name: &str) -> &'a BooleanArray {
    column(batch, name).as_boolean()
}

/// The number in a row, if it is known.
pub(crate) fn int(column: &Int32Array, row: usize) -> Option<i32> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// The truth in a row, if it is known.
pub(crate) fn truth(column: &BooleanArray, row: usize) -> Option<bool> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// The text in a row; null reads as empty.
pub(crate) fn text(column: &StringArray, row: usize) -> &str {
    if column.is_null(row) { "" } else { column.value(row) }
}
