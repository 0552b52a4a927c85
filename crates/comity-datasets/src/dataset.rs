//! What a dataset declares: who publishes it, which files it has, which versions are known, and how it is mapped.

use std::sync::Arc;

use comity_record::coverage::Coverage;
use comity_record::source::Relation;

use crate::codes::Places;
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Missing, Sheet};
use crate::text::Cells;

/// One published dataset: everything the program knows about it.
pub struct Dataset {
    /// Its id, for example `atop`; a source is this and the version.
    pub id: &'static str,
    /// Full title.
    pub title: &'static str,
    /// Publisher.
    pub publisher: &'static str,
    /// How to cite it.
    pub citation: &'static str,
    /// Licence or terms.
    pub licence: &'static str,
    /// Its page, for people.
    pub url: &'static str,
    /// How its files are got.
    pub get: Get,
    /// How it stands to other datasets, per family of tables.
    pub relations: &'static [(&'static str, Relation)],
    /// Under which name it is proposed, where it is one of several that are got together; none: its id.
    pub proposed_as: Option<&'static str>,
    /// The canonical tables that it fills, where people look for an answer.
    pub tables: &'static [&'static str],
    /// The families in which it answers where rivals differ; of complements, its row stands where two hold the same key.
    pub baseline: &'static [&'static str],
    /// The files it consists of.
    pub files: &'static [FileKind],
    /// The versions that are known, oldest first.
    pub editions: &'static [Edition],
    /// What it covers, by edition; a table that was not written (an optional file is missing) loses its coverage.
    pub coverage: fn(&Edition) -> Vec<Coverage>,
    /// From the published files to canonical rows.
    pub map: fn(&Files, &mut Output) -> Result<(), ReadError>,
}

impl std::fmt::Debug for Dataset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Dataset").field(&self.id).finish()
    }
}

impl Dataset {
    /// Whether what a file of a kind says may depend on which other files of the dataset are there.
    pub fn reads_together(&self, kind: &FileKind) -> bool {
        let others = self.files.iter().filter(|k| !matches!(k.need, Need::Nothing(_)));
        !kind.apart && (kind.many || others.count() > 1)
    }

    /// The rows that a role has in an edition, with the edition that was counted: itself, or else the newest
    /// one before it. A dataset grows from one release to the next; one with fewer rows was cut off.
    pub fn least_rows(&self, edition: &Edition, role: &str) -> Option<(&'static str, usize)> {
        let upto = self.editions.iter().position(|e| e.version == edition.version)?;
        let counted = |e: &'static Edition| {
            let rows = e.rows.iter().find(|(r, _)| *r == role)?.1;
            Some((e.version, rows))
        };
        self.editions[..=upto].iter().rev().find_map(counted)
    }
}

/// How the files of a dataset are got from their publisher.
#[derive(Debug, Clone, Copy)]
pub enum Get {
    /// They can be downloaded as they are.
    Files(&'static [Download]),
    /// A site wants a form filled in or a choice made: what to do by hand, in a sentence.
    ByHand(&'static str),
}

/// One file at its publisher's.
#[derive(Debug, Clone, Copy)]
pub struct Download {
    /// Its address (https).
    pub url: &'static str,
    /// Its SHA-256 in hexadecimal, where the published file never changes.
    pub sha256: Option<&'static str>,
}

/// Whether a file must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The dataset cannot be read without it.
    Required,
    /// It adds tables.
    Optional,
    /// It is known and holds nothing to read, for the reason given.
    Nothing(&'static str),
}

/// From a broken text to the mended one and what was done; none if nothing was broken.
pub type Mend = fn(&str) -> Option<(String, String)>;

/// A selection of rows that is released beside the whole.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// What it is, for example `the alliances without pure pacts of non-aggression`.
    pub what: &'static str,
    /// Whether a whole table is one.
    pub is: fn(&Cells) -> bool,
}

/// The mark of an edition, read off a table.
pub type Mark = fn(&Cells) -> Option<String>;

/// Whether the first rows of a file, as many as were looked at, are of this kind.
pub type RowTest = fn(&Cells) -> bool;

/// One kind of file of a dataset, recognised by its header, and by its rows only where another has the same header.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a file, on its own")]
pub struct FileKind {
    /// What it is, for example `alliance level`.
    pub role: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// The columns of its header in lower case (blanks inside a name are underscores), separated by blanks, in any order.
    pub columns: &'static str,
    /// Further columns that it may or may not have.
    pub optional: &'static str,
    /// Whether columns that are not named are taken as well (very wide files).
    pub open: bool,
    /// The column that says the version; none: the dataset has one edition.
    pub version: Option<&'static str>,
    /// Whether that column differs within a file, which is of the greatest that stands in it (sessions; the version in which a row was
    /// last changed).
    pub running: bool,
    /// Whether its name says what it is of: the same table under two names is two tables.
    pub named: bool,
    /// Reads the mark of the edition off the table, where no column says it.
    pub mark: Option<Mark>,
    /// Tells a selection that its publisher releases beside the whole, under the same header: it is left out with these words.
    pub selection: Option<Selection>,
    /// The columns that hold its years: the last of them is the last year that an edition covers which is newer than those known. Of a
    /// file that says no version they also decide which edition it is of. Empty: `year`, where the file has a version and that column.
    pub years: &'static str,
    /// The edition that alone has files with this header.
    pub edition: Option<&'static str>,
    /// The codes that stand for "missing".
    pub missing: &'static [Missing],
    /// Whether a file with CR line ends that is not UTF-8 is Mac Roman.
    pub mac: bool,
    /// Mends what is broken in copies of the file that go around: the text mended, and what was done.
    pub mend: Option<Mend>,
    /// Editions that take it in as well: where one of them is there, it is read into that and no more on its own.
    pub joins: &'static [&'static str],
    /// `RowTest` it from another file with the same header by its first rows.
    pub row_test: Option<RowTest>,
    /// Whether its header may stand below other lines (titles, notes), within the first thirty.
    pub below: bool,
    /// Whether several files with different rows may be there, one after the other (a file a day, a file a year).
    pub many: bool,
    /// Whether its rows are the same whatever other files of the dataset are there: a record keeps no copy of it.
    pub apart: bool,
    /// Whether it has no header line: `columns` are its columns in order, and this recognises it by its first rows.
    pub bare: Option<RowTest>,
}

