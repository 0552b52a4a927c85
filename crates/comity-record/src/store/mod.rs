//! The record on disk: immutable files named by content, and one manifest that is swapped.
//!
//! A change writes its new files first, then keeps the manifest of before under `history/`, then swaps the
//! manifest (write, fsync, rename). Until the swap the old record is whole; after it the new one is.

mod file;
mod kept;
mod manifest;
mod plan;
mod unite;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use file::TableFile;
pub use file::parquet;
pub use kept::Kept;
pub use manifest::FORMAT_VERSION;
use manifest::{Manifest, Stored};
use plan::{Planned, plan};

use crate::error::Error;
use crate::record::{Record, Rows, check_shape};
use crate::schema;
use crate::source::{Source, SourceBundle};

/// The environment variable that names a record folder.
pub const VARIABLE: &str = "COMITY_RECORD";

/// How many earlier manifests are kept for `undo`.
const KEPT: usize = 20;

/// A record folder.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    /// Tests let a change fail before its n-th step, as a crash or a full disk would.
    #[cfg(test)]
    fail_before: std::rc::Rc<std::cell::Cell<Option<usize>>>,
}

/// What a change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Ids of sources that are new.
    pub added: Vec<String>,
    /// Ids of sources that took the place of an older state of themselves.
    pub replaced: Vec<String>,
    /// Ids of sources whose rows stay beside those of further files.
    pub extended: Vec<String>,
    /// Ids of sources that say what they said.
    pub unchanged: Vec<String>,
    /// Ids of sources that are gone.
    pub removed: Vec<String>,
    /// Of the sources that were extended: the rows of each table that were there before and are kept.
    pub kept: BTreeMap<String, BTreeMap<String, usize>>,
}

/// What became of one source that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// Its rows stand beside those that were there.
    Extended,
    /// It took the place of an older state of itself.
    Replaced,
    /// It says what it said.
    Unchanged,
}

impl Change {
    /// What became of a source that was added; none: it was not among them.
    pub fn outcome(&self, id: &str) -> Option<Outcome> {
        let among = |ids: &[String]| ids.iter().any(|i| i == id);
        [
            (&self.added, Outcome::Added),
            (&self.extended, Outcome::Extended),
            (&self.replaced, Outcome::Replaced),
            (&self.unchanged, Outcome::Unchanged),
        ]
        .into_iter()
        .find_map(|(ids, outcome)| among(ids).then_some(outcome))
    }
}

/// One file that is not what the manifest says.
#[derive(Debug)]
pub struct BadFile {
    /// The source it belongs to.
    pub source: String,
    /// The table.
    pub table: String,
    /// What is wrong.
    pub error: Error,
}

/// What `verify` found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Files that are as they should be.
    pub good: usize,
    /// Files that are not.
    pub bad: Vec<BadFile>,
}

