//! One change of a store: new files, then the manifest, then what is no longer needed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use comity_record::sha256;
use comity_record::store::disk::{Disk, is_plain, make_folders, odd};
use comity_record::temporary::Temporary;

use super::Store;
use super::manifest::{Entry, Manifest};
use crate::error::{Error, io};

/// What is written beside the manifest while a change is made: where it is found, the change before was killed.
const MARK: &str = "changing";

/// A change that is being made. Dropped without [`Change::commit`], it takes its new files away again.
pub(super) struct Change<'a> {
    store: &'a Store,
    pub manifest: Manifest,
    _lock: fs::File,
    new: BTreeSet<String>,
    made: BTreeSet<String>,
    committed: bool,
}

/// How a file is filed.
pub(super) struct Filed<'a> {
    /// `events`, `counts` or `taken`.
    pub kind: &'static str,
    pub source: &'a str,
    /// Its partition; none: it is in none.
    pub month: Option<i32>,
    pub rows: u64,
    pub ids: (u64, u64),
    pub known: (i64, i64),
    pub days: (i32, i32),
}

impl<'a> Change<'a> {
    /// Begins a change: waits for another writer, and sweeps what a killed one left.
    pub(super) fn begin(store: &'a Store) -> Result<Self, Error> {
        let lock = lock(store)?;
        let manifest = if store.exists() { store.manifest()? } else { Manifest::default() };
        let mark = store.folder.join(MARK);
        if is_plain(&mark) {
            sweep(store, &manifest);
        } else {
            store.disk.create(&mark).map_err(io("cannot write", &mark))?;
        }
        let (new, made) = (BTreeSet::new(), BTreeSet::new());
        Ok(Self { store, manifest, _lock: lock, new, made, committed: false })
    }

    /// Writes a new file, named by its content. It is part of the store once the change is committed.
    pub(super) fn write(&mut self, filed: &Filed<'_>, bytes: &[u8]) -> Result<Entry, Error> {
        let hash = sha256(bytes);
        let folder = match filed.month {
            Some(month) => format!(
                "{}/source={}/month={:04}-{:02}",
                filed.kind,
                filed.source,
                month.div_euclid(12),
                month.rem_euclid(12) + 1
            ),
            None => format!("{}/source={}", filed.kind, filed.source),
        };
        let file = format!("{folder}/{}.parquet", &hash[..32]);
        let entry = Entry {
            month: filed.month.unwrap_or(0),
            file: file.clone(),
            rows: filed.rows,
            bytes: bytes.len() as u64,
            sha256: hash,
            ids: filed.ids,
            known: filed.known,
            days: filed.days,
        };
        // Two files of one content are one: it may be there, and named.
        if self.new.contains(&file)
            || self.manifest.sources.values().any(|h| h.files().any(|e| e.file == file))
        {
            return Ok(entry);
        }
        let path = self.store.folder.join(&folder);
        if !path.is_dir() {
            make_folders(&*self.store.disk, &path).map_err(io("cannot make the folder", &path))?;
        }
        let path = self.store.folder.join(&file);
        self.new.insert(file);
        self.made.insert(folder);
        put_whole(&*self.store.disk, &path, bytes)?;
        Ok(entry)
    }

    /// Takes a new file away again.
    pub(super) fn forget(&mut self, entry: &Entry) {
        if self.new.remove(&entry.file) {
            let _ = self.store.disk.remove(&self.store.folder.join(&entry.file));
        }
    }

