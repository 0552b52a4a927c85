//! What a failing disk and a power loss may leave of a record: it is the one before the change or the one after it, whole.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{NewFile, System};
use super::tests::{bundle, store_at};
use super::*;
use crate::source::{Location, SourceFile};

/// One step of a change.
#[derive(Debug, Clone)]
enum Step {
    Create(PathBuf),
    Bytes(PathBuf, Vec<u8>),
    Sync(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    Folder(PathBuf),
    SyncFolder(PathBuf),
}

/// A disk that keeps a list of its steps, and may fail at one of them.
#[derive(Debug, Default)]
struct Watched {
    steps: Arc<Mutex<Vec<Step>>>,
    fails_at: Option<usize>,
}

fn step(steps: &Mutex<Vec<Step>>, fails_at: Option<usize>, step: Step) -> io::Result<()> {
    let mut steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
    let now = steps.len();
    steps.push(step);
    // One that has failed goes on failing.
    if fails_at.is_some_and(|at| now >= at) {
        Err(io::ErrorKind::StorageFull.into())
    } else {
        Ok(())
    }
}

impl Watched {
    fn step(&self, one: Step) -> io::Result<()> {
        step(&self.steps, self.fails_at, one)
    }

    fn store(folder: &Path, fails_at: Option<usize>) -> (Store, Arc<Mutex<Vec<Step>>>) {
        let steps = Arc::default();
        let mut store = store_at(folder);
        store.disk = Arc::new(Self { steps: Arc::clone(&steps), fails_at });
        (store, steps)
    }
}

impl Disk for Watched {
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        self.step(Step::Create(path.into()))?;
        let file = System.create(path)?;
        let (steps, fails_at) = (Arc::clone(&self.steps), self.fails_at);
        Ok(Box::new(WatchedFile { file, path: path.into(), steps, fails_at, begun: false }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Step::Rename(from.into(), to.into()))?;
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Remove(path.into()))?;
        System.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Folder(path.into()))?;
        System.make_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(Step::SyncFolder(path.into()))
    }
}

struct WatchedFile {
    file: Box<dyn NewFile>,
    path: PathBuf,
    steps: Arc<Mutex<Vec<Step>>>,
    fails_at: Option<usize>,
    begun: bool,
}

impl Write for WatchedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A disk that fills up takes a part.
        let part = if self.begun { bytes } else { &bytes[..bytes.len().div_ceil(2)] };
        self.begun = true;
        step(&self.steps, self.fails_at, Step::Bytes(self.path.clone(), part.to_vec()))?;
        self.file.write_all(part)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for WatchedFile {
    fn sync(&mut self) -> io::Result<()> {
        step(&self.steps, self.fails_at, Step::Sync(self.path.clone()))
    }
}

/// What the platter holds: names lead to files by number, and a name holds only once its folder was synced.
#[derive(Debug, Clone, Default)]
struct Platter {
    files: Vec<File>,
    /// As the running system sees it.
    seen: BTreeMap<PathBuf, Entry>,
    /// As it would be found after a power loss.
    sure: BTreeMap<PathBuf, Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Entry {
    Folder,
    File(usize),
}

#[derive(Debug, Clone, Default)]
struct File {
    bytes: Vec<u8>,
    synced: usize,
}

impl Platter {
    fn of(folder: &Path) -> Self {
        let mut platter = Self::default();
        platter.fill(folder);
        platter.sure = platter.seen.clone();
        platter
    }