impl Store {
    /// The store in `folder`, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            #[cfg(test)]
            fail_before: std::rc::Rc::default(),
        }
    }

    /// Where a record lies unless told otherwise: `COMITY_RECORD`, else the user's data folder.
    pub fn default_folder() -> PathBuf {
        let set = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        if let Some(folder) = set(VARIABLE) {
            return folder;
        }
        let data = if cfg!(windows) {
            set("APPDATA")
        } else if cfg!(target_os = "macos") {
            set("HOME").map(|h| h.join("Library/Application Support"))
        } else {
            set("XDG_DATA_HOME").or_else(|| set("HOME").map(|h| h.join(".local/share")))
        };
        data.unwrap_or_else(|| PathBuf::from(".")).join("comity").join("record")
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a record.
    pub fn exists(&self) -> bool {
        self.manifest_path().exists()
    }

    fn manifest_path(&self) -> PathBuf {
        self.folder.join("manifest.json")
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        if !self.exists() {
            return Err(Error::NoRecord { path: self.folder.clone() });
        }
        Manifest::read(&self.manifest_path())
    }

    /// Opens the record, with the starter beside what the folder holds. Rows are read when asked for.
    pub fn open(&self) -> Result<Record, Error> {
        let manifest = self.manifest()?;
        let mut parts = Vec::new();
        for stored in manifest.sources {
            let mut tables = Vec::new();
            for entry in &stored.tables {
                let table = schema::table(&entry.table);
                let table = table.ok_or_else(|| Error::NoTable(entry.table.clone()))?;
                if entry.file.contains(['/', '\\']) || entry.file.contains("..") {
                    return Err(Error::Damaged {
                        path: self.manifest_path(),
                        reason: format!(
                            "`{}` is no name of a table file",
                            entry.file.escape_debug()
                        ),
                    });
                }
                tables.push((table.name, Rows::File(TableFile::new(&self.folder, entry))));
            }
            parts.push((stored.source, tables));
        }
        Ok(Record::of_folder(parts, manifest.preferences, &self.folder))
    }

    /// Adds sources, all of them or none. Where a source of that id is there, its files that are not among the new ones keep
    /// their rows, or a new file takes the place of each of them in the dataset.
    ///
    /// # Errors
    /// Files that would be lost, rows that contradict those in the record, and what a disk can do.
    pub fn add(&self, bundles: &[SourceBundle]) -> Result<Change, Error> {
        for bundle in bundles {
            check_shape(bundle)?;
        }
        self.change(|manifest, change| {
            let (planned, told) = plan(&self.folder, manifest, bundles)?;
            *change = told;
            manifest.sources.retain(|s| !change.removed.contains(&s.source.id));
            for Planned { mut source, tables } in planned {
                self.keep(&mut source)?;
                let mut entries = Vec::new();
                for (name, rows) in tables {
                    entries.push(match rows {
                        plan::Rows::Stored(entry) => entry,
                        plan::Rows::New(rows) => {
                            self.step("table")?;
                            file::write(&self.folder, name, &rows)?
                        }
                    });
                }
                entries.sort_by(|a, b| a.table.cmp(&b.table));
                manifest.sources.retain(|s| s.source.id != source.id);
                manifest.sources.push(Stored { source, tables: entries });
            }
            manifest.sources.sort_by(|a, b| a.source.id.cmp(&b.source.id));
            Ok(())
        })
    }

    /// What [`Store::add`] would do; nothing is written, and there need be no record yet.
    ///
    /// # Errors
    /// Those that adding would meet before it writes.
    pub fn would_add(&self, bundles: &[SourceBundle]) -> Result<Change, Error> {
        for bundle in bundles {
            check_shape(bundle)?;
        }
        let manifest = if self.exists() { self.manifest()? } else { Manifest::default() };
        plan(&self.folder, &manifest, bundles).map(|(_, change)| change)
    }

    /// Takes a source out.
    pub fn remove(&self, id: &str) -> Result<Change, Error> {
        self.manifest()?;
        self.change(|manifest, change| {
            let Some(at) = manifest.sources.iter().position(|s| s.source.id == id) else {
                let of = |alike: &dyn Fn(&Source) -> bool| -> Vec<&str> {
                    let sources = manifest.sources.iter().map(|s| &s.source);
                    sources.filter(|s| alike(s)).map(|s| s.id.as_str()).collect()
                };
                let ids = of(&|_| true);
                let versions = of(&|s| s.dataset == id);
                let hint = if !versions.is_empty() {
                    format!("; a source has its version in its id: {}", versions.join(", "))
                } else if ids.is_empty() {
                    "; it has none but the starter".to_owned()
                } else if id.starts_with("starter") {
                    "; the starter is part of the program".to_owned()
                } else {
                    format!("; there are: {}", ids.join(", "))
                };
                return Err(Error::NoSource { id: id.to_owned(), hint });
            };
            manifest.sources.remove(at);
            change.removed.push(id.to_owned());
            Ok(())
        })
    }

    /// Makes a dataset or source the baseline of a family; none: back to the default.
    pub fn prefer(&self, family: &str, choice: Option<&str>) -> Result<Change, Error> {
        self.manifest()?;
        if let Some(choice) = choice {
            self.open()?.reading_with(&[(family, choice)])?;
        }
        self.change(|manifest, _| {
            match choice {
                Some(c) => manifest.preferences.baseline.insert(family.to_owned(), c.to_owned()),
                None => manifest.preferences.baseline.remove(family),
            };
            Ok(())
        })
    }

    /// Brings back the manifest before the last change, and says what that changed.
    pub fn undo(&self) -> Result<Change, Error> {
        let mut history = self.history()?;
        if !self.exists() && history.is_empty() {
            return Err(Error::NoRecord { path: self.folder.clone() });
        }
        let _lock = self.lock()?;
        // A damaged manifest is one of the reasons to undo: it then counts as empty.
        let now = self.manifest().unwrap_or_default();
        // A crash just before the swap leaves a manifest in the history that says what still is.
        while let Some(last) = history.last()
            && Manifest::read(last).is_ok_and(|m| m.says_the_same(&now))
        {
            let _ = fs::remove_file(last);
            history.pop();
        }
        let Some(last) = history.last() else {
            return Err(Error::NothingToUndo { path: self.folder.clone() });
        };
        let before = Manifest::read(last)?;
        let text = fs::read(last).map_err(|source| Error::Io {
            action: "cannot read",
            path: last.clone(),
            source,
        })?;
        self.step("swap")?;
        file::write_whole(&self.manifest_path(), &text)?;
        let _ = fs::remove_file(last);
        let ids = |m: &Manifest| m.sources.iter().map(|s| s.source.id.clone()).collect::<Vec<_>>();
        let (was, is) = (ids(&now), ids(&before));
        Ok(Change {
            added: is.iter().filter(|i| !was.contains(i)).cloned().collect(),
            removed: was.iter().filter(|i| !is.contains(i)).cloned().collect(),
            replaced: before
                .sources
                .iter()
                .filter(|s| now.sources.iter().any(|n| n.source.id == s.source.id && n != *s))
                .map(|s| s.source.id.clone())
                .collect(),
            ..Change::default()
        })
    }

    /// Checks every file against its hash and its schema.
    pub fn verify(&self) -> Result<Verified, Error> {
        let mut verified = Verified::default();
        for stored in self.manifest()?.sources {
            for entry in &stored.tables {
                let table = schema::table(&entry.table);
                let read = table
                    .ok_or_else(|| Error::NoTable(entry.table.clone()))
                    .and_then(|t| TableFile::new(&self.folder, entry).read(t))
                    .and_then(|rows| {
                        if rows.num_rows() == entry.rows {
                            return Ok(());
                        }
                        let reason = format!(
                            "it has {} rows, the manifest says {}",
                            rows.num_rows(),
                            entry.rows
                        );
                        Err(Error::Damaged {
                            path: self.folder.join("tables").join(&entry.file),
                            reason,
                        })
                    });
                match read {
                    Ok(()) => verified.good += 1,
                    Err(error) => verified.bad.push(BadFile {
                        source: stored.source.id.clone(),
                        table: entry.table.clone(),
                        error,
                    }),
                }
            }
        }
        Ok(verified)
    }

    fn change(
        &self,
        edit: impl FnOnce(&mut Manifest, &mut Change) -> Result<(), Error>,
    ) -> Result<Change, Error> {
        let _lock = self.lock()?;
        let existed = self.exists();
        let before = if existed { self.manifest()? } else { Manifest::default() };
        let (mut after, mut change) = (before.clone(), Change::default());
        let made = edit(&mut after, &mut change).and_then(|()| {
            if existed && after.says_the_same(&before) {
                Ok(())
            } else {
                self.swap(existed.then_some(&before), &after)
            }
        });
        // What a failed change wrote, or a good one replaced, is named by no manifest now. The disk is asked which
        // manifest stands: a swap may fail after its rename.
        if let Ok(stands) = self.manifest() {
            self.sweep(&stands);
        }
        made.map(|()| change)
    }

    /// Keeps the manifest of before, then puts the new one in its place.
    fn swap(&self, before: Option<&Manifest>, after: &Manifest) -> Result<(), Error> {
        if let Some(before) = before {
            self.step("history")?;
            let next = self.history()?.last().and_then(|p| number(p)).unwrap_or(0) + 1;
            let path = self.folder.join("history").join(format!("{next:06}.json"));
            file::write_whole(&path, before.to_text().as_bytes())?;
        }
        self.step("swap")?;
        let swapped = file::write_whole(&self.manifest_path(), after.to_text().as_bytes());
        let stands = |m: &Manifest| self.manifest().is_ok_and(|now| now.says_the_same(m));
        if swapped.is_err() && before.is_some_and(stands) {
            // The history must not say that something happened which did not.
            if let Some(last) = self.history()?.last() {
                let _ = fs::remove_file(last);
            }
        }
        swapped
    }

    /// Earlier manifests, oldest first.
    fn history(&self) -> Result<Vec<PathBuf>, Error> {
        let folder = self.folder.join("history");
        let listed = match fs::read_dir(&folder) {
            Ok(listed) => listed,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::Io { action: "cannot list", path: folder, source }),
        };
        let mut paths: Vec<PathBuf> =
            listed.filter_map(|e| Some(e.ok()?.path())).filter(|p| number(p).is_some()).collect();
        paths.sort();
        Ok(paths)
    }

    /// Forgets the oldest manifests, and removes files that none names: what a crash left, what was replaced.
    fn sweep(&self, now: &Manifest) {
        let Ok(history) = self.history() else { return };
        let (old, kept) = history.split_at(history.len().saturating_sub(KEPT));
        for path in old {
            let _ = fs::remove_file(path);
        }
        let mut named: Vec<String> =
            now.sources.iter().flat_map(|s| s.tables.iter().map(|t| t.file.clone())).collect();
        let mut earlier = Vec::new();
        for path in kept {
            // A manifest that cannot be read may name anything: then nothing is swept.
            let Ok(manifest) = Manifest::read(path) else { return };
            named.extend(
                manifest.sources.iter().flat_map(|s| s.tables.iter().map(|t| t.file.clone())),
            );
            earlier.push(manifest);
        }
        self.sweep_copies(std::iter::once(now).chain(&earlier));
        let Ok(files) = fs::read_dir(self.folder.join("tables")) else { return };
        for file in files.filter_map(Result::ok) {
            let unnamed = file.file_name().to_str().is_some_and(|n| !named.iter().any(|f| f == n));
            if unnamed {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Two writers do not meet: the second is told at once.
    fn lock(&self) -> Result<fs::File, Error> {
        let io = |action, path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { action, path, source }
        };
        for name in ["tables", "history"] {
            let folder = self.folder.join(name);
            fs::create_dir_all(&folder).map_err(io("cannot make the folder", &folder))?;
        }
        let path = self.folder.join("lock");
        let file = fs::File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(io("cannot write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Locked { path: self.folder.clone() }),
            Err(fs::TryLockError::Error(e)) => Err(io("cannot lock", &path)(e)),
        }
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "tests let it fail")]
    fn step(&self, _name: &str) -> Result<(), Error> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self, name: &str) -> Result<(), Error> {
        match self.fail_before.get() {
            Some(0) => Err(Error::Io {
                action: "cannot write",
                path: name.into(),
                source: std::io::Error::from(std::io::ErrorKind::StorageFull),
            }),
            Some(n) => {
                self.fail_before.set(Some(n - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn number(path: &Path) -> Option<u64> {
    (path.extension()? == "json").then_some(())?;
    path.file_stem()?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests;
