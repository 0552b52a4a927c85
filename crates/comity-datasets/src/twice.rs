//! States that stand twice in a year of one source, where the table has one row for each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hasher, RandomState};

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

impl Part<'_> {
    fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Number(column) => column.is_valid(row),
            Self::Text(column) => column.is_valid(row),
        }
    }

    fn is_same(&self, row: usize, other: usize) -> bool {
        match self {
            Self::Number(column) => column.value(row) == column.value(other),
            Self::Text(column) => column.value(row) == column.value(other),
        }
    }

    fn hash(&self, row: usize, hasher: &mut impl Hasher) {
        match self {
            Self::Number(column) => hasher.write_i32(column.value(row)),
            Self::Text(column) => hasher.write(column.value(row).as_bytes()),
        }
    }
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
    // By the hash of their keys, the last row of each; of different keys with one hash the later goes to the next free one.
    // The hash is one that no file can know: keys made to have the same would take a time that grows with their square.
    let random = RandomState::new();
    let mut seen: HashMap<u64, usize> = HashMap::with_capacity(rows.num_rows());
    let (mut times, mut first) = (0, None);
    for row in 0..rows.num_rows() {
        if !parts.iter().all(|part| part.is_known(row)) {
            continue;
        }
        let mut hasher = random.build_hasher();
        parts.iter().for_each(|part| part.hash(row, &mut hasher));
        let mut hash = hasher.finish();
        loop {
            match seen.entry(hash) {
                Entry::Vacant(free) => {
                    free.insert(row);
                    break;
                }
                Entry::Occupied(mut there) => {
                    let before = *there.get();
                    if parts.iter().all(|part| part.is_same(before, row)) {
                        times += 1;
                        first.get_or_insert_with(|| {
                            let shown = |row| crate::row::shorten(columns::text(source_rows, row));
                            format!("{} and {}", shown(before), shown(row))
                        });
                        there.insert(row);
                        break;
                    }
                    hash = hash.wrapping_add(1);
                }
            }
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
