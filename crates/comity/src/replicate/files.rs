//! Finding and reading the files of a replication.

use std::path::{Path, PathBuf};

use super::Given;
use crate::Error;
use crate::models::Columns;

/// Folders in folders that are looked into.
const DEEPEST: usize = 4;

impl Given<'_> {
    /// The columns of the file that is given, or of the one with this name in the folder that is given.
    pub(super) fn columns(&self, file: &str, needed: &[&str]) -> Result<Columns, Error> {
        let data = self.data.ok_or_else(|| {
            Error::new(format!("the authors' file {file} is needed"))
                .help(format!("name it, or a folder that has it: --data {file}"))
        })?;
        let path = if data.is_dir() {
            find(data, file, DEEPEST).ok_or_else(|| {
                Error::new(format!("there is no {file} in {}", data.display()))
                    .help("name the file itself, if it is called otherwise")
            })?
        } else {
            data.to_path_buf()
        };
        let table = comity_datasets::free::read(&path).map_err(|e| Error::new(e.to_string()))?;
        Columns::of(&table, Some(needed)).map_err(|error| {
            Error::new(format!("{} is not {file}: {}", path.display(), error.message))
        })
    }
}

/// A file of this name, whatever the case of its letters, in a folder or those below; the first in order of names.
fn find(folder: &Path, name: &str, deep: usize) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let is_named = |path: &&PathBuf| {
        path.file_name().is_some_and(|n| n.to_string_lossy().eq_ignore_ascii_case(name))
    };
    if let Some(found) = entries.iter().filter(|p| p.is_file()).find(is_named) {
        return Some(found.clone());
    }
    let below = deep.checked_sub(1)?;
    entries.iter().filter(|p| p.is_dir()).find_map(|p| find(p, name, below))
}