    fn fill(&mut self, folder: &Path) {
        self.seen.insert(folder.to_owned(), Entry::Folder);
        for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                self.fill(&entry);
            } else {
                let bytes = fs::read(&entry).unwrap();
                self.files.push(File { synced: bytes.len(), bytes });
                self.seen.insert(entry, Entry::File(self.files.len() - 1));
            }
        }
    }

    fn take(&mut self, step: &Step) {
        let number = |seen: &BTreeMap<PathBuf, Entry>, path: &Path| match seen[path] {
            Entry::File(number) => number,
            Entry::Folder => panic!("{path:?} is a folder"),
        };
        match step {
            Step::Create(path) => {
                self.files.push(File::default());
                self.seen.insert(path.clone(), Entry::File(self.files.len() - 1));
            }
            Step::Bytes(path, bytes) => {
                let number = number(&self.seen, path);
                self.files[number].bytes.extend_from_slice(bytes);
            }
            Step::Sync(path) => {
                let number = number(&self.seen, path);
                self.files[number].synced = self.files[number].bytes.len();
            }
            Step::Rename(from, to) => {
                let entry = self.seen.remove(from).unwrap();
                self.seen.insert(to.clone(), entry);
            }
            Step::Remove(path) => {
                self.seen.remove(path);
            }
            Step::Folder(path) => {
                self.seen.insert(path.clone(), Entry::Folder);
            }
            Step::SyncFolder(folder) => {
                let within = |path: &Path| path.parent() == Some(folder);
                self.sure.retain(|path, _| !within(path));
                let there = self.seen.iter().filter(|(path, _)| within(path));
                self.sure.extend(there.map(|(path, entry)| (path.clone(), *entry)));
            }
        }
    }

    /// Names of which it is open whether they are found as seen or as sure.
    fn open(&self) -> Vec<PathBuf> {
        let names = self.seen.keys().chain(self.sure.keys());
        let mut open: Vec<PathBuf> =
            names.filter(|p| self.seen.get(*p) != self.sure.get(*p)).cloned().collect();
        open.dedup();
        open.sort();
        open.dedup();
        open
    }

    /// Lays out what is found after a power loss. `name` says of an open name whether it is found as it was last seen,
    /// `bytes` how many of the bytes of a file that were not synced are there.
    fn lay_out(
        &self,
        from: &Path,
        to: &Path,
        mut name: impl FnMut(&Path) -> bool,
        mut bytes: impl FnMut(usize) -> usize,
    ) {
        let mut found = self.sure.clone();
        for path in self.open() {
            if name(&path) {
                match self.seen.get(&path) {
                    Some(entry) => found.insert(path, *entry),
                    None => found.remove(&path),
                };
            }
        }
        for (path, entry) in found {
            let place = to.join(path.strip_prefix(from).unwrap());
            // What is in a folder that is lost is lost with it.
            match entry {
                Entry::Folder if place.parent().is_some_and(Path::is_dir) => {
                    let _ = fs::create_dir(place);
                }
                Entry::File(number) if place.parent().is_some_and(Path::is_dir) => {
                    let File { bytes: all, synced } = &self.files[number];
                    let there = synced + bytes(all.len() - synced);
                    fs::write(place, &all[..there]).unwrap();
                }
                _ => {}
            }
        }
    }
}

