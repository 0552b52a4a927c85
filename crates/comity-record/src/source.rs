//! Sources: one published dataset in one version, where it comes from, and how it stands to others.

use std::collections::BTreeMap;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;

/// How a source stands to the sources of *other* datasets in the same family.
///
/// Sources of the same dataset are always versions of each other: the newest answers unless another is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// An alternative account: one of the rivals answers, the others become readings.
    Rival,
    /// Adds what the others do not hold: united with them; on an equal key the earlier in baseline order stays.
    Complement,
    /// The starter inside the program: answers only where no other source of the family covers.
    Starter,
    /// Facts inside the program that published lists leave out by what they are about: they stand beside whatever answers.
    Beside,
    /// Rows laid over a record in memory: they stand beside all others in every reading. Never stored.
    Layer,
}

/// One published file that a source was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// File name without its folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// The roles in its dataset that it fills alone, so that another file with one of them takes its place; none: it is one of
    /// many, or an older program wrote this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fills: Vec<String>,
    /// Whether the record keeps a copy, so that a further file of the dataset is read together with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// Where it was read; no part of what the file is.
    #[serde(skip)]
    pub location: Location,
}

impl SourceFile {
    /// Whether it is one of the files of a source.
    pub(crate) fn among(&self, source: &Source) -> bool {
        source.files.iter().any(|other| other.sha256 == self.sha256)
    }
}

/// Where a file was read. All are equal: the place of a file does not matter.
#[derive(Debug, Clone, Default)]
pub struct Location {
    /// The file.
    pub path: Option<PathBuf>,
    /// The source of the record that it is a file of so far, where it is the record's copy.
    pub was: Option<String>,
}

impl PartialEq for Location {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Location {}

/// One source: its origin, its standing and its coverage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `dataset-version`, for example `atop-4.01`; unique in a record.
    pub id: String,
    /// The dataset without its version: `pacts` of `pacts-4.1`.
    pub dataset: String,
    /// Version as the publisher writes it.
    pub version: String,
    /// Full title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
    /// How to cite it.
    pub citation: String,
    /// Licence or terms.
    pub licence: String,
    /// Where to get it.
    pub url: String,
    /// Per family it writes to: how it stands to other datasets there.
    pub relations: BTreeMap<String, Relation>,
    /// The files it was read from.
    pub files: Vec<SourceFile>,
    /// The day it was added, `YYYY-MM-DD` (not part of the fingerprint).
    pub added: String,
    /// What it covers.
    pub coverage: Vec<Coverage>,
    /// What a reader of a verdict must know: mended records, unmapped codes, exceptions.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Whether this version was not yet compared with its publisher's description: it is newer, and read as the newest that is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreviewed: bool,
    /// Codes and names that match no state of the system at the time, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unplaced: Vec<Unplaced>,
}

impl Source {
    /// Its id for people, with a mark where the version was not reviewed: `pacts-6.0 (not yet reviewed)`.
    pub fn label(&self) -> String {
        labelled(&self.id, self.unreviewed)
    }
}

/// The id of a source for people.
pub fn labelled(id: &str, unreviewed: bool) -> String {
    if unreviewed { format!("{id} (not yet reviewed)") } else { id.to_owned() }
}

/// A code or name that could not be placed on a `ccode`: its rows are kept without that state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unplaced {
    /// The canonical table.
    pub table: String,
    /// The published column.
    pub column: String,
    /// The code or name as published.
    pub code: String,
    /// How many rows have it.
    pub rows: usize,
}

/// A source with its rows, as a reader or the starter delivers it.
///
/// Each table appears once, in its canonical schema with `source` and `source_row` filled in.
#[derive(Debug, Clone)]
pub struct SourceBundle {
    /// Where the rows come from.
    pub source: Source,
    /// Canonical table name and rows.
    pub tables: Vec<(&'static str, RecordBatch)>,
}

impl SourceBundle {
    /// The rows of one table, if the source writes to it.
    pub fn table(&self, name: &str) -> Option<&RecordBatch> {
        self.tables.iter().find(|(t, _)| *t == name).map(|(_, b)| b)
    }
}
