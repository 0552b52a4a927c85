//! The dependency edges between crates are those that ARCHITECTURE.md draws, and no others.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each crate and the crates of this workspace that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("comity-record", &[]),
    ("comity-datasets", &["comity-record"]),
    ("comity-panel", &["comity-record"]),
    ("comity-sql", &["comity-panel", "comity-record"]),
    ("comity-policy", &["comity-record", "comity-sql"]),
    ("comity-report", &["comity-panel", "comity-policy", "comity-record"]),
    (
        "comity",
        &[
            "comity-datasets",
            "comity-panel",
            "comity-policy",
            "comity-record",
            "comity-report",
            "comity-sql",
        ],
    ),
    (
        "comity-cli",
        &[
            "comity",
            "comity-datasets",
            "comity-panel",
            "comity-policy",
            "comity-record",
            "comity-report",
            "comity-sql",
        ],
    ),
];

fn crates() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut section = "";
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(name) = line.trim().strip_prefix('[') {
            section = if name.starts_with("dependencies") { "dependencies" } else { "" };
        } else if section == "dependencies"
            && let Some(name) = line.split(['.', ' ', '=']).next()
            && name.starts_with("comity")
        {
            found.insert(name.to_owned());
        }
    }
    found
}

#[test]
fn every_crate_depends_only_on_those_below_it() {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(crates()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let manifest = fs::read_to_string(crates().join(&name).join("Cargo.toml")).unwrap();
        let (_, allowed) = EDGES.iter().find(|(n, _)| *n == name).unwrap_or_else(|| {
            panic!("{name} is a new crate: give it its edges here and in ARCHITECTURE.md")
        });
        for dependency in dependencies(&manifest) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
        seen.insert(name);
    }
    assert_eq!(seen.len(), EDGES.len(), "a crate of the edge list is gone: {seen:?}");
}

#[test]
fn architecture_names_every_crate_and_only_files_that_exist() {
    let root = crates().join("..");
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    for (name, _) in EDGES {
        assert!(page.contains(&format!("`{name}`")), "ARCHITECTURE.md does not name {name}");
    }
    let mut named = 0;
    for word in page.split('`').skip(1).step_by(2) {
        let looks_like_path = word.contains('/') && !word.contains([' ', '<', '*', '…', '{']);
        if looks_like_path && (word.starts_with("crates/") || word.starts_with("policies/")) {
            assert!(root.join(word).exists(), "ARCHITECTURE.md names {word}, which does not exist");
            named += 1;
        }
    }
    assert!(named > 10, "ARCHITECTURE.md should name the files to start from, it names {named}");
}
