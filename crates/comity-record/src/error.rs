//! What can go wrong with a record.

use std::path::PathBuf;

/// The way out of a full disk.
fn room(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::StorageFull => {
            "; free some space, or keep the record on another disk (`--record DIR`)"
        }
        _ => "",
    }
}

/// An error of a record: what, where, and the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be used.
    #[error("{action} {}: {source}{}", path.display(), room(source))]
    Io {
        /// What was being done, for example "cannot read".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A change is made, and the system could not say that it is on the disk.
    #[error("{} is written, but the system does not confirm that it is on the disk ({source}): a power loss may undo it", path.display())]
    Unconfirmed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder is no record.
    #[error("{} holds no record: it has no manifest.json; `comity record add PATH… --record {}` makes one", path.display(), path.display())]
    NoRecord {
        /// The folder.
        path: PathBuf,
    },
    /// The manifest cannot be understood.
    #[error("{}, line {line}: the manifest is damaged: {reason}; `comity record undo` brings back the one before", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Line in the file.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The record was written by a newer program.
    #[error("{} has format {found}, this program reads up to {known}: use a newer comity", path.display())]
    NewerFormat {
        /// The manifest.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest format that this program reads.
        known: u32,
    },
    /// A file of the record is not what the manifest says.
    #[error("{} is damaged: {reason}; remove its source and add it again, or restore the file (`comity record verify` lists every damaged file)", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// Another program is writing to the record.
    #[error("{} is being written by another comity: wait for it to end and try again", path.display())]
    Locked {
        /// The record.
        path: PathBuf,
    },
    /// There is nothing to bring back.
    #[error("{} has no earlier manifest to bring back", path.display())]
    NothingToUndo {
        /// The record.
        path: PathBuf,
    },
    /// A source that is not in the record.
    #[error("the record has no source `{id}`{hint}")]
    NoSource {
        /// As requested.
        id: String,
        /// What there is instead, as a phrase.
        hint: String,
    },
    /// A family that no table belongs to.
    #[error("there is no family of tables `{family}`; the families are {known}")]
    NoFamily {
        /// As requested.
        family: String,
        /// The families.
        known: String,
    },
    /// A table that is not canonical.
    #[error("there is no canonical table `{0}`")]
    NoTable(String),
    /// A column that a table does not have, or that holds another type.
    #[error("`{table}` has no column `{column}` that holds such a value")]
    NoColumn {
        /// The canonical table.
        table: String,
        /// As requested.
        column: String,
    },
    /// Two sources of one id.
    #[error("the source `{0}` is given twice")]
    TwiceGiven(String),
    /// Files of a source that adding others would take out of the record.
    #[error(
        "{id} is in the record with {lost}, whose rows would be lost, for {replaced} is given anew without {lost}; add all files of the dataset together, or take it out first (`comity record remove {id}`)"
    )]
    WouldLose {
        /// The source.
        id: String,
        /// The files whose rows would be lost.
        lost: String,
        /// The files that new ones take the place of.
        replaced: String,
    },
    /// Rows of a further file that contradict those in the record.
    #[error(
        "{id} cannot be extended: {reason}; add all files of the dataset together, or take it out first (`comity record remove {id}`)"
    )]
    Contradicts {
        /// The source.
        id: String,
        /// The row, the column and both values.
        reason: String,
    },
    /// A source whose rows are not in the canonical schema.
    #[error("{source_id} gives `{table}` in another shape than the canonical one: {reason}")]
    Shape {
        /// The source.
        source_id: String,
        /// The table.
        table: String,
        /// What differs.
        reason: String,
    },
    /// A table that was handed to a query could not be made.
    #[error("{0}")]
    NotMade(String),
    /// Rows could not be put together.
    #[error("rows could not be put together: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
}
