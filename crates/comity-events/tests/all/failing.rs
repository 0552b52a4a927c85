//! Kills and full disks: the store is what it was or what it should be, and nothing is left.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use comity_events::Error;
use comity_events::read::Options;
use comity_events::store::Store;
use comity_record::store::disk::{Disk, NewFile, System};

use crate::lines::{export, line};

/// What happens at a step of a disk.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Full,
    Killed,
}

/// A disk on which a step does not come to its end.
#[derive(Debug)]
struct Failing {
    steps: Arc<AtomicUsize>,
    at: usize,
    fault: Fault,
}

impl Failing {
    fn new(at: usize, fault: Fault) -> Arc<Self> {
        Arc::new(Self { steps: Arc::default(), at, fault })
    }
}

fn step(steps: &AtomicUsize, at: usize, fault: Fault) -> io::Result<()> {
    let now = steps.fetch_add(1, Ordering::SeqCst);
    match fault {
        // A full disk stays full.
        Fault::Full if now >= at => Err(ErrorKind::StorageFull.into()),
        Fault::Killed if now == at => {
            let own = std::process::id().to_string();
            let _ = Command::new("kill").args(["-9", &own]).status();
            loop {
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        }
        _ => Ok(()),
    }
}

struct Half {
    inner: Box<dyn NewFile>,
    steps: Arc<AtomicUsize>,
    at: usize,
    fault: Fault,
}

impl Write for Half {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Half of it arrives.
        if self.steps.load(Ordering::SeqCst) >= self.at {
            self.inner.write_all(&bytes[..bytes.len() / 2])?;
        }
        step(&self.steps, self.at, self.fault)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl NewFile for Half {
    fn sync(&mut self) -> io::Result<()> {
        step(&self.steps, self.at, self.fault)?;
        self.inner.sync()
    }
}

impl Disk for Failing {
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        step(&self.steps, self.at, self.fault)?;
        let (steps, at, fault) = (Arc::clone(&self.steps), self.at, self.fault);
        Ok(Box::new(Half { inner: System.create(path)?, steps, at, fault }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        step(&self.steps, self.at, self.fault)?;
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        // A full disk lets go of files.
        if matches!(self.fault, Fault::Killed) {
            step(&self.steps, self.at, self.fault)?;
        }
        System.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        step(&self.steps, self.at, self.fault)?;
        System.make_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        step(&self.steps, self.at, self.fault)?;
        System.sync_folder(path)
    }
}

/// A disk that is never waited for.
#[derive(Debug)]
pub struct Unsynced;

struct Open(Box<dyn NewFile>);

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl NewFile for Open {
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Disk for Unsynced {
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        Ok(Box::new(Open(System.create(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        System.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        System.make_folder(path)
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// All files below a folder but the manifest and the lock.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(one).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path);
            }
        }
    }
    found.retain(|p| !p.ends_with("manifest.json") && !p.ends_with("lock"));
    found
}

fn said(store: &Store) -> String {
    if !store.exists() {
        return String::new();
    }
    let counts = store.counts("gdelt2", i32::MIN, i32::MAX).unwrap();
    format!("{:?} {:?}", store.sources().unwrap()["gdelt2"].versions, counts.rows(None))
}

/// Copies a store as it is.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &there);
        } else {
            std::fs::copy(&path, there).unwrap();
        }
    }
}

/// A store of several small files, and a file that corrects some of its events, adds others and makes the store put files together.
struct Before {
    folder: tempfile::TempDir,
    store: PathBuf,
    next: PathBuf,
    before: String,
    after: String,
}

fn before() -> Before {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    for part in 0..8_u64 {
        let lines: Vec<String> =
            (0..6).map(|n| line(part * 6 + n, 20_180_101, part, "a")).collect();
        let file = export(folder.path(), &format!("{part}.export.CSV"), &lines);
        Store::at(&store).on(Arc::new(Unsynced)).add(&file, &Options::default()).unwrap();
    }
    let mut lines: Vec<String> = (44..60).map(|n| line(n, 20_180_105, 9, "b")).collect();
    lines.push(line(100, 20_171_231, 9, "c"));
    let next = export(folder.path(), "next.export.CSV", &lines);
    let whole = folder.path().join("whole");
    copied(&store, &whole);
    Store::at(&whole).add(&next, &Options::default()).unwrap();
    let (before, after) = (said(&Store::at(&store)), said(&Store::at(&whole)));
    assert_ne!(before, after);
    Before { folder, store, next, before, after }
}

/// The steps of an add, each of which is a point to fail at.
fn steps(is: &Before) -> usize {
    let trial = is.folder.path().join("trial");
    copied(&is.store, &trial);
    let disk = Failing::new(usize::MAX, Fault::Killed);
    Store::at(&trial).on(disk.clone()).add(&is.next, &Options::default()).unwrap();
    disk.steps.load(Ordering::SeqCst)
}

/// The points at which the suite fails an add: as many as named in `EVENT_FAULTS`, else 6.
fn points(steps: usize) -> impl Iterator<Item = usize> {
    let many = std::env::var("EVENT_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(6_usize);
    (0..many).map(move |n| if many >= steps { n % steps } else { (n + 1) * steps / many - 1 })
}

#[test]
fn a_full_disk_is_one_error_and_leaves_the_store_as_it_was() {
    let is = before();
    let untouched = files(&is.store);
    for at in points(steps(&is)) {
        let disk = Failing::new(at, Fault::Full);
        let store = Store::at(&is.store).on(disk.clone());
        match store.add(&is.next, &Options::default()) {
            Err(error @ Error::Io { .. }) => {
                let text = error.to_string();
                assert!(text.contains("free some space"), "step {at}: {text}");
                assert_eq!(said(&Store::at(&is.store)), is.before, "step {at}");
                assert_eq!(files(&is.store), untouched, "step {at}");
            }
            // The swap is made, and its folder could not be synced; or there were fewer steps, as folders were made before.
            Ok(added) => {
                let reached = disk.steps.load(Ordering::SeqCst) > at;
                assert_eq!(added.warnings.is_empty(), !reached, "step {at}");
                assert_eq!(said(&Store::at(&is.store)), is.after, "step {at}");
                break;
            }
            Err(error) => panic!("step {at}: {error}"),
        }
    }
    let added = Store::at(&is.store).add(&is.next, &Options::default()).unwrap();
    assert!(added.new == 17 || added.again.len() == 1);
    assert_eq!(said(&Store::at(&is.store)), is.after);
    assert!(Store::at(&is.store).verify().unwrap().is_empty());
}

/// What is killed: it runs as a test, and does nothing where it is not asked to.
#[test]
fn an_add_that_is_killed() {
    let set = |name: &str| std::env::var(name).ok();
    let (Some(folder), Some(file), Some(at)) =
        (set("KILL_STORE"), set("KILL_FILE"), set("KILL_AT"))
    else {
        return;
    };
    let disk = Failing::new(at.parse().unwrap(), Fault::Killed);
    let _ = Store::at(folder).on(disk).add(Path::new(&file), &Options::default());
}

#[test]
fn a_killed_add_is_whole_or_not_there_and_the_next_cleans_up() {
    let is = before();
    let (mut old, mut new) = (0, 0);
    for (nth, at) in points(steps(&is)).enumerate() {
        let folder = is.folder.path().join(format!("killed-{nth}"));
        copied(&is.store, &folder);
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "failing::an_add_that_is_killed", "--test-threads", "1"])
            .env("KILL_STORE", &folder)
            .env("KILL_FILE", &is.next)
            .env("KILL_AT", at.to_string())
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        let store = Store::at(&folder);
        let now = said(&store);
        if now == is.before {
            old += 1;
            assert!(!status.success(), "step {at}");
        } else {
            assert_eq!(now, is.after, "step {at}");
            new += 1;
        }
        // The same file again: it is added, or it is there.
        let added = store.add(&is.next, &Options::default()).unwrap();
        assert!(added.new == 17 || added.again.len() == 1, "step {at}");
        assert_eq!(said(&store), is.after, "step {at}");
        assert!(store.verify().unwrap().is_empty(), "step {at}");
        // What one more change sweeps is gone then: only what the manifest names is left.
        let more = export(is.folder.path(), "more.export.CSV", &[line(500, 20_180_106, 9, "d")]);
        store.add(&more, &Options::default()).unwrap();
        let named: usize = store.sources().unwrap()["gdelt2"].parts;
        let there = files(&folder).len();
        assert!(there >= named && there <= named + 4, "step {at}: {there} files, {named} named");
        std::fs::remove_dir_all(&folder).unwrap();
    }
    assert!(old > 0 && new > 0, "{old} killed before the swap, {new} after it");
}
