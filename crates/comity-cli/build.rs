//! How the program is linked: functions that compile to the same code are kept once.
//!
//! That is an option of `lld`, which Rust's own releases use on this platform; with another linker the program is larger, and the same otherwise.

#![allow(clippy::print_stdout, reason = "Cargo reads what a build script prints")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").unwrap_or_default();
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release && target == "x86_64-unknown-linux-gnu" && lld_is_there(&target) {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}

/// Whether the compiler brings its own `lld`, which is then the one that links.
fn lld_is_there(target: &str) -> bool {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(answer) = Command::new(compiler).args(["--print", "sysroot"]).output() else {
        return false;
    };
    let root = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    let lld = Path::new("lib/rustlib").join(target).join("bin/gcc-ld/ld.lld");
    root.join(lld).is_file()
}
