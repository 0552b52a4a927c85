//! Rows in the order of all their columns, so that no order of files, rows or threads is ever seen.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::array::{DynComparator, make_comparator};
use arrow::compute::{
    LexicographicalComparator, SortColumn, SortOptions, concat_batches, interleave_record_batch,
    take_record_batch,
};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};

use crate::error::Error;

/// Rows in the order of all their columns: nulls first, then the least value.
pub(crate) fn sorted(batch: &RecordBatch) -> Result<RecordBatch, Error> {
    if batch.num_rows() < 2 {
        return Ok(batch.clone());
    }
    let column = |c: &ArrayRef| SortColumn { values: Arc::clone(c), options: None };
    let columns: Vec<SortColumn> = batch.columns().iter().map(column).collect();
    let rows = LexicographicalComparator::try_new(&columns)?;
    let mut order = beginnings(batch);
    let compare = |(one, row): &(u128, u32), (other, to): &(u128, u32)| -> Ordering {
        one.cmp(other).then_with(|| rows.compare(*row as usize, *to as usize))
    };
    if order.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return Ok(batch.clone());
    }
    // Stored tables are sorted already: a stable sort joins such runs without sorting them again.
    order.sort_by(compare);
    let order: UInt32Array = order.into_iter().map(|(_, row)| row).collect();
    Ok(take_record_batch(batch, &order)?)
}

