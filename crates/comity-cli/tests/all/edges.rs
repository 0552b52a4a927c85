//! The dependency edges between crates are those that ARCHITECTURE.md draws, and no others:
//!
//! ```text
//! record ► datasets ► panel ► sql ► policy ► report ► comity ► comity-serve ► comity-cli
//! ```
//!
//! A crate may use those before it, but for panels, SQL, policies and reports, which know no dataset, and the server, which uses the library
//! and the report alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use comity_datasets::DATASETS;

/// Each crate and the crates of this workspace that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("comity-measures", &[]),
    ("comity-record", &[]),
    ("comity-datasets", &["comity-record"]),
    ("comity-events", &["comity-record"]),
    ("comity-panel", &["comity-measures", "comity-record"]),
    ("comity-sql", &["comity-panel", "comity-record"]),
    ("comity-policy", &["comity-events", "comity-record", "comity-sql"]),
    ("comity-advice", &["comity-policy", "comity-record"]),
    ("comity-report", &["comity-advice", "comity-panel", "comity-policy", "comity-record"]),
    (
        "comity",
        &[
            "comity-advice",
            "comity-datasets",
            "comity-events",
            "comity-measures",
            "comity-panel",
            "comity-policy",
            "comity-record",
            "comity-report",
            "comity-sql",
        ],
    ),
    ("comity-mcp", &["comity", "comity-report"]),
    ("comity-serve", &["comity", "comity-report"]),
    (
        "comity-cli",
        &[
            "comity",
            "comity-advice",
            "comity-datasets",
            "comity-events",
            "comity-mcp",
            "comity-panel",
            "comity-policy",
            "comity-record",
            "comity-report",
            "comity-serve",
            "comity-sql",
        ],
    ),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What a crate needs to be built; not what its tests need.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap();
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            // `[target.'cfg(unix)'.dependencies]` too, and `[dependencies.name]`.
            inside = section == "dependencies" || section.ends_with(".dependencies");
            found.extend(section.strip_prefix("dependencies.").map(str::to_owned));
        } else if inside
            && let Some(name) = line.split(['.', ' ', '=']).next()
            && !name.is_empty()
            && !name.starts_with('#')
        {
            found.insert(name.to_owned());
        }
    }
    found
}

/// The files below a folder with this extension.
fn files(folder: PathBuf, extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![folder];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found
}

/// The Rust files of a crate with their text up to their tests, without those that are compiled for tests alone.
fn sources(name: &str) -> Vec<(PathBuf, String)> {
    const TESTS: &str = "#[cfg(test)]\nmod ";
    let mut of_tests = BTreeSet::new();
    let mut found = Vec::new();
    for path in files(crates().join(name).join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let mut parts = text.split(TESTS);
        let code = parts.next().unwrap_or_default().to_owned();
        // `mod tests;` is a file, `mod tests {` is not.
        let modules = parts.filter_map(|p| p.split_once(';')).filter(|(m, _)| !m.contains(' '));
        of_tests.extend(modules.map(|(module, _)| path.with_file_name(format!("{module}.rs"))));
        found.push((path, code));
    }
    found.retain(|(path, _)| !of_tests.contains(path));
    assert!(!found.is_empty(), "{name} has no source");
    found
}

