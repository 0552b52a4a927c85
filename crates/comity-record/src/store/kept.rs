//! Copies of published files that a record keeps: those of datasets with several files, so that a further file is read together with
//! them, and the record is the same in whatever order they are added.
//!
//! A copy is under `files/`, in a folder named by its SHA-256, under the name it was published with.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, make_folders};
use super::file::{WRITERS, write_whole};
use super::manifest::Manifest;
use crate::error::Error;
use crate::hex::{is_sha256, sha256};
use crate::parallel::waiting;
use crate::plain_file;
use crate::source::{Source, SourceFile};

/// A copy of a published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The source that it is a file of.
    pub source: String,
    /// Where it is.
    pub path: PathBuf,
}

/// A copy that is to be made.
pub(super) struct Copy {
    from: PathBuf,
    to: PathBuf,
    file: SourceFile,
}

/// The folder of copies of a record.
pub(super) struct Copies<'a> {
    pub(super) folder: PathBuf,
    pub(super) disk: &'a dyn Disk,
}

impl Copies<'_> {
    /// The copies of files of a dataset, in all its versions that the manifest names.
    pub(super) fn of_dataset(
        &self,
        manifest: &Manifest,
        dataset: &str,
    ) -> Result<Vec<Kept>, Error> {
        let mut kept = Vec::new();
        for stored in manifest.sources.iter().filter(|s| s.source.dataset == dataset) {
            for file in stored.source.files.iter().filter(|f| f.kept) {
                let path = self.copy_of(file);
                check(&path, file)?;
                kept.push(Kept { source: stored.source.id.clone(), path });
            }
        }
        Ok(kept)
    }

    fn copy_of(&self, file: &SourceFile) -> PathBuf {
        self.folder.join(&file.sha256).join(&file.name)
    }

    /// The copies that a source needs; a file that is no longer where it was read is not kept, unless its copy is there.
    pub(super) fn wanted(&self, source: &mut Source) -> Vec<Copy> {
        let mut wanted = Vec::new();
        for file in source.files.iter_mut().filter(|f| f.kept) {
            let to = self.copy_of(file);
            let from = file.location.path.clone().filter(|from| from.is_file());
            match from.filter(|_| is_name(&file.sha256, &file.name)) {
                Some(from) => wanted.push(Copy { from, to, file: file.clone() }),
                None => file.kept = check(&to, file).is_ok(),
            }
        }
        wanted
    }

    /// Makes copies, but for those that are there.
    ///
    /// # Errors
    /// A file that was changed meanwhile, and what a disk can do.
    pub(super) fn write(&self, mut copies: Vec<Copy>) -> Result<(), Error> {
        // Two sources may be read from one file.
        copies.sort_by(|a, b| a.to.cmp(&b.to));
        copies.dedup_by(|a, b| a.to == b.to);
        copies = waiting(WRITERS, &copies, |copy| check(&copy.to, &copy.file).is_err())
            .into_iter()
            .zip(copies)
            .filter_map(|(wanted, copy)| wanted.then_some(copy))
            .collect();
        if copies.is_empty() {
            return Ok(());
        }
        let failed = |action, path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { action, path, source }
        };
        let made = make_folders(self.disk, &self.folder).and_then(|()| {
            for folder in copies.iter().filter_map(|copy| copy.to.parent()) {
                match self.disk.make_folder(folder) {
                    Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                    made => made?,
                }
            }
            // All of them at once: each time waits for the disk.
            self.disk.sync_folder(&self.folder)
        });
        made.map_err(failed("cannot make the folder", &self.folder))?;
        let written = waiting(WRITERS, &copies, |Copy { from, to, file }| {
            let bytes = plain_file::read(from, file.bytes).map_err(failed("cannot read", from))?;
            if sha256(&bytes) != file.sha256 {
                let reason = "it was changed while it was read".into();
                return Err(Error::Damaged { path: from.clone(), reason });
            }
            write_whole(self.disk, to, &bytes)
        });
        written.into_iter().collect()
    }

    /// Removes copies that none of these manifests names; anything that is not named as a copy is left alone.
    pub(super) fn sweep<'a>(&self, manifests: impl Iterator<Item = &'a Manifest>) {
        let sources = manifests.flat_map(|m| &m.sources).map(|s| &s.source);
        let named: BTreeSet<&str> = sources
            .flat_map(|source| &source.files)
            .filter(|file| file.kept)
            .map(|file| file.sha256.as_str())
            .collect();
        let Ok(folders) = fs::read_dir(&self.folder) else { return };
        for folder in folders.filter_map(Result::ok) {
            let own =
                folder.file_name().to_str().is_some_and(|n| is_sha256(n) && !named.contains(n));
            if !own || !folder.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let Ok(files) = fs::read_dir(folder.path()) else { continue };
            for file in files.filter_map(Result::ok) {
                if file.file_type().is_ok_and(|kind| kind.is_file()) {
                    let _ = self.disk.remove(&file.path());
                }
            }
            // It goes only where nothing else is in it.
            let _ = fs::remove_dir(folder.path());
        }
    }
}

/// Whether a copy is what was added.
fn check(path: &Path, file: &SourceFile) -> Result<(), Error> {
    let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
    if !is_name(&file.sha256, &file.name) {
        return Err(damaged("is not a name of a file".into()));
    }
    let plain = fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.len() == file.bytes);
    if !plain {
        return Err(damaged("the copy of the file is gone, or has another size".into()));
    }
    let bytes = fs::read(path).map_err(|e| damaged(e.to_string()))?;
    match sha256(&bytes) {
        found if found == file.sha256 => Ok(()),
        found => Err(damaged(format!("its SHA-256 is {found}, the manifest says {}", file.sha256))),
    }
}

/// A manifest may be anybody's: it names no path.
fn is_name(sha256: &str, name: &str) -> bool {
    is_sha256(sha256)
        && !name.is_empty()
        && !name.contains(['/', '\\'])
        && !matches!(name, "." | "..")
}
