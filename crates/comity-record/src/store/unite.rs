//! Rows of one table from two files of a dataset, as one table.
//!
//! A row that both have, by the table's key, becomes one: each fills what the other leaves null. Where they say
//! different things nothing is united, for then one of them would have to be believed.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, make_comparator};
use arrow::compute::{SortOptions, interleave};
use arrow::row::{OwnedRow, RowConverter, Rows, SortField};
use arrow::util::display::array_value_to_string;

use crate::error::Error;
use crate::schema::Table;

/// What two rows of one key say differently, in words.
pub(super) struct Contradiction(pub String);

/// The rows of both, each once.
pub(super) fn unite(
    table: &Table,
    old: &RecordBatch,
    new: &RecordBatch,
) -> Result<Result<RecordBatch, Contradiction>, Error> {
    let of_key = |batch: &RecordBatch| -> Vec<ArrayRef> {
        table.key.iter().filter_map(|k| batch.column_by_name(k)).map(Arc::clone).collect()
    };
    let (old_keys, new_keys) = (of_key(old), of_key(new));
    let (old_key, new_key) = rows_of(&old_keys, &new_keys)?;
    let (old_whole, new_whole) = rows_of(old.columns(), new.columns())?;
    let (old_at, new_at) = (by_key(&old_key), by_key(&new_key));
    let comparators = old
        .columns()
        .iter()
        .zip(new.columns())
        .map(|(a, b)| make_comparator(a.as_ref(), b.as_ref(), SortOptions::default()))
        .collect::<Result<Vec<_>, _>>()?;

    // Which row of the old and of the new each row is made from.
    let mut made: Vec<(Option<usize>, Option<usize>)> =
        (0..old.num_rows()).map(|row| (Some(row), None)).collect();
    for row in 0..new.num_rows() {
        let same_key = old_at.get(&new_key.row(row).owned()).map_or(&[][..], Vec::as_slice);
        if same_key.iter().any(|other| old_whole.row(*other) == new_whole.row(row)) {
            continue;
        }
        let alone = new_at.get(&new_key.row(row).owned()).is_some_and(|rows| rows.len() == 1);
        let known = new_keys.iter().all(|column| !column.is_null(row));
        match same_key {
            [other] if alone && known => {
                let differs = comparators.iter().enumerate().find(|(at, compare)| {
                    let (a, b) = (old.column(*at), new.column(*at));
                    // Where a row stands may differ, what it says may not.
                    old.schema().field(*at).name() != "source_row"
                        && !a.is_null(*other)
                        && !b.is_null(row)
                        && compare(*other, row).is_ne()
                });
                if let Some((at, _)) = differs {
                    return Ok(Err(contradiction(table, (old, *other), (new, row), at)?));
                }
                made[*other].1 = Some(row);
            }
            _ => made.push((None, Some(row))),
        }
    }
    let named = old.schema();
    let columns = old.columns().iter().zip(new.columns()).enumerate().map(|(at, (a, b))| {
        let place = named.field(at).name() == "source_row";
        let from = |(old, new): &(Option<usize>, Option<usize>)| match (old, new) {
            (Some(row), None) => (0, *row),
            // Where a row stands differs: the first in the order of texts is named, whichever file came first.
            (Some(row), Some(other)) if place && text(b, *other) < text(a, *row) => (1, *other),
            (Some(row), Some(_)) if !a.is_null(*row) => (0, *row),
            (_, Some(row)) => (1, *row),
            (None, None) => (0, 0),
        };
        let places: Vec<(usize, usize)> = made.iter().map(from).collect();
        interleave(&[a.as_ref(), b.as_ref()], &places)
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    Ok(Ok(RecordBatch::try_new(table.schema(), columns)?))
}

fn text(column: &ArrayRef, row: usize) -> &str {
    column.as_string_opt::<i32>().map_or("", |texts| texts.value(row))
}

/// Rows of the same columns of two tables, to be compared with each other.
fn rows_of(old: &[ArrayRef], new: &[ArrayRef]) -> Result<(Rows, Rows), Error> {
    let fields = old.iter().map(|c| SortField::new(c.data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    Ok((converter.convert_columns(old)?, converter.convert_columns(new)?))
}

fn by_key(rows: &Rows) -> HashMap<OwnedRow, Vec<usize>> {
    let mut at: HashMap<OwnedRow, Vec<usize>> = HashMap::with_capacity(rows.num_rows());
    for (row, key) in rows.iter().enumerate() {
        at.entry(key.owned()).or_default().push(row);
    }
    at
}

fn contradiction(
    table: &Table,
    old: (&RecordBatch, usize),
    new: (&RecordBatch, usize),
    column: usize,
) -> Result<Contradiction, Error> {
    let (old, old_row) = old;
    let (new, new_row) = new;
    let mut key = Vec::new();
    for name in table.key {
        if let Some(cells) = new.column_by_name(name) {
            key.push(format!("{name}={}", array_value_to_string(cells, new_row)?));
        }
    }
    Ok(Contradiction(format!(
        "{} {}: `{}` is {} in the record and {} in the new file",
        table.name,
        key.join(" "),
        old.schema().field(column).name(),
        array_value_to_string(old.column(column), old_row)?,
        array_value_to_string(new.column(column), new_row)?,
    )))
}