#[test]
fn every_crate_depends_only_on_those_below_it() {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(crates()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (_, allowed) = EDGES.iter().find(|(n, _)| *n == name).unwrap_or_else(|| {
            panic!("{name} is a new crate: give it its edges here and in ARCHITECTURE.md")
        });
        for dependency in dependencies(&name).into_iter().filter(|d| d.starts_with("comity")) {
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
fn only_one_crate_has_the_sql_engine() {
    for (name, _) in EDGES {
        let engine = dependencies(name).into_iter().find(|d| d.starts_with("datafusion"));
        assert_eq!(engine.is_some(), *name == "comity-sql", "{name}: {engine:?}");
    }
}

#[test]
fn the_library_shows_nothing_of_the_sql_engine() {
    for (path, code) in sources("comity") {
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let named: Vec<&str> = code.filter(|l| l.to_lowercase().contains("datafusion")).collect();
        assert!(named.is_empty(), "{} names DataFusion: {named:?}", path.display());
    }
}

/// Words that name a system of codes of states too.
const CODES: &[&str] = &["keds"];

#[test]
fn the_record_knows_no_dataset_by_its_name() {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    for (path, code) in sources("comity-record") {
        for (nth, line) in code.lines().enumerate() {
            let known = line
                .split(|c| !part(c))
                .find(|word| !CODES.contains(word) && DATASETS.iter().any(|d| d.id == *word));
            assert_eq!(known, None, "{}:{}: the record names a dataset", path.display(), nth + 1);
        }
    }
}

#[test]
fn every_crate_links_its_tests_once() {
    for (name, _) in EDGES {
        let Ok(folder) = fs::read_dir(crates().join(name).join("tests")) else { continue };
        let binaries: Vec<PathBuf> = folder
            .map(|entry| entry.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "rs") || p.join("main.rs").exists())
            .collect();
        assert_eq!(
            binaries,
            [crates().join(name).join("tests/all")],
            "a file of tests is a module of tests/all/main.rs: each binary links the engine again"
        );
    }
}

#[test]
fn one_module_of_tests_knows_where_the_published_data_are() {
    for (name, _) in EDGES {
        for path in files(crates().join(name), "rs") {
            // It fails where they are absent; its users are then ignored and counted. Here the path stands as a text.
            if path.ends_with("tests/all/published.rs") || path.ends_with("tests/all/edges.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("../../../shared"),
                "{}: read published data through tests/all/published.rs",
                path.display()
            );
        }
    }
}

#[test]
fn a_crate_that_reads_published_data_has_the_build_script_that_looks_for_them() {
    for (name, _) in EDGES {
        let reads = crates().join(name).join("tests/all/published.rs").exists();
        let manifest = fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap();
        let looks = manifest.contains("build = \"../../build/published.rs\"");
        assert_eq!(reads, looks, "{name}");
    }
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

/// The lines of each section of a manifest whose name begins so.
fn sections(manifest: &str, begins: &str) -> std::collections::BTreeMap<String, BTreeSet<String>> {
    let mut found = std::collections::BTreeMap::new();
    let mut inside: Option<String> = None;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            inside = section.starts_with(begins).then(|| section.to_owned());
        } else if let Some(section) = inside.clone()
            && !line.is_empty()
            && !line.starts_with('#')
        {
            found.entry(section).or_insert_with(BTreeSet::new).insert(line.to_owned());
        }
    }
    found
}

#[test]
fn python_is_built_with_the_profile_and_the_versions_of_the_program() {
    let root = crates().join("..");
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let theirs = sections(&read("python/Cargo.toml"), "profile.release");
    for (section, lines) in sections(&read("Cargo.toml"), "profile.release") {
        let missing: Vec<_> = lines.difference(theirs.get(&section).unwrap()).cloned().collect();
        assert!(missing.is_empty(), "[{section}] of python/Cargo.toml lacks {missing:?}");
    }
    // There the crates of this workspace are dependencies, whose settings must be said.
    for (name, _) in EDGES {
        let section = format!("profile.release.package.{name}");
        let lines =
            theirs.get(&section).unwrap_or_else(|| panic!("python/Cargo.toml lacks [{section}]"));
        assert!(lines.contains("overflow-checks = true"), "[{section}] of python/Cargo.toml");
    }
    let packages = |file: &str| -> BTreeSet<String> {
        let lock = read(file);
        let lock: Vec<&str> = lock.lines().collect();
        lock.windows(2)
            .filter(|pair| pair[0].starts_with("name = "))
            .map(|pair| pair.join(" "))
            .collect()
    };
    let ours = packages("Cargo.lock");
    let own = ["pyo3", "target-lexicon", "comity-python"];
    let others: Vec<String> = packages("python/Cargo.lock")
        .difference(&ours)
        .filter(|package| !own.iter().any(|name| package.starts_with(&format!("name = \"{name}"))))
        .cloned()
        .collect();
    assert!(others.is_empty(), "python/Cargo.lock has other versions than Cargo.lock: {others:?}");
}
