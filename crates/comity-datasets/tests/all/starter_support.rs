//! What the comparison tests share: the published files, read in place, and the differences that are explained.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::{Array, RecordBatch};
use arrow::util::display::array_value_to_string;

/// The rows of a published file by column name; any line end, Latin-1 or UTF-8.
pub fn rows(path: &PathBuf, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).unwrap();
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(|h| h.trim().into()).collect();
    reader
        .records()
        .map(|r| header.iter().cloned().zip(r.unwrap().iter().map(|c| c.trim().into())).collect())
        .collect()
}

/// A whole number in a published cell.
pub fn number(row: &BTreeMap<String, String>, column: &str) -> i32 {
    let cell = row.get(column).map_or("", String::as_str);
    cell.parse::<f64>().map_or(0, |v| v as i32)
}

/// `YYYY-MM-DD` from three published columns.
pub fn date(row: &BTreeMap<String, String>, columns: [&str; 3]) -> String {
    let [y, m, d] = columns.map(|c| number(row, c));
    format!("{y:04}-{m:02}-{d:02}")
}

/// The cells of a starter table as text, null as the empty text.
pub fn starter(source: &str, table: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let batch: RecordBatch = comity_datasets::starter::table(source, table);
    let arrays: Vec<_> = columns.iter().map(|c| batch.column_by_name(c).unwrap()).collect();
    (0..batch.num_rows())
        .map(|row| {
            arrays
                .iter()
                .map(|a| {
                    if a.is_null(row) {
                        String::new()
                    } else {
                        array_value_to_string(a, row).unwrap()
                    }
                })
                .collect()
        })
        .collect()
}

/// The keys of `starter/differences.csv` for a table and dataset.
pub fn explained(table: &str, dataset: &str) -> BTreeSet<String> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/starter/differences.csv"));
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(file).unwrap();
    reader
        .records()
        .map(Result::unwrap)
        .filter(|r| &r[0] == table && &r[4] == dataset)
        .map(|r| {
            assert!(r[5].len() > 10, "a difference needs its reason: {r:?}");
            r[1].to_owned()
        })
        .collect()
}
