//! What can be wrong with a published file, said once and with the way out.

use std::fmt;
use std::path::PathBuf;

/// A place in a published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File name without its folder.
    pub file: String,
    /// Line in the file, counted from 1 (the header is line 1); 0 in a format without lines.
    pub line: u32,
    /// Row of data, counted from 1 (the header is not one).
    pub row: u32,
}

impl Place {
    /// Where it is in its own file: `on line 5`, `in row 4`.
    pub fn within(&self) -> String {
        match self.line {
            0 => format!("in row {}", self.row),
            line => format!("on line {line}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Formats with columns instead of lines have rows only.
        match self.line {
            0 => write!(f, "{} row {}", self.file, self.row),
            line => write!(f, "{} line {line} (row {})", self.file, self.row),
        }
    }
}

/// Why a published file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}; check that it exists and that you may read it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than any known dataset.
    #[error("{} holds {bytes} bytes, more than the {cap} that a dataset file may hold; name the right file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size accepted.
        cap: u64,
    },
    /// A pipe, a device, a folder.
    #[error("{} is not a plain file (it is a folder, a pipe or a device); save what it holds as a file, and name that", path.display())]
    NotPlain {
        /// As it was named.
        path: PathBuf,
    },
    /// The file comes to more than any known dataset.
    #[error("{file} is not read: it {reason}")]
    TooMuch {
        /// The file, with the place inside it.
        file: String,
        /// Which limit was met, and what to do.
        reason: String,
    },
    /// A column in a form that is not read.
    #[error("{file}, column {column}: {reason}")]
    Unread {
        /// The file, with the place inside it.
        file: String,
        /// The column.
        column: String,
        /// What it is, and what to do.
        reason: String,
    },
    /// A column that must be there and is not.
    #[error(
        "{file}: the column {column} is missing{near}; it is not read: give the file as its publisher has it"
    )]
    NoColumn {
        /// The file, with the place inside it.
        file: String,
        /// The column.
        column: String,
        /// In brackets, the columns of the file whose names are most like it; empty: none.
        near: String,
    },
    /// Rows with one cell more than the header from the first on.
    #[error(
        "{place}: {} cells where the header has {columns}; R writes names of rows so: write the table with row.names = FALSE, or put a name before the first of its columns", columns + 1
    )]
    RowNames {
        /// The first row.
        place: Box<Place>,
        /// Columns in the header.
        columns: usize,
    },
    /// An archive or a file in the format of a statistics program that cannot be opened.
    #[error("{file} cannot be opened: {reason}; download it again from its publisher")]
    Broken {
        /// The file, with the place inside it.
        file: String,
        /// What was seen.
        reason: String,
    },
    /// A file of which nothing is left to read.
    #[error(
        "{file} is not read: {reason}; nothing of it is in the record: download it again from its publisher"
    )]
    NoRows {
        /// The files.
        file: String,
        /// What became of its rows.
        reason: String,
    },
    /// An archive that is past a cap, or locked.
    #[error(
        "{file} is not unpacked: {reason}; unpack it by hand and add the file of the dataset that is in it"
    )]
    NotUnpacked {
        /// The file, with the place inside it.
        file: String,
        /// What was seen.
        reason: String,
    },
    /// The bytes are no text in an encoding that is read.
    #[error("{file} is not a table in text: {reason}; save it as CSV in UTF-8")]
    NotText {
        /// The file.
        file: String,
        /// What was seen.
        reason: String,
    },
    /// What is wrong with a table of the user's own.
    #[error("{place}: {reason}; {help}")]
    Own {
        /// The file, and the line where there is one.
        place: String,
        /// What is wrong, with the value.
        reason: String,
        /// What to do about it.
        help: &'static str,
    },
    /// A table that the record does not have.
    #[error("there is no table `{table}`; `comity record info` lists those there are")]
    NoTable {
        /// As it was requested.
        table: String,
    },
    /// The header is not usable.
    #[error("{file} line 1: {reason}; download the file again from its publisher")]
    Header {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A row has another number of cells than the header.
    #[error(
        "{place}: {found} cells where the header has {expected}; the file is cut off or was edited: download it again from its publisher"
    )]
    Cells {
        /// Where.
        place: Box<Place>,
        /// Cells in the row.
        found: usize,
        /// Columns in the header.
        expected: usize,
    },
    /// A cell holds what its column cannot hold.
    #[error(
        "{place}, column {column}: \"{value}\" is not {expected}; compare with the file as published"
    )]
    Value {
        /// Where.
        place: Box<Place>,
        /// The column.
        column: String,
        /// The cell as published (shortened).
        value: String,
        /// What the codebook allows.
        expected: String,
    },
    /// A date that is in no calendar.
    #[error(
        "{place}, columns {columns}: {value} is not a date that exists; compare with the file as published"
    )]
    NoSuchDate {
        /// Where.
        place: Box<Place>,
        /// The columns it was put together from.
        columns: String,
        /// The date as published.
        value: String,
    },
    /// A spell that ends before it begins.
    #[error(
        "{place}: the spell ends ({end}) before it begins ({start}); compare with the file as published"
    )]
    Backwards {
        /// Where.
        place: Box<Place>,
        /// Its beginning.
        start: String,
        /// Its end.
        end: String,
    },
    /// The same key twice.
    #[error(
        "{place}: {key} stands already {first}; a row was doubled: remove one, or download the file again"
    )]
    Repeated {
        /// Where the second one is.
        place: Box<Place>,
        /// The key.
        key: String,
        /// Where the first one is: `on line 5`.
        first: String,
    },
    /// A key that stands for two different things.
    #[error(
        "{place}: {key} ({what}) is another one in {first}; one of the two rows is wrong: compare both with the file as published, and remove it"
    )]
    Another {
        /// Where the second one is.
        place: Box<Place>,
        /// The key.
        key: String,
        /// What it is here, in a phrase.
        what: String,
        /// Where the first one is, and what it is there.
        first: String,
    },
    /// A row that refers to a row that another file of the dataset lacks.
    #[error(
        "{place}: {key} is not in {other}; the two files are of different releases, or one is cut off: download both again"
    )]
    Orphan {
        /// Where.
        place: Box<Place>,
        /// The key that leads nowhere.
        key: String,
        /// The file that should hold it.
        other: String,
    },
    /// One file of a dataset without the others it needs.
    #[error(
        "{dataset} {version}: the {missing} file is missing ({have} is here); add it in the same command. {help}"
    )]
    MissingFile {
        /// The dataset.
        dataset: String,
        /// The version.
        version: String,
        /// What the missing file is.
        missing: String,
        /// What was found.
        have: String,
        /// How it is recognised, and where it is published.
        help: String,
    },
    /// A selection without the whole that it was taken from.
    #[error(
        "{file} holds {what}, a selection of the {role} file of {dataset}; what it leaves out would look as if it had never been: add the whole, and select from it"
    )]
    Selection {
        /// The file.
        file: String,
        /// What is selected.
        what: String,
        /// Of which file.
        role: String,
        /// The dataset with its version.
        dataset: String,
    },
    /// Two different files for one place in a dataset.
    #[error(
        "{dataset}: {first} and {second} are both its {role} file and differ; name only one of them"
    )]
    TwoFiles {
        /// The dataset.
        dataset: String,
        /// What both are.
        role: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A known dataset in a version that is not declared, and not newer than those that are.
    #[error(
        "{file}: this is {dataset}, in version {version}, which is not known here (known: {known}) and {why}; what it covers is not known, so it is not read"
    )]
    UnknownVersion {
        /// The file.
        file: String,
        /// The dataset.
        dataset: String,
        /// The version as the file says it.
        version: String,
        /// Those that are known.
        known: String,
        /// Why it is not taken for a newer one.
        why: String,
    },
    /// A row that is marked as of another edition than its file.
    #[error(
        "{place}, column {column}: \"{value}\" is another version than {version}, of which the file is; rows of two editions make no dataset: download it again from its publisher"
    )]
    MixedVersions {
        /// Where.
        place: Box<Place>,
        /// The column.
        column: String,
        /// The mark of the row.
        value: String,
        /// The version that the file is of.
        version: String,
    },
    /// A row of a year that its edition does not reach.
    #[error(
        "{place}, column {column}: {year} is after {last_year}, the last year of {source_id}, as which the file is marked; its mark or its rows are of another edition: compare with the file as published"
    )]
    BeyondEdition {
        /// Where.
        place: Box<Place>,
        /// The column.
        column: String,
        /// The year.
        year: i32,
        /// The dataset with its version.
        source_id: String,
        /// The last year of that edition.
        last_year: i32,
    },
    /// Fewer rows than were published.
    #[error(
        "{file}: {rows} rows where {dataset} was published with {published}; the file is cut off or filtered, and its silence would be taken for peace: download it again from {url}"
    )]
    CutShort {
        /// The file.
        file: String,
        /// The dataset with its version.
        dataset: String,
        /// Rows found.
        rows: usize,
        /// Rows published.
        published: usize,
        /// Where to get it.
        url: String,
    },
}

