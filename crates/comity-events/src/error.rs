//! What can go wrong with event files and their store.

use std::path::PathBuf;

/// The way out of a full disk.
fn room(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::StorageFull => {
            "; nothing was changed: free some space, or keep the store on another disk"
        }
        _ => "",
    }
}

/// An error of events: what, where, and the way out.
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
    /// A file that is of none of the formats.
    #[error("{file} is no event file that is known here: {reason}; known are {known}", known = crate::read::KNOWN)]
    Unrecognised {
        /// The file.
        file: String,
        /// What was found instead.
        reason: String,
    },
    /// A file that cannot be read to its end.
    #[error("{file}{at}: {reason}", at = line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Broken {
        /// The file.
        file: String,
        /// The line, from 1, where one is known.
        line: Option<u64>,
        /// What is wrong, and the way out.
        reason: String,
    },
    /// Rows that were handed in and cannot be kept.
    #[error("row {row} of {source_name}: {reason}")]
    Row {
        /// The source.
        source_name: String,
        /// Which row, from 1.
        row: u64,
        /// What is wrong, and the way out.
        reason: String,
    },
    /// A name that no source can have.
    #[error("`{name}` cannot name a source: use small letters, digits and hyphens, at most 60")]
    Name {
        /// As given.
        name: String,
    },
    /// A source that the store does not have.
    #[error("the store has no events of `{name}`; it has {has}")]
    NoSource {
        /// As requested.
        name: String,
        /// What there is.
        has: String,
    },
    /// The folder is no store.
    #[error("{} holds no events: it has no manifest.json; adding a file makes it", path.display())]
    NoStore {
        /// The folder.
        path: PathBuf,
    },
    /// The manifest cannot be understood.
    #[error("{}, line {line}: the manifest is damaged: {reason}; put back a copy of it, or make the store anew from its files", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Line in the file.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The store was written by a newer program.
    #[error("{} has format {found}, this program reads up to {known}: use a newer comity", path.display())]
    NewerFormat {
        /// The manifest.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest format that this program reads.
        known: u32,
    },
    /// A file of the store is not what the manifest says.
    #[error("{} is damaged: {reason}; restore the file, or make the store anew from the published files", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// Another program is writing to the store.
    #[error("{} is being written by another comity: wait for it to end and try again", path.display())]
    Locked {
        /// The store.
        path: PathBuf,
    },
    /// More than a store takes at once.
    #[error("{what} is not taken in: its dates are damaged, or it is to be split")]
    TooMany {
        /// What there is too much of.
        what: String,
    },
    /// Sums that no number can hold.
    #[error("the sums of {what} are larger than a number can be")]
    TooLarge {
        /// Of what.
        what: String,
    },
    /// Rows could not be put together.
    #[error("rows could not be put together: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
}

/// An error of the system at a path.
pub(crate) fn io(
    action: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.into();
    move |source| Error::Io { action, path, source }
}
