//! Answers of policies kept on disk between runs: a folder of the user's cache, bounded, and safe to delete at any time.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, io, process};

use comity_policy::Keep;

/// The variable that names the folder, or `off`.
pub const VARIABLE: &str = "COMITY_CACHE";

/// More than this in all, in bytes: the answers that were used longest ago are deleted.
const MOST: u64 = 512 << 20;
/// After how many bytes that were written it is looked whether there is more.
const LOOK_AFTER: u64 = 32 << 20;
/// Answers of one commitment that are larger are not kept, packed or unpacked.
const MOST_PACKED: u64 = 64 << 20;
const MOST_UNPACKED: u64 = 512 << 20;

/// A folder of kept answers.
///
/// Each file is named by what its answers rest on: the record, the queries, and this build of the program. A file that is damaged is not
/// used; what cannot be written is not kept.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// None where this build cannot be told from others: then nothing is kept.
    build: Option<String>,
    /// Bytes written since it was looked; at first as many as make it look.
    written: AtomicU64,
}

impl Cache {
    /// The cache in `folder`, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), build: build(), written: AtomicU64::new(LOOK_AFTER) }
    }

    /// The folder that `COMITY_CACHE` names, else one in the user's cache folder; none where the variable is `off`, or there is no such
    /// folder.
    pub fn default_folder() -> Option<PathBuf> {
        let set = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        if let Some(folder) = set(VARIABLE) {
            return (folder.as_os_str() != "off").then_some(folder);
        }
        let folder = if cfg!(windows) {
            set("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            set("HOME").map(|h| h.join("Library/Caches"))
        } else {
            set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|h| h.join(".cache")))
        };
        Some(folder?.join("comity"))
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        Some(self.folder.join(format!("{}-{key}.answers", self.build.as_ref()?)))
    }

    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(path) = self.path(key).filter(|path| is_kept(path, MOST_PACKED)) else {
            return Ok(None);
        };
        let file = File::open(path)?;
        // Used now: it is among the last to be deleted.
        let _ = file.set_modified(SystemTime::now());
        let mut bytes = Vec::new();
        zstd::Decoder::new(file)?.take(MOST_UNPACKED).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let Some(path) = self.path(key).filter(|_| (bytes.len() as u64) < MOST_UNPACKED) else {
            return Ok(());
        };
        fs::create_dir_all(&self.folder)?;
        let packed = zstd::bulk::compress(bytes, 1)?;
        let size = packed.len() as u64;
        if size > MOST_PACKED {
            return Ok(());
        }
        if self.written.fetch_add(size, Ordering::Relaxed) + size > LOOK_AFTER {
            self.written.store(0, Ordering::Relaxed);
            sweep(&self.folder, MOST - LOOK_AFTER - MOST_PACKED);
        }
        let part =
            self.folder.join(format!(".{}-{}.part", process::id(), &key[..key.len().min(16)]));
        // Where another thread is writing the same, that is left to it.
        let mut file = File::options().write(true).create_new(true).open(&part)?;
        let written = file.write_all(&packed).and_then(|()| fs::rename(&part, path));
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written
    }
}

impl Keep for Cache {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.read(key).ok().flatten()
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        let _ = self.write(key, bytes);
    }
}

/// What tells this build of the program from others: its version, and the size and age of its file.
fn build() -> Option<String> {
    let about = crate::program::get().ok()?.build.metadata().ok()?;
    let age = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(format!("{}-{:x}-{age:x}", env!("CARGO_PKG_VERSION"), about.len()))
}

/// Whether there is a plain file of at most that many bytes.
fn is_kept(path: &Path, most: u64) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_file() && about.len() <= most)
}

/// Whether a file has a name that this program gives: a version, a build and a key, or a process and a key.
fn is_ours(name: &str) -> bool {
    let hex = |text: &str, length: usize| {
        text.len() >= length && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let kept = || {
        let mut parts = name.strip_suffix(".answers")?.rsplitn(4, '-');
        let (key, age, size) = (parts.next()?, parts.next()?, parts.next()?);
        Some(hex(key, 64) && hex(age, 1) && hex(size, 1) && parts.next()?.contains('.'))
    };
    let part = || {
        let (process, key) = name.strip_prefix('.')?.strip_suffix(".part")?.split_once('-')?;
        Some(process.bytes().all(|b| b.is_ascii_digit()) && hex(key, 16))
    };
    kept().or_else(part).unwrap_or(false)
}

/// Deletes the files that were used longest ago until at most `most` bytes are left. Files with other names are not touched.
fn sweep(folder: &Path, most: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let about = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
            is_ours(path.file_name()?.to_str()?).then_some((
                about.modified().ok()?,
                about.len(),
                path,
            ))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in files {
        if total <= most {
            break;
        }
        if fs::remove_file(path).is_ok() {
            total -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_kept_comes_back_and_what_is_damaged_does_not_panic() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("new"));
        let key = "0123456789abcdef0123";
        assert_eq!(cache.get(key), None);
        cache.put(key, b"answers");
        assert_eq!(cache.get(key).as_deref(), Some(&b"answers"[..]));
        fs::write(cache.path(key).unwrap(), b"not packed").unwrap();
        assert_eq!(cache.get(key), None);
        // A folder that cannot be made keeps nothing, and that is no error.
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let nowhere = Cache::at(file.join("below"));
        nowhere.put(key, b"answers");
        assert_eq!(nowhere.get(key), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        cache.put("aa", b"answers");
        let moved = folder.path().join("elsewhere");
        fs::rename(cache.path("aa").unwrap(), &moved).unwrap();
        std::os::unix::fs::symlink(&moved, cache.path("aa").unwrap()).unwrap();
        assert_eq!(cache.get("aa"), None);
    }

    #[test]
    fn the_files_used_longest_ago_are_deleted_and_foreign_ones_stay() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let named = |key: &str| format!("0.1.0-5f-1a2b-{}.answers", key.repeat(64));
        let part = format!(".77-{}.part", "d".repeat(16));
        let foreign =
            ["mine.txt", "survey.answers", ".firefox.part", "a-b-c-d.answers", ".7-x.part"];
        let mut ages =
            vec![(named("a"), 30), (named("b"), 20), (named("c"), 10), (part.clone(), 40)];
        ages.extend(foreign.map(|name| (name.to_owned(), 99)));
        for (name, age) in ages {
            fs::write(folder.path().join(&name), [0; 100]).unwrap();
            let file = File::options().write(true).open(folder.path().join(&name)).unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        }
        sweep(folder.path(), 250);
        let left = |name: &str| folder.path().join(name).exists();
        assert!(foreign.into_iter().all(left));
        let ours = [part, named("a"), named("b"), named("c")];
        assert_eq!(ours.map(|name| left(&name)), [false, false, true, true]);
    }
}