impl ReadError {
    /// The same about a table of the user's own, which has no publisher: it is mended in place.
    pub(crate) fn of_own_file(self) -> Self {
        const CORRECT: &str = "correct it in your file and add it again";
        const SAVE: &str = "save your file again, as CSV in UTF-8";
        let own = |place: String, reason: String, help| Self::Own { place, reason, help };
        match self {
            Self::Broken { file, reason } => own(file, format!("cannot be opened: {reason}"), SAVE),
            Self::NotUnpacked { file, reason } => own(
                file,
                format!("is not unpacked: {reason}"),
                "unpack it by hand and add the table in it",
            ),
            Self::Header { file, reason } => own(format!("{file} line 1"), reason, CORRECT),
            Self::Cells { place, found, expected } => {
                let reason = format!("{found} cells where the header has {expected}");
                own(place.to_string(), reason, CORRECT)
            }
            Self::Value { place, column, value, expected } => {
                let reason = format!("\"{value}\" is not {expected}");
                own(format!("{place}, column {column}"), reason, CORRECT)
            }
            Self::Backwards { place, start, end } => {
                let reason = format!("the spell ends ({end}) before it begins ({start})");
                own(place.to_string(), reason, CORRECT)
            }
            Self::Repeated { place, key, first } => {
                own(place.to_string(), format!("{key} stands already {first}"), CORRECT)
            }
            other => other,
        }
    }
}