/// A small generator with a fixed beginning.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// What a record says, or that there is none.
fn says(folder: &Path) -> Option<String> {
    let store = store_at(folder);
    match store.open() {
        Ok(record) => {
            let bad = store.verify().unwrap().bad;
            assert!(bad.is_empty(), "{bad:?}");
            assert!(!record.sources().is_empty());
            for source in record.sources() {
                store.kept(&source.dataset).unwrap();
            }
            Some(store.manifest().unwrap().to_text())
        }
        Err(Error::NoRecord { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The rows of a record without the starter's.
fn rows(folder: &Path) -> usize {
    let sources = store_at(folder).manifest().map(|m| m.sources).unwrap_or_default();
    sources.iter().flat_map(|s| &s.tables).map(|t| t.rows).sum()
}

type Do = fn(&Store) -> Result<Change, Error>;

/// Sources of which the record keeps the files, and two of them the same.
fn with_files(store: &Store) -> [SourceBundle; 3] {
    ["k-1", "l-1", "m-1"].map(|id| {
        let text = if id == "k-1" { "a,b\n" } else { "c,d\n" };
        let path = store.folder().with_file_name(&text[..1]);
        fs::write(&path, text).unwrap();
        let mut bundle = bundle(id, 2);
        bundle.source.files = vec![SourceFile {
            name: text[..1].into(),
            bytes: text.len() as u64,
            sha256: crate::sha256(text.as_bytes()),
            kept: true,
            location: Location { path: Some(path), was: None },
            ..SourceFile::default()
        }];
        bundle
    })
}

/// Changes of every kind, each from where the one before leaves the record.
const CHANGES: [(&str, Do); 8] = [
    ("the first add", |s| s.add(&[bundle("a-1", 3)])),
    ("an add of two", |s| s.add(&[bundle("b-1", 2), bundle("c-1", 4)])),
    ("an add with files", |s| s.add(&with_files(s))),
    ("an add that replaces", |s| s.add(&[bundle("a-1", 5)])),
    ("a remove", |s| s.remove("b-1")),
    ("an undo", Store::undo),
    ("a prefer", |s| s.prefer("treaties", Some("starter-treaties"))),
    ("an add after an undo", |s| s.add(&[bundle("d-1", 1)])),
];

#[test]
fn a_power_loss_at_any_step_leaves_the_old_record_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    let mut dice = Dice(7);
    let (mut cuts, mut old, mut new) = (0, 0, 0);
    for (what, change) in CHANGES {
        let (before, mut platter) = (says(&home), Platter::of(folder.path()));
        let (store, steps) = Watched::store(&home, None);
        let done = change(&store);
        let steps = steps.lock().unwrap().clone();
        if what != "a prefer" {
            assert!(done.unwrap().warnings.is_empty());
        }
        let after = says(&home);
        for at in 0..=steps.len() {
            for way in 0..5 {
                let left = tempfile::tempdir().unwrap();
                let bytes = |dice: &mut Dice, rest: usize| match way {
                    0 | 2 => 0,
                    1 => rest,
                    _ => dice.throw(rest + 1),
                };
                let names: Vec<bool> = (0..platter.open().len())
                    .map(|_| match way {
                        0 => false,
                        1 | 2 => true,
                        _ => dice.throw(2) == 0,
                    })
                    .collect();
                let mut names = names.into_iter();
                platter.lay_out(
                    folder.path(),
                    left.path(),
                    |_| names.next().unwrap(),
                    |rest| bytes(&mut dice, rest),
                );
                let home = left.path().join("record");
                let is = says(&home);
                let step = steps.get(at);
                assert!(is == before || is == after, "{what}, before {step:?}, way {way}");
                // Past the last step it is the new one, whatever was not synced.
                assert!(
                    at < steps.len() || is == after,
                    "{what}: it is gone after a power loss, way {way}"
                );
                if before != after {
                    old += usize::from(is == before);
                    new += usize::from(is == after);
                }
                cuts += 1;
                // And it can be gone on with.
                if way == 4 && at % 4 == 0 {
                    let kept = rows(&home);
                    store_at(&home).add(&[bundle("z-1", 2)]).unwrap();
                    assert_eq!(rows(&home), kept + 2);
                    says(&home);
                }
            }
            if let Some(step) = steps.get(at) {
                platter.take(step);
            }
        }
    }
    assert!(cuts > 300 && old > 60 && new > 30, "{cuts} cuts, {old} old, {new} new");
}

#[test]
fn a_disk_that_fails_at_any_step_leaves_the_old_record_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    let mut warned = 0;
    for (what, change) in CHANGES {
        let before = says(&home);
        for at in 0.. {
            let copy = tempfile::tempdir().unwrap();
            let there = copy.path().join("record");
            Platter::of(folder.path()).lay_out(folder.path(), copy.path(), |_| true, |rest| rest);
            let (store, steps) = Watched::store(&there, Some(at));
            let done = change(&store);
            let is = says(&there);
            match &done {
                Ok(change) => warned += change.warnings.len(),
                Err(_) => assert_eq!(is, before, "{what}, step {at}"),
            }
            if steps.lock().unwrap().len() <= at {
                break;
            }
        }
        let _ = change(&store_at(&home));
    }
    assert!(warned > 0, "a folder that cannot be synced after the rename is a warning");
}
