//! Files in the making, so that a program that is interrupted can take them away.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

static IN_THE_MAKING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn in_the_making() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    IN_THE_MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is to be taken away if the program is interrupted, until this is dropped.
#[derive(Debug)]
pub struct Temporary(PathBuf);

impl Temporary {
    /// The file at this place, which this program makes.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        in_the_making().insert(path.clone());
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        in_the_making().remove(&self.0);
    }
}

/// Takes away every file in the making, calls `then` and does not return before it: no other is begun or ended meanwhile.
pub fn remove_all(then: impl FnOnce()) {
    let mut files = in_the_making();
    for file in std::mem::take(&mut *files) {
        let _ = std::fs::remove_file(file);
    }
    then();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finished_stays() {
        // The list is of the whole process, which runs other tests: nothing here calls `remove_all`.
        let path = PathBuf::from("/nowhere/of-this-test");
        let temporary = Temporary::at(&path);
        assert!(in_the_making().contains(&path));
        drop(temporary);
        assert!(!in_the_making().contains(&path));
    }
}