    /// Makes the change the store. The answer is what the disk could not confirm.
    pub(super) fn commit(mut self) -> Result<Vec<String>, Error> {
        let disk = &*self.store.disk;
        for folder in &self.made {
            let folder = self.store.folder.join(folder);
            disk.sync_folder(&folder).map_err(io("cannot write", &folder))?;
        }
        let before = if self.store.exists() { self.store.manifest()? } else { Manifest::default() };
        let named = |manifest: &Manifest| -> BTreeSet<String> {
            manifest.sources.values().flat_map(|h| h.files().map(|e| e.file.clone())).collect()
        };
        let now = named(&self.manifest);
        let old: Vec<String> =
            before.replaced.iter().filter(|f| !now.contains(*f)).cloned().collect();
        self.manifest.replaced = named(&before).difference(&now).cloned().collect();
        self.manifest.changes = before.changes + 1;
        let text = self.manifest.to_text()?;
        let path = self.store.manifest_path();
        let swapped = put_whole(disk, &path, text.as_bytes());
        // The name may have changed although the disk said no.
        let stands = swapped.is_ok()
            || self.store.manifest().is_ok_and(|m| m.changes == self.manifest.changes);
        self.committed = stands;
        if !stands {
            return swapped.map(|()| Vec::new());
        }
        let mut warnings = Vec::new();
        if let Err(source) = disk.sync_folder(&self.store.folder) {
            warnings.push(Error::Unconfirmed { path, source }.to_string());
        } else {
            // What the last change replaced: its readers had a whole change to end.
            for file in old {
                let _ = disk.remove(&self.store.folder.join(file));
            }
        }
        // New files that were replaced again within the change are named by nobody.
        for file in self.new.iter().filter(|f| !now.contains(*f)) {
            let _ = disk.remove(&self.store.folder.join(file));
        }
        let _ = disk.remove(&self.store.folder.join(MARK));
        Ok(warnings)
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if !self.committed {
            for file in &self.new {
                let _ = self.store.disk.remove(&self.store.folder.join(file));
            }
            let _ = self.store.disk.remove(&self.store.folder.join(MARK));
        }
    }
}

/// Removes files that the manifest does not name: what a killed change left.
fn sweep(store: &Store, manifest: &Manifest) {
    let mut named: BTreeSet<&str> = manifest.replaced.iter().map(String::as_str).collect();
    named.extend(manifest.sources.values().flat_map(|h| h.files().map(|e| e.file.as_str())));
    for kind in ["events", "counts", "taken"] {
        for source in entries(&store.folder.join(kind)) {
            for one in entries(&source) {
                let inside = if one.is_dir() { entries(&one) } else { vec![one] };
                for path in inside {
                    let Ok(name) = path.strip_prefix(&store.folder) else { continue };
                    let name = name.to_string_lossy().replace('\\', "/");
                    if is_own(&path) && is_plain(&path) && !named.contains(name.as_str()) {
                        let _ = store.disk.remove(&path);
                    }
                }
            }
        }
    }
    let _ = store.disk.remove(&store.folder.join("manifest.tmp"));
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    if odd(folder).is_some() {
        return Vec::new();
    }
    let listed = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = listed.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    paths
}

/// Whether a file has a name that this program gives.
fn is_own(path: &Path) -> bool {
    let kind = path.extension().and_then(|e| e.to_str());
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let hash = stem.len() == 32 && stem.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    hash && matches!(kind, Some("parquet" | "tmp"))
}

/// Two writers do not meet: the second waits, and is refused in the end. Nothing is written through a link.
fn lock(store: &Store) -> Result<fs::File, Error> {
    let folder = &store.folder;
    for name in ["events", "counts", "taken", "lock", "manifest.json", MARK] {
        refuse_odd(&folder.join(name))?;
    }
    make_folders(&*store.disk, folder).map_err(io("cannot make the folder", folder))?;
    let path = folder.join("lock");
    let mut options = fs::File::options();
    options.write(true).create_new(!is_plain(&path));
    let file = match options.open(&path) {
        // Another writer made it just now.
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            fs::File::options().write(true).open(&path)
        }
        opened => opened,
    };
    let file = file.map_err(io("cannot write", &path))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() < store.wait => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Error::Locked { path: folder.clone() });
            }
            Err(fs::TryLockError::Error(e)) => return Err(io("cannot lock", &path)(e)),
        }
    }
}

fn refuse_odd(path: &Path) -> Result<(), Error> {
    let Some(what) = odd(path) else { return Ok(()) };
    let text =
        format!("it is {what}, and is left as it is: take it away, or keep the store elsewhere");
    Err(io("cannot write", path)(std::io::Error::new(ErrorKind::InvalidInput, text)))
}

/// A file that is there whole or not at all. Its folder is still to be synced.
fn put_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = path.with_extension("tmp");
    refuse_odd(&temporary)?;
    if is_plain(&temporary) {
        // A killed change left it.
        disk.remove(&temporary).map_err(io("cannot write", path))?;
    }
    let mut file = disk.create(&temporary).map_err(io("cannot write", path))?;
    let _guard = Temporary::at(&temporary);
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync())
        .and_then(|()| disk.rename(&temporary, path));
    written.map_err(|source| {
        let _ = disk.remove(&temporary);
        io("cannot write", path)(source)
    })
}
