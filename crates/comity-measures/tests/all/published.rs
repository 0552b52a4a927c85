//! Where the published datasets are.

use std::path::PathBuf;

/// The path of a published file or folder. Tests that need one are ignored where the folder is absent (`build/published.rs`).
pub fn data(name: &str) -> PathBuf {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    assert!(path.exists(), "{} does not exist, and this test reads it", path.display());
    path
}
