//! Reading the published datasets where they lie, and the starter's tables, for comparison.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::util::display::array_value_to_string;
use comity_datasets::starter;
use comity_record::coverage::Coverage;

/// One row as text, by column; a missing cell is empty.
pub type Row = BTreeMap<String, String>;

/// The folder of the published datasets. Tests that need it are ignored where it is absent (`build/published.rs`).
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// The path of a published file or folder.
pub fn path(name: &str) -> PathBuf {
    let path = PathBuf::from(DATA).join(name);
    assert!(path.exists(), "{} does not exist, and this test reads it", path.display());
    path
}

/// Reads a published CSV file, whatever its encoding; `NA` and `.` are missing.
pub fn read(name: &str) -> Vec<Row> {
    let bytes = std::fs::read(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let text: String = match String::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(e) => e.into_bytes().iter().map(|b| char::from(*b)).collect(),
    };
    parse(&text, name)
}

/// One published comparison of General Assembly votes, of one state with every other; wide and long, so not as rows.
pub struct Comparison {
    /// The state compared with.
    pub with: i32,
    /// Its column names.
    pub header: Vec<String>,
    /// One record per roll call.
    pub records: Vec<csv::StringRecord>,
}

/// The two comparisons there are, of Argentina and of Turkey.
pub fn comparisons() -> Vec<Comparison> {
    let mut files = Vec::new();
    for ccode in [160, 640] {
        let bytes = std::fs::read(path(&format!("unga-votes/pairwise_vs_{ccode}.csv")));
        let text = String::from_utf8_lossy(&bytes.expect("a file that can be read")).into_owned();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").iter().map(Into::into).collect();
        let records = reader.records().map(|r| r.expect("a record")).collect();
        files.push(Comparison { with: ccode, header, records });
    }
    files
}

/// The year of a recorded vote in a comparison: its date's, since the column `year` is the session's in a few rows.
pub fn year_of(header: &[String], record: &csv::StringRecord) -> i32 {
    let cell = |name: &str| header.iter().position(|h| h == name).and_then(|i| record.get(i));
    let year = |text: &str| text.get(..4).and_then(|t| t.parse().ok());
    cell("date").and_then(year).or_else(|| cell("year").and_then(year)).expect("a year")
}

/// The keys of a table whose difference from the published data is explained in `starter/differences.csv`.
pub fn explained(table: &str) -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/starter/differences.csv");
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let rows = parse(&text, path).into_iter().filter(|r| r["table"] == table);
    rows.map(|r| r["key"].clone()).collect()
}

fn parse(text: &str, name: &str) -> Vec<Row> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().unwrap_or_else(|e| panic!("{name}: {e}")).clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap_or_else(|e| panic!("{name}: {e}"));
        let cell = |v: &str| match v.trim() {
            "NA" | "." => String::new(),
            v => v.to_owned(),
        };
        rows.push(header.iter().zip(&record).map(|(h, v)| (h.to_owned(), cell(v))).collect());
    }
    rows
}

/// One table of one source of the starter.
pub fn starter_table(source: &str, table: &str) -> Vec<Row> {
    let batch = starter::table(source, table);
    let schema = batch.schema();
    (0..batch.num_rows())
        .map(|row| {
            schema
                .fields()
                .iter()
                .zip(batch.columns())
                .map(|(field, column)| {
                    let text = array_value_to_string(column, row).unwrap_or_default();
                    (field.name().clone(), text)
                })
                .collect()
        })
        .collect()
}

/// What a source of the starter claims to cover.
pub fn coverage(source: &str, table: &str) -> Vec<Coverage> {
    let sources = starter::sources();
    let found = sources.iter().find(|s| s.id == source);
    let source = found.unwrap_or_else(|| panic!("the starter has no source {source}"));
    source.coverage.iter().filter(|c| c.table == table).cloned().collect()
}

/// A whole number in a row; null where it is missing.
pub fn whole(row: &Row, column: &str) -> Option<i32> {
    let text = row.get(column).unwrap_or_else(|| panic!("no column {column}"));
    // Published codes come as `710` and as `710.0`.
    text.split('.').next()?.parse().ok()
}

/// A whole number that must be there.
pub fn number(row: &Row, column: &str) -> i32 {
    whole(row, column).unwrap_or_else(|| panic!("{column} is missing in {row:?}"))
}

/// The years in which each state is in the system, by the starter.
pub fn system() -> BTreeMap<i32, Vec<(i32, i32)>> {
    let mut spells: BTreeMap<i32, Vec<(i32, i32)>> = BTreeMap::new();
    for row in starter_table("starter-system", "states") {
        let end = whole(&row, "end_year").unwrap_or(9999);
        spells.entry(number(&row, "ccode")).or_default().push((number(&row, "start_year"), end));
    }
    spells
}

/// Whether a state is in the system in some part of a year.
pub fn in_system(system: &BTreeMap<i32, Vec<(i32, i32)>>, ccode: i32, year: i32) -> bool {
    system.get(&ccode).is_some_and(|s| s.iter().any(|(a, b)| (*a..=*b).contains(&year)))
}
