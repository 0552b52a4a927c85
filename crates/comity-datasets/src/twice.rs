//! States that stand twice in a year of one source, where the table has one row for each.

use std::collections::HashMap;

use arrow::array::{Array, Int32Array, RecordBatch, StringArray};

use comity_record::columns;
use comity_record::schema::{ColumnType, Table, Time, table};

/// What is to be said of it, a sentence a table.
pub(crate) fn notes(tables: &[(&'static str, RecordBatch)]) -> Vec<String> {
    let note = |(name, rows): &(&'static str, RecordBatch)| {
        let (times, first) = repeated(table(name)?, rows)?;
        let plural = if times == 1 { "time" } else { "times" };
        Some(format!(
            "{times} {plural} a state stands there twice in {name} for one year; every row is kept (the first: {first})"
        ))
    };
    tables.iter().filter_map(note).collect()
}

/// A column of a key.
enum Part<'a> {
    Number(&'a Int32Array),
    Text(&'a StringArray),
}

/// How many rows repeat the key of another, and the first of them; none where the table may have several rows for a state and year.
fn repeated(table: &Table, rows: &RecordBatch) -> Option<(usize, String)> {
    let of_years = table.time == Time::Year && table.key.contains(&"year");
    let of_states = table.key.iter().any(|k| table.states.contains(k));
    if !of_years || !of_states || table.key.contains(&"source_row") {
        return None;
    }
    let part = |name: &&str| {
        Some(match table.column(name)?.kind {
            ColumnType::Int => Part::Number(columns::ints(rows, name)),
            ColumnType::Text => Part::Text(columns::texts(rows, name)),
            _ => return None,
        })
    };
    let parts: Vec<Part<'_>> = table.key.iter().map(part).collect::<Option<_>>()?;
    let source_rows = columns::texts(rows, "source_row");
    let mut seen: HashMap<Vec<(i32, &str)>, usize> = HashMap::with_capacity(rows.num_rows());
    let (mut times, mut first) = (0, None);
    for row in 0..rows.num_rows() {
        let cell = |part: &Part<'_>| match part {
            Part::Number(column) => column.is_valid(row).then(|| (column.value(row), "")),
            Part::Text(column) => column.is_valid(row).then_some((0, "")),
        };
        let Some(mut key) = parts.iter().map(cell).collect::<Option<Vec<_>>>() else { continue };
        for (cell, part) in key.iter_mut().zip(&parts) {
            if let Part::Text(column) = part {
                cell.1 = column.value(row);
            }
        }
        if let Some(before) = seen.insert(key, row) {
            times += 1;
            first.get_or_insert_with(|| {
                let shown = |row| crate::row::shorten(columns::text(source_rows, row));
                format!("{} and {}", shown(before), shown(row))
            });
        }
    }
    first.map(|first| (times, first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Output;

    #[test]
    fn a_state_that_stands_twice_in_a_year_is_said_once_a_table() {
        let mut out = Output::new("x-1");
        for (ccode, year, from) in [(2, 1950, "a"), (2, 1951, "b"), (2, 1950, "c"), (20, 1950, "d")]
        {
            out.push("capabilities", &[("ccode", ccode.into()), ("year", year.into())], from);
        }
        // Without a state it is nobody twice.
        for from in ["e", "f"] {
            out.push("capabilities", &[("year", 1950.into())], from);
        }
        let made = out.finish();
        assert_eq!(
            notes(&made.tables),
            [
                "1 time a state stands there twice in capabilities for one year; every row is kept (the first: a and c)"
            ]
        );
    }
}
