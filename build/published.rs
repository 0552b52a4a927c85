//! The build script of every crate whose tests read the published datasets.
//!
//! It sets `cfg(published)` where these stand beside the workspace. Each test that needs them is written
//!
//! ```text
//! #[test]
//! #[cfg_attr(not(published), ignore = "needs ../shared/data")]
//! ```
//!
//! so that the last line of its harness counts it as ignored where they are absent. A folder that comes later is
//! noticed once this file is newer (`touch build/published.rs`): Cargo would run a script that names an absent
//! path, and build the crate, every time.

#![allow(clippy::print_stdout, reason = "Cargo reads what a build script prints")]

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(published)");
    println!("cargo::rerun-if-changed=../../build/published.rs");
    let shared = Path::new("../../../shared");
    if shared.join("data").is_dir() && shared.join("gold").is_dir() {
        println!("cargo::rustc-cfg=published");
        println!("cargo::rerun-if-changed=../../../shared/data");
    }
}
