//! Where the published datasets and the frames of peacesciencer are.

use std::path::{Path, PathBuf};

use comity_datasets::{Found, starter};
use comity_record::{Preferences, Record};

/// Tests that need this folder are ignored where it is absent (`build/published.rs`).
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

fn below(folder: &str, name: &str) -> PathBuf {
    let path = Path::new(SHARED).join(folder).join(name);
    assert!(path.exists(), "{} does not exist, and this test reads it", path.display());
    path
}

/// The path of a published file or folder.
pub fn data(name: &str) -> PathBuf {
    below("data", name)
}

/// The path of a frame of peacesciencer.
pub fn gold(name: &str) -> PathBuf {
    below("gold", name)
}

/// A record of the starter and of what is wanted of the datasets in these files and folders.
pub fn record(names: &[&str], wanted: impl Fn(&Found) -> bool) -> Record {
    let paths: Vec<PathBuf> = names.iter().map(|name| data(name)).collect();
    let mut bundles = starter::bundles();
    for found in comity_datasets::find(&paths).found.into_iter().filter(wanted) {
        let read = comity_datasets::read(&found);
        bundles.push(read.unwrap_or_else(|e| panic!("{}: {e}", found.source_id())));
    }
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}
