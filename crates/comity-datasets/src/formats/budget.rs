//! What one file may come to, whatever it says of itself: the limits of all formats, in one place.
//!
//! Each format counts what it makes (unpacked bytes, values, cells, rows) against the budget of its file before it makes room for it. What
//! is past a limit is refused as a whole, with the limit in the message.

use std::fmt;

/// Bytes that one file may unpack to, all its members together; also the largest file.
pub const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Members of one archive.
pub const MAX_MEMBERS: usize = 2_000;
/// Archives inside archives.
pub const MAX_NESTED: usize = 3;
/// How many times larger than its file a member may be, past `FREE_UNPACKED` bytes.
pub const MAX_RATIO: u64 = 250;
/// Bytes that are unpacked whatever the ratio.
pub const FREE_UNPACKED: u64 = 256 * 1024 * 1024;
/// Bytes of the values that are made of one file.
const MAX_MADE: usize = 1024 * 1024 * 1024;
/// Cells of one file: each takes eight bytes at most, its text apart.
const MAX_CELLS: usize = 128 * 1024 * 1024;
/// Rows of one table.
const MAX_ROWS: usize = 64 * 1024 * 1024;
/// Cells of one line of text.
pub(crate) const MAX_COLUMNS: usize = 32 * 1024;
/// Bytes of one line of text.
pub(crate) const MAX_LINE: usize = 16 * 1024 * 1024;
/// Objects inside objects.
pub(super) const MAX_DEPTH: usize = 48;
/// Rows of all tables that are made of one dataset.
pub(crate) const MAX_WRITTEN: usize = 32 * 1024 * 1024;

/// Which limit was met; it reads on after the name of what is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooMuch {
    Bytes,
    Cells,
    Rows,
    Columns,
    Line,
    Depth,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MB: usize = 1024 * 1024;
        const ALONE: &str = "save the table alone, as CSV";
        match self {
            Self::Bytes => write!(
                f,
                "comes to more than {} MB, which no dataset of the field does; {ALONE}",
                MAX_MADE / MB
            ),
            Self::Cells => write!(
                f,
                "has more cells than any dataset of the field ({MAX_CELLS}); remove cells far from its table, or {ALONE}"
            ),
            Self::Rows => {
                write!(f, "has more rows than any dataset of the field ({MAX_ROWS}); {ALONE}")
            }
            Self::Columns => write!(
                f,
                "has more than {MAX_COLUMNS} cells in one line, which no table of the field has; remove the delimiters at its end"
            ),
            Self::Line => write!(
                f,
                "has a line of more than {} MB, which no table has; check that its lines end and its quotes close",
                MAX_LINE / MB
            ),
            Self::Depth => {
                write!(f, "has objects more than {MAX_DEPTH} deep in each other; {ALONE}")
            }
        }
    }
}

impl From<TooMuch> for String {
    fn from(limit: TooMuch) -> Self {
        format!("it {limit}")
    }
}

/// What is left for one file.
#[derive(Debug)]
pub(crate) struct Budget {
    unpacked: u64,
    made: usize,
    cells: usize,
}

impl Budget {
    /// For a file of which nothing was read yet.
    pub(crate) fn of_file() -> Self {
        Self { unpacked: MAX_UNPACKED, made: MAX_MADE, cells: MAX_CELLS }
    }

    /// The most that so many packed bytes may unpack to.
    pub(super) fn most_of(&self, packed: usize) -> u64 {
        (packed as u64).saturating_mul(MAX_RATIO).max(FREE_UNPACKED).min(self.unpacked)
    }

    /// Counts unpacked bytes, which were no more than [`Budget::most_of`] said.
    pub(super) fn unpacked(&mut self, bytes: u64) {
        self.unpacked = self.unpacked.saturating_sub(bytes);
    }

    /// Counts bytes of values.
    pub(crate) fn made(&mut self, bytes: usize) -> Result<(), TooMuch> {
        self.made = self.made.checked_sub(bytes).ok_or(TooMuch::Bytes)?;
        Ok(())
    }

    /// Counts cells; the empty ones too.
    pub(crate) fn cells(&mut self, cells: usize) -> Result<(), TooMuch> {
        self.cells = self.cells.checked_sub(cells).ok_or(TooMuch::Cells)?;
        Ok(())
    }

    /// Counts the cells of a table before they are made.
    pub(super) fn table(&mut self, rows: usize, columns: usize) -> Result<(), TooMuch> {
        Self::rows(rows)?;
        self.cells(rows.saturating_mul(columns))
    }

    /// Whether a table may have so many rows.
    pub(crate) fn rows(rows: usize) -> Result<(), TooMuch> {
        if rows > MAX_ROWS { Err(TooMuch::Rows) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_met_once_and_says_which() {
        let mut budget = Budget::of_file();
        assert_eq!(budget.made(MAX_MADE), Ok(()));
        assert_eq!(budget.made(1), Err(TooMuch::Bytes));
        assert_eq!(budget.table(MAX_ROWS, 2), Ok(()));
        assert_eq!(budget.cells(1), Err(TooMuch::Cells));
        assert_eq!(Budget::of_file().table(usize::MAX, usize::MAX), Err(TooMuch::Rows));
        assert_eq!(Budget::of_file().table(MAX_ROWS, usize::MAX), Err(TooMuch::Cells));
        budget.unpacked(MAX_UNPACKED - 10);
        assert_eq!((budget.most_of(1), budget.most_of(usize::MAX)), (10, 10));
        assert!(String::from(TooMuch::Line).starts_with("it has a line of more than 16 MB"));
    }
}