/// Sorted rows without those at some places (ascending), and with further sorted rows among them: after those that are equal.
pub(crate) fn merged(
    rows: &RecordBatch,
    without: &[usize],
    further: &RecordBatch,
) -> Result<RecordBatch, Error> {
    if without.is_empty() && further.num_rows() == 0 {
        return Ok(rows.clone());
    }
    let compare: Vec<DynComparator> = rows
        .columns()
        .iter()
        .zip(further.columns())
        .map(|(a, b)| make_comparator(a.as_ref(), b.as_ref(), SortOptions::default()))
        .collect::<Result<_, _>>()?;
    let order = |row: usize, to: usize| {
        let each = compare.iter().map(|c| c(row, to));
        each.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    // Runs of rows, by which of the two they are of.
    let mut runs: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    let mut gone = without.iter().copied().peekable();
    let mut taken = 0;
    let mut until = |end: usize, runs: &mut Vec<(usize, std::ops::Range<usize>)>| {
        while let Some(at) = gone.next_if(|at| *at < end) {
            runs.push((0, taken..at));
            taken = at + 1;
        }
        runs.push((0, taken..end));
        taken = end;
    };
    let mut low = 0;
    for among in 0..further.num_rows() {
        let mut high = rows.num_rows();
        while low < high {
            let middle = usize::midpoint(low, high);
            if order(middle, among).is_le() { low = middle + 1 } else { high = middle }
        }
        until(low, &mut runs);
        runs.push((1, among..among + 1));
    }
    until(rows.num_rows(), &mut runs);
    let both = [rows, further];
    if runs.len() <= FEW_RUNS {
        let pieces: Vec<RecordBatch> = runs
            .into_iter()
            .filter(|(_, run)| !run.is_empty())
            .map(|(of, run)| both[of].slice(run.start, run.len()))
            .collect();
        return Ok(concat_batches(&rows.schema(), &pieces)?);
    }
    let each = runs.into_iter().flat_map(|(of, run)| run.map(move |row| (of, row)));
    Ok(interleave_record_batch(&both, &each.collect::<Vec<_>>())?)
}

/// So many runs are copied run by run; of more it is done row by row.
const FEW_RUNS: usize = 64;

/// Each row with the beginning of its cells as one number, as many columns as fit into it: where two of these differ they stand as the
/// rows do, which spares comparing the rows.
fn beginnings(batch: &RecordBatch) -> Vec<(u128, u32)> {
    let mut all: Vec<(u128, u32)> = (0..batch.num_rows() as u32).map(|row| (0, row)).collect();
    let mut room = u128::BITS;
    for column in batch.columns() {
        let Some(taken) = begin(column, room, &mut all) else { break };
        room -= taken;
    }
    all
}

/// Adds the cells of a column where there is room for so many bits, and says how many they took; none: no column after it may be added.
fn begin(column: &ArrayRef, room: u32, all: &mut [(u128, u32)]) -> Option<u32> {
    let mut add = |bits: u32, cell: &dyn Fn(usize) -> u128| {
        // One bit more: a null stands before all values.
        let up = room.checked_sub(bits + 1)?;
        for (row, (number, _)) in all.iter_mut().enumerate() {
            if column.is_valid(row) {
                *number |= (1 << bits | cell(row)) << up;
            }
        }
        Some(bits + 1)
    };
    let whole = |value: i32| u128::from(value.cast_unsigned() ^ 1 << 31);
    match column.data_type() {
        DataType::Int32 => {
            let cells = column.as_primitive::<Int32Type>();
            add(32, &|row| whole(cells.value(row)))
        }
        DataType::Date32 => {
            let cells = column.as_primitive::<Date32Type>();
            add(32, &|row| whole(cells.value(row)))
        }
        DataType::Boolean => {
            let cells = column.as_boolean();
            add(1, &|row| u128::from(cells.value(row)))
        }
        DataType::Float64 => {
            let cells = column.as_primitive::<Float64Type>();
            // In the total order of floats: negative ones backwards, before the others.
            let bits = |value: f64| {
                let bits = value.to_bits();
                u128::from(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
            };
            add(64, &|row| bits(cells.value(row)))
        }
        DataType::Utf8 => {
            let cells = column.as_string::<i32>();
            let bytes = (room.saturating_sub(1) / 8) as usize;
            let first = |text: &str| {
                let text = text.as_bytes();
                let byte = |at| u128::from(text.get(at).copied().unwrap_or(0));
                (0..bytes).fold(0, |number, at| number << 8 | byte(at))
            };
            add(bytes as u32 * 8, &|row| first(cells.value(row)))?;
            // A text may go on, or end where another has a byte that is zero.
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{BooleanArray, Date32Array, Float64Array, Int32Array, StringArray};
    use arrow::compute::lexsort_to_indices;
    use arrow::row::{RowConverter, SortField};

    use super::*;

    /// Every order of these columns, with values at every edge.
    fn columns() -> Vec<ArrayRef> {
        let ints = [None, Some(i32::MIN), Some(-1), Some(0), Some(1), Some(i32::MAX)];
        let floats = [
            None,
            Some(f64::NEG_INFINITY),
            Some(-1.5),
            Some(-0.0),
            Some(0.0),
            Some(f64::MIN_POSITIVE),
            Some(f64::NAN),
        ];
        let long = "a text of more than sixteen bytes";
        let texts = [None, Some(""), Some("\0"), Some("a"), Some("a\0"), Some("ä"), Some(long)];
        let other = format!("{}!", &long[..20]);
        let many = 400;
        let spread = |row: usize, by: usize, of: usize| row * by % 401 % of;
        let text = |row: usize| match spread(row, 7, texts.len() + 1) {
            at if at < texts.len() => texts[at],
            _ => Some(other.as_str()),
        };
        vec![
            Arc::new((0..many).map(|r| ints[spread(r, 5, 6)]).collect::<Int32Array>()),
            Arc::new((0..many).map(|r| floats[spread(r, 11, 7)]).collect::<Float64Array>()),
            Arc::new((0..many).map(text).collect::<StringArray>()),
            Arc::new(
                (0..many).map(|r| [None, Some(true), Some(false)][r % 3]).collect::<BooleanArray>(),
            ),
            Arc::new((0..many).map(|r| ints[spread(r, 13, 6)]).collect::<Date32Array>()),
        ]
    }

    #[test]
    fn rows_merged_are_rows_sorted_together() {
        let columns = columns();
        let named = columns.iter().enumerate().map(|(at, c)| (at.to_string(), Arc::clone(c), true));
        let all = RecordBatch::try_from_iter_with_nullable(named).unwrap();
        for (first, without, further) in [(300, 1, 3), (300, 40, 100), (390, 0, 1), (5, 5, 395)] {
            let rows = sorted(&all.slice(0, first)).unwrap();
            let gone: Vec<usize> = (0..without).map(|n| n * first / without).collect();
            let more = sorted(&all.slice(first, further)).unwrap();
            let left = (0..rows.num_rows()).filter(|r| !gone.contains(r)).map(|r| r as u32);
            let left = take_record_batch(&rows, &left.collect::<UInt32Array>()).unwrap();
            let together = concat_batches(&rows.schema(), &[left, more.clone()]).unwrap();
            let (is, expected) = (merged(&rows, &gone, &more).unwrap(), sorted(&together).unwrap());
            assert_eq!(format!("{is:?}"), format!("{expected:?}"), "{first} {without} {further}");
        }
    }

    #[test]
    fn rows_stand_as_their_columns_compared_one_after_the_other() {
        let columns = columns();
        for first in 0..columns.len() {
            for second in (0..columns.len()).filter(|c| *c != first) {
                let others = (0..columns.len()).filter(|c| ![first, second].contains(c));
                let mut order = vec![first, second];
                order.extend(others);
                let chosen: Vec<ArrayRef> =
                    order.iter().map(|c| Arc::clone(&columns[*c])).collect();
                let named =
                    chosen.iter().enumerate().map(|(at, c)| (at.to_string(), Arc::clone(c), true));
                let batch = RecordBatch::try_from_iter_with_nullable(named).unwrap();
                let options = Some(SortOptions::default());
                let by: Vec<SortColumn> =
                    chosen.iter().map(|c| SortColumn { values: Arc::clone(c), options }).collect();
                let expected =
                    take_record_batch(&batch, &lexsort_to_indices(&by, None).unwrap()).unwrap();
                let is = sorted(&batch).unwrap();
                // By their bytes: a number that is none is not equal to itself.
                let fields = chosen.iter().map(|c| SortField::new(c.data_type().clone())).collect();
                let converter = RowConverter::new(fields).unwrap();
                let bytes = |batch: &RecordBatch| {
                    let rows = converter.convert_columns(batch.columns()).unwrap();
                    rows.iter().map(|row| row.owned()).collect::<Vec<_>>()
                };
                assert_eq!(bytes(&is), bytes(&expected), "{order:?}");
                assert_eq!(bytes(&sorted(&is).unwrap()), bytes(&is));
            }
        }
    }
}
