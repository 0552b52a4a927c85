//! No file of the engine uses another that uses it back, over any number of steps.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Files by the path of their module, with their text before the tests.
fn files(folder: &Path, module: &[String], found: &mut BTreeMap<Vec<String>, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut inside = module.to_vec();
        if path.is_dir() {
            inside.push(name.clone());
            if name != "tests" {
                files(&path, &inside, found);
            }
            continue;
        }
        if path.extension().is_none_or(|e| e != "rs") || name == "lib" || name == "main" {
            continue;
        }
        if name != "mod" {
            inside.push(name);
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("").lines();
        let code = code.filter(|line| !line.trim_start().starts_with("//"));
        found.insert(inside, code.collect::<Vec<_>>().join("\n"));
    }
}

/// The paths that a text names from `super` or `crate`, with what stands in braces behind them.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["super::", "crate::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
                expand(&code[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Reads a path with its braces; how many bytes it has.
fn expand(text: &str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let depth = before.len();
    let mut at = 0;
    loop {
        let word: String =
            text[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        at += word.len();
        if !word.is_empty() {
            before.push(word);
        }
        if !text[at..].starts_with("::") {
            break;
        }
        at += 2;
        if text[at..].starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                if text[at..].starts_with('}') || text[at..].is_empty() {
                    break;
                }
                let read = expand(&text[at..], before, found);
                at += read.max(1);
            }
            before.truncate(depth);
            return at + 1;
        }
    }
    found.push(before.clone());
    before.truncate(depth);
    at
}

/// The file that a path named in `module` leads to, if it is one of these.
fn leads<'a>(
    path: &[String],
    module: &[String],
    files: &'a BTreeMap<Vec<String>, String>,
) -> Option<&'a Vec<String>> {
    let mut at = module.to_vec();
    let mut words = path.iter().peekable();
    if words.next_if(|w| *w == "crate").is_some() {
        at.clear();
    }
    while words.next_if(|w| *w == "super").is_some() {
        at.pop();
    }
    for word in words {
        at.push(word.clone());
        let inside = files.keys().any(|file| file.starts_with(&at));
        if !inside {
            at.pop();
            break;
        }
    }
    files.get_key_value(&at).map(|(file, _)| file)
}

#[test]
fn no_file_uses_another_that_uses_it_back() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    files(&source, &[], &mut found);
    // The engine is this folder of modules: in a crate of its own, or beside others.
    let own: Vec<String> = module_path!()
        .split("::")
        .skip(1)
        .map(str::to_owned)
        .take_while(|m| m != "tests")
        .collect();
    found.retain(|module, _| module.starts_with(&own) && !module.is_empty());
    assert!(found.len() > 40, "{:?}", found.keys());
    let mut edges: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (module, code) in &found {
        let uses = edges.entry(module).or_default();
        uses.extend(paths(code).iter().filter_map(|path| leads(path, module, &found)));
        // A file that lists its children rests on them.
        for line in code.lines().filter_map(|line| line.trim().strip_suffix(';')) {
            let child = line.rsplit_once("mod ").map(|(_, child)| child.to_owned());
            let path: Vec<String> = module.iter().cloned().chain(child).collect();
            uses.extend(found.get_key_value(&path).map(|(file, _)| file));
        }
        uses.remove(module);
    }
    // What rests on nothing that is left is taken away, until only circles are there.
    loop {
        let free: Vec<&Vec<String>> =
            edges.iter().filter(|(_, uses)| uses.is_empty()).map(|(file, _)| *file).collect();
        if free.is_empty() {
            break;
        }
        for file in free {
            edges.remove(file);
            for uses in edges.values_mut() {
                uses.remove(file);
            }
        }
    }
    assert!(edges.is_empty(), "in circles, or resting on them: {edges:#?}");
}

#[test]
fn paths_are_read_with_their_braces() {
    let code = "use super::{a::{self, B}, c::D};\nuse crate::e::F;\nlet x = super::g::h();";
    let found: BTreeSet<String> = paths(code).iter().map(|p| p.join("::")).collect();
    let wanted = ["super::a::self", "super::a::B", "super::c::D", "crate::e::F", "super::g::h"];
    assert_eq!(found, wanted.map(str::to_owned).into());
}
