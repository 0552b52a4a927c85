//! The record on disk: immutable files named by content, and one manifest that is swapped.
//!
//! A change writes its new files first, then keeps the manifest of before under `history/`, then swaps the
//! manifest (write, fsync, rename). Until the swap the old record is whole; after it the new one is.

mod change;
pub mod disk;
mod file;
mod kept;
mod manifest;
mod packed;
mod plan;
mod unite;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use change::{Change, Outcome};
use disk::{Disk, is_plain, make_folders, odd};
pub use file::parquet;
use file::{Entry, TableFile};
use kept::Copies;
pub use kept::Kept;
pub use manifest::FORMAT_VERSION;
use manifest::{Manifest, Stored};
pub use packed::Packed;
use plan::{Planned, plan};

use crate::catalogue::Catalogue;
use crate::data::TableData;
use crate::error::Error;
use crate::hex::is_sha256;
use crate::plain_file;
use crate::record::Record;
use crate::schema::{self, Table};
use crate::source::{Source, SourceBundle};
use crate::temporary::Temporary;

/// The environment variable that names a record folder.
pub const VARIABLE: &str = "COMITY_RECORD";

/// How many earlier manifests are kept for `undo`.
const KEPT: usize = 20;

/// A record folder.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    catalogue: Arc<Catalogue>,
    disk: Arc<dyn Disk>,
    /// Tests let a change fail before its n-th step, as a crash or a full disk would.
    #[cfg(test)]
    fail_before: std::rc::Rc<std::cell::Cell<Option<usize>>>,
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
    /// The store in `folder`, which need not exist yet; records are opened with the base record of the catalogue.
    pub fn at(folder: impl Into<PathBuf>, catalogue: &Arc<Catalogue>) -> Self {
        Self {
            folder: folder.into(),
            catalogue: Arc::clone(catalogue),
            disk: Arc::new(disk::System),
            #[cfg(test)]
            fail_before: std::rc::Rc::default(),
        }
    }

    /// Where a record is by default: `COMITY_RECORD`, else the user's data folder.
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

    /// Whether there is a record. A folder that may not be looked into counts as one: opening it then says why it cannot be read.
    pub fn exists(&self) -> bool {
        self.manifest_path().try_exists().unwrap_or(true)
    }

    fn is_of_base(&self, id: &str) -> bool {
        self.catalogue.base().is_some_and(|base| base.sources().iter().any(|s| s.id == id))
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

    /// Opens the record, with the base record of the catalogue beside what the folder holds. Rows are read when needed.
    pub fn open(&self) -> Result<Record, Error> {
        let manifest = self.manifest()?;
        let mut parts = Vec::new();
        for stored in manifest.sources {
            let mut tables = Vec::new();
            for entry in &stored.tables {
                let (table, file) = self.table_file(entry)?;
                tables.push((table.name, Arc::new(file) as Arc<dyn TableData>));
            }
            parts.push((stored.source, tables));
        }
        Ok(Record::of_folder(parts, manifest.preferences, &self.folder, &self.catalogue))
    }

    /// Adds sources, all of them or none. Where a source of that id is there, its files that are not among the new ones keep
    /// their rows, or a new file takes the place of each of them in the dataset.
    ///
    /// # Errors
    /// Files that would be lost, rows that contradict those in the record, and what a disk can do.
    pub fn add(&self, bundles: &[SourceBundle]) -> Result<Change, Error> {
        self.add_packed(&packed(bundles)?)
    }

    /// The same with rows that are packed already.
    ///
    /// # Errors
    /// Those of [`Store::add`].
    pub fn add_packed(&self, sources: &[Packed]) -> Result<Change, Error> {
        self.change(|manifest, change| {
            let (planned, made) = plan(&self.folder, manifest, sources)?;
            *change = made;
            manifest.sources.retain(|s| !change.removed.contains(&s.source.id));
            let (mut copies, mut new) = (Vec::new(), Vec::new());
            for Planned { mut source, tables } in planned {
                copies.extend(self.copies().wanted(&mut source));
                let mut entries = Vec::new();
                for (_, rows) in tables {
                    entries.push(match rows {
                        plan::Rows::Stored(entry) => entry,
                        plan::Rows::New(table) => {
                            self.step("table")?;
                            let entry = table.entry.clone();
                            new.push(table);
                            entry
                        }
                    });
                }
                entries.sort_by(|a, b| a.table.cmp(&b.table));
                manifest.sources.retain(|s| s.source.id != source.id);
                manifest.sources.push(Stored { source, tables: entries });
            }
            manifest.sources.sort_by(|a, b| a.source.id.cmp(&b.source.id));
            self.copies().write(copies)?;
            file::write(&*self.disk, &self.folder, &new)
        })
    }

    /// What [`Store::add`] would do; nothing is written, and there need be no record yet.
    ///
    /// # Errors
    /// Those that adding would meet before it writes.
    pub fn would_add(&self, bundles: &[SourceBundle]) -> Result<Change, Error> {
        self.would_add_packed(&packed(bundles)?)
    }

    /// The same with rows that are packed already.
    ///
    /// # Errors
    /// Those of [`Store::would_add`].
    pub fn would_add_packed(&self, sources: &[Packed]) -> Result<Change, Error> {
        let manifest = if self.exists() { self.manifest()? } else { Manifest::default() };
        plan(&self.folder, &manifest, sources).map(|(_, change)| change)
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
                } else if self.is_of_base(id) {
                    "; it is part of the program".to_owned()
                } else if ids.is_empty() {
                    "; it has none of its own".to_owned()
                } else {
                    format!("; there are: {}", ids.join(", "))
                };
                return Err(Error::NoSource { id: id.to_owned(), hint });
            };
            manifest.sources.remove(at);
            change.removed.push(id.to_owned());
            Ok(Vec::new())
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
            Ok(Vec::new())
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
            let _ = self.disk.remove(last);
            history.pop();
        }
        let Some(last) = history.last() else {
            return Err(Error::NothingToUndo { path: self.folder.clone() });
        };
        let before = Manifest::read(last)?;
        let text = plain_file::read(last, manifest::MOST).map_err(|source| Error::Io {
            action: "cannot read",
            path: last.clone(),
            source,
        })?;
        self.step("swap")?;
        let warnings = confirmed(file::write_whole(&*self.disk, &self.manifest_path(), &text))?;
        if warnings.is_empty() {
            // A power loss may still bring back the later manifest: then this one must be there to go back to.
            let _ = self.disk.remove(last);
        }
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
            warnings,
            ..Change::default()
        })
    }

    /// Checks every file against its hash and its schema: those of the record, and those that `undo` would bring back.
    pub fn verify(&self) -> Result<Verified, Error> {
        let mut verified = Verified::default();
        let mut seen = BTreeSet::new();
        self.verify_tables(&self.manifest()?, "", &mut seen, &mut verified);
        for path in self.history()?.iter().rev() {
            let place = path.file_name().unwrap_or_default().to_string_lossy();
            match Manifest::read(path) {
                Ok(manifest) => {
                    verified.good += 1;
                    let place = format!(" of history/{place}");
                    self.verify_tables(&manifest, &place, &mut seen, &mut verified);
                }
                Err(error) => verified.bad.push(BadFile {
                    source: format!("history/{place}"),
                    table: "an earlier manifest".to_owned(),
                    error,
                }),
            }
        }
        Ok(verified)
    }

    /// Checks the tables that a manifest names, each once however many manifests name it.
    fn verify_tables(
        &self,
        manifest: &Manifest,
        place: &str,
        seen: &mut BTreeSet<(String, String, usize)>,
        verified: &mut Verified,
    ) {
        for stored in &manifest.sources {
            for entry in &stored.tables {
                if !seen.insert((entry.table.clone(), entry.file.clone(), entry.rows)) {
                    continue;
                }
                match self.table_file(entry).and_then(|(_, file)| file.read()) {
                    Ok(_) => verified.good += 1,
                    Err(error) => verified.bad.push(BadFile {
                        source: format!("{}{place}", stored.source.id),
                        table: entry.table.clone(),
                        error,
                    }),
                }
            }
        }
    }

    /// The table that an entry of a manifest names, and its file.
    fn table_file(&self, entry: &Entry) -> Result<(&'static Table, TableFile), Error> {
        let table = schema::table(&entry.table);
        let table = table.ok_or_else(|| Error::NoTable(entry.table.clone()))?;
        if entry.file.contains(['/', '\\']) || entry.file.contains("..") {
            return Err(Error::Damaged {
                path: self.manifest_path(),
                reason: format!("`{}` is not a name of a table file", entry.file.escape_debug()),
            });
        }
        Ok((table, TableFile::new(&self.folder, entry, table)))
    }

    fn change(
        &self,
        edit: impl FnOnce(&mut Manifest, &mut Change) -> Result<Vec<Temporary>, Error>,
    ) -> Result<Change, Error> {
        let _lock = self.lock()?;
        let existed = self.exists();
        let before = if existed { self.manifest()? } else { Manifest::default() };
        let (mut after, mut change) = (before.clone(), Change::default());
        let made = edit(&mut after, &mut change).and_then(|new_files| {
            if existed && after.says_the_same(&before) {
                Ok(Vec::new())
            } else {
                self.swap(&before, existed, &after, new_files)
            }
        });
        // What a failed change wrote, or a good one replaced, is named by no manifest now. The disk says which
        // manifest stands: a swap may fail after its rename.
        if let Ok(stands) = self.manifest() {
            self.sweep(&stands);
        }
        made.map(|warnings| Change { warnings, ..change })
    }

    /// Keeps the manifest of before, or an empty one where there was none, then puts the new one in its place. What could not be
    /// confirmed is said.
    fn swap(
        &self,
        before: &Manifest,
        existed: bool,
        after: &Manifest,
        new_files: Vec<Temporary>,
    ) -> Result<Vec<String>, Error> {
        self.step("history")?;
        let next = self.history()?.last().and_then(|p| number(p)).unwrap_or(0) + 1;
        let path = self.folder.join("history").join(format!("{next:06}.json"));
        file::write_whole(&*self.disk, &path, before.to_text().as_bytes())?;
        self.step("swap")?;
        // From here on the files of the change may be named by a manifest: no interrupt takes them away.
        drop(new_files);
        let text = after.to_text();
        let swapped =
            confirmed(file::write_whole(&*self.disk, &self.manifest_path(), text.as_bytes()));
        let stands = || match self.manifest() {
            Ok(now) => now.says_the_same(before),
            Err(_) => !existed && !self.exists(),
        };
        if swapped.is_err() && stands() {
            // The history must not say that something happened which did not.
            if let Some(last) = self.history()?.last() {
                let _ = self.disk.remove(last);
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
        paths.retain(|p| is_plain(p));
        paths.sort_by_key(|p| number(p));
        Ok(paths)
    }

    /// Forgets the oldest manifests, and removes files that none names: what a crash left, what was replaced.
    fn sweep(&self, now: &Manifest) {
        let Ok(history) = self.history() else { return };
        let (old, kept) = history.split_at(history.len().saturating_sub(KEPT));
        for path in old {
            let _ = self.disk.remove(path);
        }
        // A table must not be gone while a manifest that names it may still come back.
        if !old.is_empty() && self.disk.sync_folder(&self.folder.join("history")).is_err() {
            return;
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
        self.copies().sweep(std::iter::once(now).chain(&earlier));
        let folder = self.folder.join("tables");
        if odd(&folder).is_some() {
            return;
        }
        let Ok(files) = fs::read_dir(folder) else { return };
        for file in files.filter_map(Result::ok) {
            let name = file.file_name();
            let unnamed =
                |n: &str| is_own(n) && is_plain(&file.path()) && !named.iter().any(|f| f == n);
            if name.to_str().is_some_and(unnamed) {
                let _ = self.disk.remove(&file.path());
            }
        }
    }

    /// Two writers do not meet: the second gets an error at once. Nothing is written through a link.
    fn lock(&self) -> Result<fs::File, Error> {
        let io = |action, path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { action, path, source }
        };
        for name in ["tables", "history", "lock", "manifest.json"] {
            file::refuse_odd(&self.folder.join(name))?;
        }
        for name in ["tables", "history"] {
            let folder = self.folder.join(name);
            make_folders(&*self.disk, &folder).map_err(io("cannot make the folder", &folder))?;
        }
        if !self.exists() {
            // A crash may have come between making a folder and this.
            let synced = self.disk.sync_folder(&self.folder);
            synced.map_err(io("cannot write", &self.folder))?;
        }
        let path = self.folder.join("lock");
        let mut options = fs::File::options();
        options.write(true).create_new(!is_plain(&path));
        let file = match options.open(&path) {
            // Another writer made it just now.
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                fs::File::options().write(true).open(&path)
            }
            opened => opened,
        };
        let file = file.map_err(io("cannot write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Locked { path: self.folder.clone() }),
            Err(fs::TryLockError::Error(e)) => Err(io("cannot lock", &path)(e)),
        }
    }

    /// The copies of files of a dataset, in all its versions.
    ///
    /// # Errors
    /// A copy that is gone or is not what was added.
    pub fn kept(&self, dataset: &str) -> Result<Vec<Kept>, Error> {
        if !self.exists() {
            return Ok(Vec::new());
        }
        self.copies().of_dataset(&self.manifest()?, dataset)
    }

    fn copies(&self) -> Copies<'_> {
        Copies { folder: self.folder.join("files"), disk: &*self.disk }
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

fn packed(bundles: &[SourceBundle]) -> Result<Vec<Packed>, Error> {
    bundles.iter().cloned().map(Packed::of).collect()
}

/// What a write that succeeded could not confirm.
fn confirmed(written: Result<(), Error>) -> Result<Vec<String>, Error> {
    match written {
        Ok(()) => Ok(Vec::new()),
        Err(error @ Error::Unconfirmed { .. }) => Ok(vec![error.to_string()]),
        Err(error) => Err(error),
    }
}

/// Whether a name in `tables` is one that this program gives: a table, or one that was being written.
fn is_own(name: &str) -> bool {
    let stem = name.strip_suffix(".parquet").or_else(|| name.strip_suffix(".tmp"));
    stem.is_some_and(is_sha256)
}

/// The number of an earlier manifest, if the name is one that this program gives.
fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let number: u64 = name.strip_suffix(".json")?.parse().ok()?;
    (name == format!("{number:06}.json")).then_some(number)
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod power;
#[cfg(test)]
mod tests;
