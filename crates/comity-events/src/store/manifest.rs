//! The manifest: what a store holds, swapped whole.

use std::collections::BTreeMap;
use std::path::Path;

use comity_record::{plain_file, sha256};
use serde::{Deserialize, Serialize};

use crate::error::{Error, io};

/// The format that this program writes.
pub(crate) const FORMAT_VERSION: u32 = 1;
/// The most bytes of a manifest: that of ten billion events has some twenty million.
const MOST: u64 = 512 * 1024 * 1024;

/// One file of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The partition: months since the year 0.
    pub month: i32,
    /// Where it is, below the store's folder.
    pub file: String,
    pub rows: u64,
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The least and the greatest id.
    pub ids: (u64, u64),
    /// When its rows were known, first and last.
    pub known: (i64, i64),
    /// Their first and last day.
    pub days: (i32, i32),
}

/// One source of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub(crate) struct Held {
    /// Months that a partition has.
    pub months: i32,
    /// Whether counts are kept apart by the place of the events.
    pub by_location: bool,
    /// Rows that are further versions of an event.
    #[serde(default)]
    pub further: u64,
    pub events: Vec<Entry>,
    pub counts: Vec<Entry>,
    /// The files that were taken in.
    pub taken: Vec<Entry>,
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub format_version: u32,
    /// SHA-256 of the manifest's own text with this value left empty: no byte of it changes unseen.
    #[serde(default)]
    pub checksum: String,
    /// How often the store was changed.
    pub changes: u64,
    pub sources: BTreeMap<String, Held>,
    /// Files that the last change replaced: readers may still be at them. The next change takes them away.
    #[serde(default)]
    pub replaced: Vec<String>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format_version: FORMAT_VERSION,
            checksum: String::new(),
            changes: 0,
            sources: BTreeMap::new(),
            replaced: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    format_version: Option<u32>,
    checksum: Option<String>,
}

fn field(value: &str) -> String {
    format!("\"checksum\":\"{value}\"")
}

impl Manifest {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = plain_file::read(path, MOST).map_err(io("cannot read", path))?;
        let wrong = |line, reason: String| Error::Manifest { path: path.to_owned(), line, reason };
        let text =
            std::str::from_utf8(&bytes).map_err(|_| wrong(1, "it is not UTF-8 text".into()))?;
        let damaged = |e: serde_json::Error| wrong(e.line().max(1), e.to_string());
        let head: Head = serde_json::from_str(text).map_err(damaged)?;
        match head.format_version {
            Some(found) if found > FORMAT_VERSION => {
                let (path, known) = (path.to_owned(), FORMAT_VERSION);
                return Err(Error::NewerFormat { path, found, known });
            }
            Some(1) => {}
            found => return Err(wrong(1, format!("its format is {found:?}"))),
        }
        let stated = head.checksum.unwrap_or_default();
        let is = sha256(text.replacen(&field(&stated), &field(""), 1).as_bytes());
        if is != stated {
            return Err(wrong(1, format!("its checksum is {is}, it should be {stated}")));
        }
        let manifest: Self = serde_json::from_str(text).map_err(damaged)?;
        let names = manifest.sources.values().flat_map(Held::files).map(|e| &e.file);
        for name in names.chain(&manifest.replaced) {
            if name.starts_with(['/', '\\']) || name.contains("..") || name.contains(':') {
                return Err(wrong(1, format!("`{}` is no file of a store", name.escape_debug())));
            }
        }
        Ok(manifest)
    }

    /// The manifest as it is written.
    pub(crate) fn to_text(&self) -> Result<String, Error> {
        let current =
            Self { format_version: FORMAT_VERSION, checksum: String::new(), ..self.clone() };
        let text = serde_json::to_string(&current).map_err(|e| Error::TooLarge {
            what: format!("a manifest that cannot be written ({e})"),
        })?;
        let sum = sha256(text.as_bytes());
        Ok(text.replacen(&field(""), &field(&sum), 1))
    }
}

impl Held {
    /// All files of the source.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Entry> {
        self.events.iter().chain(&self.counts).chain(&self.taken)
    }
}