impl FileKind {
    /// The columns it must have.
    pub fn wanted(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split_whitespace()
    }

    /// Whether a column is one of those that are known of it.
    pub fn names(&self, column: &str) -> bool {
        self.wanted().chain(self.optional.split_whitespace()).any(|known| known == column)
    }

    /// The columns that hold its years.
    pub(crate) fn year_columns(&self) -> impl Iterator<Item = &'static str> {
        let usual = self.years.is_empty() && self.version.is_some() && self.names("year");
        let named = if usual { "year" } else { self.years };
        named.split_whitespace()
    }

    /// The usual file: required, one header, its version in `version`, nothing to mend.
    pub const fn new(role: &'static str, columns: &'static str) -> Self {
        Self {
            role,
            need: Need::Required,
            columns,
            optional: "",
            open: false,
            version: Some("version"),
            running: false,
            named: false,
            mark: None,
            selection: None,
            years: "",
            edition: None,
            missing: &[],
            mac: false,
            mend: None,
            joins: &[],
            row_test: None,
            below: false,
            many: false,
            apart: false,
            bare: None,
        }
    }
}

/// One version of a dataset.
#[derive(Debug, Clone, Copy)]
pub struct Edition {
    /// As the publisher writes it.
    pub version: &'static str,
    /// When it was released: a year, a month (`2025-06`) or a day, as precisely as is sure. Where its publisher gives no date: when a
    /// copy of it was first known. Of a dataset that grows without numbers: when it began to be published.
    pub released: &'static str,
    /// What the version column holds.
    pub marks: &'static [&'static str],
    /// The last year it covers.
    pub last_year: i32,
    /// Rows as published, or as many as there must be at least, per role: a file with fewer is cut off.
    pub rows: &'static [(&'static str, usize)],
}

/// The files of one dataset that were found, parsed.
#[derive(Debug)]
pub struct Files {
    pub(crate) edition: Edition,
    pub(crate) sheets: Vec<(&'static str, Sheet)>,
    pub(crate) places: Arc<Places>,
}

impl Files {
    /// The edition that is read: of one that is newer than those known, the newest of these with the last year of its own.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Who is a state, and which codes stand for it.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The file of a role, if it is there; a required one always is.
    pub fn get(&self, role: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|(r, _)| *r == role).map(|(_, s)| s)
    }

    /// The rows of the file of a role, or of all its files where there may be many; none if it is not there.
    pub fn rows(&self, role: &str) -> impl Iterator<Item = crate::row::Row<'_>> {
        self.all(role).flat_map(Sheet::rows)
    }

    /// Every file of a role.
    pub fn all(&self, role: &str) -> impl Iterator<Item = &Sheet> {
        self.sheets.iter().filter(move |(r, _)| *r == role).map(|(_, s)| s)
    }

    /// The name of the file of a role, for messages.
    pub fn name<'a>(&'a self, role: &'a str) -> &'a str {
        self.get(role).map_or(role, Sheet::file)
    }
}
