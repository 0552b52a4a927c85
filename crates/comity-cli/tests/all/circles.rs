//! No file of the record, the panels or the policies uses another that uses it back, over any number of steps. A file
//! that lists modules uses them. A file that must says why in a comment at its top, which is read here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A comment at the top of a file that says why it is part of a circle.
const ALLOWED: &str = "// Part of a circle of files:";

/// Module paths (`a::b`) and their files below a folder `src`.
fn modules(src: &Path) -> BTreeMap<Vec<String>, PathBuf> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(src.to_owned(), Vec::new())];
    while let Some((folder, at)) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let mut inner: Vec<String> = at.clone();
            if path.is_dir() {
                inner.push(stem);
                folders.push((path, inner));
                continue;
            }
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let root = at.is_empty() && matches!(stem.as_str(), "lib" | "main");
            if stem != "mod" && !root {
                inner.push(stem);
            }
            found.insert(inner, path);
        }
    }
    found
}

/// The source without comments, texts and tests.
fn bare(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut out = String::new();
    let mut chars = source.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
                out.push('\n');
            }
            '"' if last != '\'' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' => break,
                        _ => {}
                    }
                }
                out.push_str("\"\"");
            }
            c => out.push(c),
        }
        last = c;
    }
    out
}

/// The paths that begin in `text`, trees in braces taken apart, and what follows them.
fn paths(text: &str) -> (Vec<Vec<String>>, &str) {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut all = Vec::new();
        loop {
            let (found, next) = paths(rest);
            all.extend(found);
            rest = next.trim_start();
            match rest.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => rest = next,
                Some(next) => return (all, next.trim_start().strip_prefix('}').unwrap_or(next)),
                None => return (all, rest.strip_prefix('}').unwrap_or(rest)),
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(inner) = rest.strip_prefix("::") else {
        let alias = rest.trim_start().strip_prefix("as ").map(str::trim_start);
        let rest =
            alias.map_or(rest, |a| a.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
        return (vec![vec![name.to_owned()]], rest);
    };
    let (found, rest) = paths(inner);
    let with = |mut path: Vec<String>| {
        path.insert(0, name.to_owned());
        path
    };
    (found.into_iter().map(with).collect(), rest)
}

/// The modules that a file uses or lists.
fn uses(
    at: &[String],
    source: &str,
    modules: &BTreeMap<Vec<String>, PathBuf>,
) -> BTreeSet<Vec<String>> {
    let source = bare(source);
    let mut used = BTreeSet::new();
    let mut add = |mut path: Vec<String>| {
        // The longest part of the path that is a module; what follows is an item in it.
        while !modules.contains_key(&path) && path.pop().is_some() {}
        if path != at {
            used.insert(path);
        }
    };
    for word in ["crate::", "super::", "self::"] {
        for (start, _) in source.match_indices(word) {
            let before = source[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            for path in paths(&source[start..]).0 {
                let mut base = at.to_vec();
                let mut rest = path.as_slice();
                while let [first, more @ ..] = rest {
                    match first.as_str() {
                        "crate" => base.clear(),
                        "super" => {
                            base.pop();
                        }
                        "self" => {}
                        _ => break,
                    }
                    rest = more;
                }
                base.extend(rest.iter().cloned());
                add(base);
            }
        }
    }
    for line in source.lines() {
        let line = line.trim_start();
        let line = line
            .split_once("mod ")
            .filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some(name) = line.and_then(|(_, rest)| rest.strip_suffix(';')) {
            let mut path = at.to_vec();
            path.push(name.to_owned());
            add(path);
        }
    }
    used
}

/// The circles of files below a folder `src`: each as the names of its files, but those that say why they are in one.
fn circles(src: &Path) -> Vec<Vec<String>> {
    let modules = modules(src);
    let mut edges = BTreeMap::new();
    let mut excused = BTreeSet::new();
    for (at, path) in &modules {
        let source = fs::read_to_string(path).unwrap();
        if source.lines().take(12).any(|l| l.starts_with(ALLOWED)) {
            excused.insert(at.clone());
        }
        edges.insert(at.clone(), uses(at, &source, &modules));
    }
    let reached = |from: &Vec<String>| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Vec<String>> = edges[from].iter().collect();
        while let Some(at) = next.pop() {
            if seen.insert(at.clone()) {
                next.extend(&edges[at]);
            }
        }
        seen
    };
    let reach: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        edges.keys().map(|at| (at, reached(at))).collect();
    let mut found = BTreeSet::new();
    for at in edges.keys().filter(|at| reach[at].contains(*at)) {
        let circle: BTreeSet<&Vec<String>> = edges
            .keys()
            .filter(|other| reach[at].contains(*other) && reach[other].contains(at))
            .collect();
        if !circle.iter().all(|m| excused.contains(*m)) {
            let name = |m: &&Vec<String>| {
                let path = &modules[*m];
                path.strip_prefix(src).unwrap().to_string_lossy().into_owned()
            };
            found.insert(circle.iter().map(name).collect::<Vec<_>>());
        }
    }
    found.into_iter().collect()
}

#[test]
fn no_file_uses_another_that_uses_it_back() {
    for name in ["comity-record", "comity-panel", "comity-policy"] {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        assert!(modules(&src).len() > 20, "{name} has its files elsewhere");
        let found = circles(&src);
        assert!(
            found.is_empty(),
            "circles of files in {name}: {found:#?}\nMove what both need to a file of its own, or begin each of these \
             files with `{ALLOWED} why`."
        );
    }
}

#[test]
fn circles_are_found_over_several_steps_and_through_lists_of_modules() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "pub mod a;\nmod b;\nmod c;\nmod d;\n");
    write("a/mod.rs", "mod x;\npub fn free() {}\n");
    write("a/x.rs", "use crate::b::{One, Two as Three};\n");
    write("b.rs", "use crate::{c::{Some, Other}, d};\n");
    write(
        "c.rs",
        "// use crate::a;\nfn f() { let _ = \"crate::b\"; }\n#[cfg(test)]\nmod tests { use crate::b; }\n",
    );
    write("d.rs", "");
    assert_eq!(circles(folder.path()), Vec::<Vec<String>>::new());
    write("c.rs", "fn f() { crate::a::free() }\n");
    assert_eq!(circles(folder.path()), [["a/mod.rs", "a/x.rs", "b.rs", "c.rs"]]);
    let excuse = "//! C.\n// Part of a circle of files: on purpose.\n";
    for (name, text) in [
        ("a/mod.rs", "mod x;\npub fn free() {}\n"),
        ("a/x.rs", "use crate::b::One;\n"),
        ("b.rs", "use crate::c;\n"),
        ("c.rs", "fn f() { crate::a::free() }\n"),
    ] {
        write(name, &format!("{excuse}{text}"));
    }
    assert!(circles(folder.path()).is_empty());
    write("a/x.rs", "use super::free;\n");
    write("c.rs", "");
    assert_eq!(circles(folder.path()), [["a/mod.rs", "a/x.rs"]]);
}
