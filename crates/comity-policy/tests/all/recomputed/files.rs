//! Published files as rows of named cells, and days.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};

/// A year, month and day.
pub type Day = (i32, i32, i32);

/// Later than every day.
pub const OPEN: Day = (9999, 12, 31);

/// One file.
pub struct Table {
    name: String,
    columns: BTreeMap<String, usize>,
    records: Vec<ByteRecord>,
}

/// One row of it.
pub struct Row<'a> {
    table: &'a Table,
    record: &'a ByteRecord,
}

/// A file of `../shared/data`.
pub fn shared(path: &str) -> Table {
    Table::read(&data(path), b',')
}

/// The same, with semicolons.
pub fn semicolons(path: &str) -> Table {
    Table::read(&data(path), b';')
}

fn data(path: &str) -> PathBuf {
    crate::published::folder().join(path)
}

/// A file of the facts that ship with the program.
pub fn starter(path: &str) -> Table {
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../comity-datasets/starter");
    Table::read(&facts.join(path), b',')
}

impl Table {
    fn read(path: &Path, delimiter: u8) -> Self {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .comment(Some(b'#'))
            .from_path(path)
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let heads = reader.byte_headers().unwrap().clone();
        let columns = heads
            .iter()
            .enumerate()
            .map(|(i, h)| {
                let head = String::from_utf8_lossy(h);
                (head.trim_start_matches('\u{feff}').trim().to_string(), i)
            })
            .collect();
        let records = reader.byte_records().map(Result::unwrap).collect();
        Self { name: path.display().to_string(), columns, records }
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
}

impl Row<'_> {
    /// The cell as text.
    pub fn text(&self, column: &str) -> String {
        let at = self.table.columns.get(column);
        let at = at.unwrap_or_else(|| panic!("{} has no column {column}", self.table.name));
        String::from_utf8_lossy(&self.record[*at]).trim().to_string()
    }

    /// The cell as a number; empty is none.
    pub fn number(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() || text == "NA" || text == "." {
            return None;
        }
        Some(text.parse().unwrap_or_else(|_| panic!("{}: {column} is {text}", self.table.name)))
    }

    /// The cell as a whole number, as it stands: missing codes are negative.
    pub fn int(&self, column: &str) -> Option<i32> {
        #[allow(clippy::cast_possible_truncation, reason = "codes and years")]
        self.number(column).map(|n| n as i32)
    }

    /// The cell as a whole number; empty is -9.
    pub fn code(&self, column: &str) -> i32 {
        self.int(column).unwrap_or(-9)
    }

    /// The first day that three cells can mean: an unknown month or day is the first.
    pub fn first_day(&self, [year, month, day]: [&str; 3]) -> Day {
        (self.code(year), self.code(month).max(1), self.code(day).max(1))
    }

    /// The last day that three cells can mean: an unknown month or day is the last.
    pub fn last_day(&self, [year, month, day]: [&str; 3]) -> Day {
        let or = |n: i32, last: i32| if n > 0 { n } else { last };
        (self.code(year), or(self.code(month), 12), or(self.code(day), 31))
    }
}

/// The part of a spell that lies in a year.
pub fn within((from, to): (Day, Day), year: i32) -> (Day, Day) {
    (from.max((year, 1, 1)), to.min((year, 12, 31)))
}

/// The days that two spells share.
pub fn shared_days(a: (Day, Day), b: (Day, Day)) -> Option<(Day, Day)> {
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    (from <= to).then_some((from, to))
}
