//! Events on disk: immutable sorted Parquet files by source and month, counts beside them, and one manifest that is swapped.
//!
//! ```text
//! manifest.json                                   what there is, with sizes, hashes and spans
//! events/source=gdelt2/month=2018-01/HASH.parquet one row for each version of each event, in the order of ids
//! counts/source=gdelt2/month=2018-01/HASH.parquet sums by day, day of knowing, actor, target
//! taken/source=gdelt2/HASH.parquet                the files that were taken in, with what became of their lines
//! ```
//!
//! **Whole or not at all.** An add writes new files, then swaps the manifest (write, fsync, rename). Until the swap the old store is whole;
//! after it the new one is. What a killed add left is never named and is swept by the next.
//!
//! **Versions.** Two rows of one id are versions of one event. Each is kept with when it was known; at any time the version known last stands.
//! Of two that were known at the same time the one with the longer report stands, then the one with the greater hash: the same whatever order
//! files come in. A row that is there already (same id, time and words) changes nothing.
//!
//! **Counts** are sums of whole numbers to which an add adds rows (and takes away what a correction replaces), so that they come to the same
//! whether they are kept up or made anew.

mod add;
mod change;
mod compact;
mod events;
mod kept;
mod manifest;
mod segment;
mod taken;
mod versions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use comity_record::store::disk::{Disk, System};

pub use add::Added;
pub use events::Filter;
pub use taken::Taken;

use crate::counts::Counts;
use crate::counts::daily::{Ask, Daily};
use crate::error::Error;
use crate::place::Place;
use manifest::{Entry, Held, Manifest};

/// A store of events.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    wait: Duration,
    threads: usize,
}

/// What a store has of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Versions of events.
    pub versions: u64,
    /// The first and the last day of them; none without events.
    pub days: Option<(i32, i32)>,
    /// When the first and the last of them were known.
    pub known: Option<(i64, i64)>,
    /// Files that were taken in.
    pub files: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Files that these bytes are in.
    pub parts: usize,
}

impl Store {
    /// The store in `folder`, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        let threads = comity_record::parallel::threads(usize::MAX);
        let (disk, wait) = (Arc::new(System), Duration::from_secs(10));
        Self { folder: folder.into(), disk, wait, threads }
    }

    /// The same on another disk: tests let it fail.
    #[must_use]
    pub fn on(mut self, disk: Arc<dyn Disk>) -> Self {
        self.disk = disk;
        self
    }

    /// The same, waiting so long for another writer before it is refused.
    #[must_use]
    pub fn waiting(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// The same with so many threads. Results do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a store.
    pub fn exists(&self) -> bool {
        self.manifest_path().exists()
    }

    fn manifest_path(&self) -> PathBuf {
        self.folder.join("manifest.json")
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        if !self.exists() {
            return Err(Error::NoStore { path: self.folder.clone() });
        }
        Manifest::read(&self.manifest_path())
    }

    /// What it has, by source.
    ///
    /// # Errors
    /// No store, or a damaged one.
    pub fn sources(&self) -> Result<BTreeMap<String, About>, Error> {
        let manifest = self.manifest()?;
        let about = manifest.sources.into_iter().map(|(name, held)| {
            let files = &held.events;
            let span = |a: Option<(i64, i64)>, (from, to): (i64, i64)| {
                Some(a.map_or((from, to), |a| (a.0.min(from), a.1.max(to))))
            };
            let wide = |(a, b): (i32, i32)| (i64::from(a), i64::from(b));
            let days = files.iter().fold(None, |all, e| span(all, wide(e.days)));
            let about = About {
                versions: files.iter().map(|e| e.rows).sum(),
                days: days.map(|(a, b)| (a as i32, b as i32)),
                known: files.iter().fold(None, |all, e| span(all, e.known)),
                files: held.taken.iter().map(|e| e.rows).sum(),
                bytes: held.files().map(|e| e.bytes).sum(),
                parts: held.files().count(),
            };
            (name, about)
        });
        Ok(about.collect())
    }

    /// Checks every file against its size and hash. The answer is what is wrong.
    ///
    /// # Errors
    /// No store, or a manifest that is damaged.
    pub fn verify(&self) -> Result<Vec<Error>, Error> {
        let manifest = self.manifest()?;
        let entries: Vec<&Entry> = manifest.sources.values().flat_map(Held::files).collect();
        let check = |entry: &&Entry| {
            let path = self.folder.join(&entry.file);
            match comity_record::plain_file::read(&path, entry.bytes) {
                Ok(bytes) if comity_record::sha256(&bytes) == entry.sha256 => None,
                Ok(_) => {
                    let reason = format!("its SHA-256 is not {}", entry.sha256);
                    Some(Error::Damaged { path, reason })
                }
                Err(e) => Some(Error::Damaged { path, reason: e.to_string() }),
            }
        };
        let found = comity_record::parallel::side_by_side(&entries, || (), |(), e| check(e));
        Ok(found.into_iter().flatten().collect())
    }

    /// The counts of a source over days (both ends are in).
    ///
    /// # Errors
    /// No such source; files that are damaged.
    pub fn counts(&self, source: &str, from: i32, to: i32) -> Result<Counts, Error> {
        let manifest = self.manifest()?;
        let held = kept::source(&manifest, source)?;
        kept::read(self, held, from, to, self.threads)
    }

    /// The counts of pairs of states of a source; only the columns that are asked for are read.
    ///
    /// # Errors
    /// Those of [`Store::counts`].
    pub fn daily(&self, source: &str, place: &dyn Place, ask: &Ask<'_>) -> Result<Daily, Error> {
        let manifest = self.manifest()?;
        kept::daily(self, kept::source(&manifest, source)?, source, place, ask)
    }

    /// The counts of a source made anew from its events: those of [`Store::counts`], if all is well.
    ///
    /// # Errors
    /// Those of [`Store::counts`].
    pub fn counts_anew(&self, source: &str, from: i32, to: i32) -> Result<Counts, Error> {
        let manifest = self.manifest()?;
        let held = kept::source(&manifest, source)?;
        versions::counts_anew(self, held, from, to)
    }
}
