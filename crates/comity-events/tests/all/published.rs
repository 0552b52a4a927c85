//! Where the published datasets are.

use std::path::{Path, PathBuf};

/// The path of a published file or folder. Tests that need it are ignored where it is absent (`build/published.rs`).
pub fn data(name: &str) -> PathBuf {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    assert!(path.exists(), "{} does not exist, and this test reads it", path.display());
    path
}
