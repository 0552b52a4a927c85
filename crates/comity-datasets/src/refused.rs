//! Rows that are refused while the others of their file are read: counted, and named by their lines.

use std::collections::BTreeMap;

use crate::error::{Place, ReadError};

/// How many kinds of fault, and how many runs of lines of one kind, a note names.
const SHOWN: usize = 12;

/// The rows refused so far: by file and fault, the lines.
#[derive(Debug, Default)]
pub(crate) struct Refused(BTreeMap<String, BTreeMap<String, Vec<Place>>>);

impl Refused {
    /// Counts the row of an error; one that is not about a row is given back.
    pub(crate) fn add(&mut self, error: ReadError) -> Result<(), ReadError> {
        let (place, fault) = match error {
            ReadError::Value { place, column, value, expected } => {
                (place, format!("{column} is \"{value}\" and not {expected}"))
            }
            ReadError::NoSuchDate { place, columns, value } => {
                (place, format!("{columns} is {value}, which is not a date that exists"))
            }
            ReadError::Backwards { place, start, end } => {
                (place, format!("the spell ends ({end}) before it begins ({start})"))
            }
            other => return Err(other),
        };
        let faults = self.0.entry(place.file.clone()).or_default();
        faults.entry(fault).or_default().push(*place);
        Ok(())
    }

    /// One note for each file, of so many rows.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(file, faults)| {
            let rows: usize = faults.values().map(Vec::len).sum();
            let mut said: Vec<String> = faults
                .iter()
                .take(SHOWN)
                .map(|(fault, places)| format!("{fault} ({})", lines(places)))
                .collect();
            if faults.len() > SHOWN {
                let rest: usize = faults.values().skip(SHOWN).map(Vec::len).sum();
                said.push(format!("and {rest} more"));
            }
            let (rows, are) = match rows {
                1 => ("1 row".to_owned(), "is"),
                n => (format!("{n} rows"), "are"),
            };
            format!(
                "{file}: {rows} {are} refused, and the others are read: {}; compare with the file as published",
                said.join("; ")
            )
        })
    }
}

/// `lines 2 to 9, 12`: the lines of some rows, or their rows in a format without lines. Rows that follow each other are one run,
/// though a cell of theirs may take several lines.
fn lines(places: &[Place]) -> String {
    let without = places.iter().any(|p| p.line == 0);
    let number = |p: &Place| if without { p.row } else { p.line };
    let mut rows: Vec<(u32, u32)> = places.iter().map(|p| (p.row, number(p))).collect();
    rows.sort_unstable();
    rows.dedup();
    // The last row of a run, and the numbers that it begins and ends with.
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (row, number) in &rows {
        match runs.last_mut() {
            Some((before, _, last)) if *before + 1 == *row => (*before, *last) = (*row, *number),
            _ => runs.push((*row, *number, *number)),
        }
    }
    let run = |(_, first, last): &(u32, u32, u32)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    let shown: Vec<String> = runs.iter().take(SHOWN).map(run).collect();
    let more = if runs.len() > SHOWN { ", …" } else { "" };
    let named = match (without, rows.len()) {
        (true, 1) => "row",
        (true, _) => "rows",
        (false, 1) => "line",
        (false, _) => "lines",
    };
    format!("{named} {}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: u32, value: &str) -> ReadError {
        let place = Place { file: "t.csv".into(), line, row: line - 1 };
        ReadError::Value {
            place: Box::new(place),
            column: "day".into(),
            value: value.into(),
            expected: "a day".into(),
        }
    }

    #[test]
    fn refused_rows_are_counted_and_named() {
        let mut refused = Refused::default();
        for line in [9, 2, 3, 4, 8, 11] {
            refused.add(value(line, "0")).unwrap();
        }
        refused.add(value(20, "x")).unwrap();
        let notes: Vec<String> = refused.notes().collect();
        assert_eq!(
            notes,
            [
                "t.csv: 7 rows are refused, and the others are read: day is \"0\" and not a day (lines 2 to 4, 8, 9, 11); day is \"x\" and not a day (line 20); compare with the file as published"
            ]
        );
        let damaged = ReadError::Broken { file: "t.csv".into(), reason: String::new() };
        assert!(refused.add(damaged).is_err());
    }
}
