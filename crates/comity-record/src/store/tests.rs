use std::collections::BTreeMap;
use std::slice::from_ref;

use super::*;
use crate::coverage::Coverage;
use crate::rows::TableRows;
use crate::source::{Relation, Source, SourceFile, Unplaced};

pub(super) fn bundle(id: &str, rows: usize) -> SourceBundle {
    let (dataset, version) = id.rsplit_once('-').unwrap();
    let mut made = TableRows::new(schema::table("vetoes").unwrap(), id);
    for n in 0..rows {
        let cells =
            [("draft", format!("S/{n}").into()), ("year", 1950.into()), ("ccode", 365.into())];
        made.push(&cells, format!("{n}"));
    }
    SourceBundle {
        source: Source {
            id: id.into(),
            dataset: dataset.into(),
            version: version.into(),
            title: "T".into(),
            publisher: "P".into(),
            citation: "C".into(),
            licence: "L".into(),
            url: "U".into(),
            relations: BTreeMap::from([("vetoes".to_owned(), Relation::Complement)]),
            files: Vec::new(),
            added: "2026-01-01".into(),
            coverage: vec![Coverage::all("vetoes", 1946, 2020)],
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        },
        tables: vec![("vetoes", made.finish())],
    }
}

pub(super) fn count(store: &Store) -> usize {
    let record = store.open().unwrap();
    record.every("vetoes").unwrap().num_rows()
}

/// A store of records without a base record.
pub(super) fn store_at(folder: impl Into<PathBuf>) -> Store {
    Store::at(folder, &Arc::default())
}

#[test]
fn added_rows_come_back_and_undo_brings_back_what_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path().join("record"));
    assert!(matches!(store.open(), Err(Error::NoRecord { .. })));
    store.add(&[bundle("a-1", 3)]).unwrap();
    let first = store.open().unwrap().fingerprint().unwrap();
    let change = store.add(&[bundle("a-1", 5), bundle("b-1", 2)]).unwrap();
    assert_eq!((change.added, change.replaced), (vec!["b-1".to_owned()], vec!["a-1".to_owned()]));
    assert_eq!(count(&store), 7);
    let undone = store.undo().unwrap();
    assert_eq!((undone.removed, undone.replaced), (vec!["b-1".to_owned()], vec!["a-1".to_owned()]));
    assert_eq!(count(&store), 3);
    assert_eq!(store.open().unwrap().fingerprint().unwrap(), first);
    // The first change is taken back too: what is left is a record without sources.
    assert_eq!(store.undo().unwrap().removed, ["a-1"]);
    assert!(store.open().unwrap().sources().is_empty());
    assert!(matches!(store.undo(), Err(Error::NothingToUndo { .. })));
    assert_eq!(store.verify().unwrap().bad.len(), 0);
    store.add(&[bundle("b-1", 2)]).unwrap();
    assert_eq!(count(&store), 2);
}

#[test]
fn a_failure_at_any_step_leaves_the_old_record_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let before = store.open().unwrap().fingerprint().unwrap();
    let mut failed = 0;
    for step in 0..10 {
        store.fail_before.set(Some(step));
        if store.add(&[bundle("a-1", 9), bundle("b-1", 4)]).is_ok() {
            break;
        }
        failed += 1;
        store.fail_before.set(None);
        assert_eq!(store.open().unwrap().fingerprint().unwrap(), before, "after step {step}");
        assert_eq!(store.verify().unwrap().bad.len(), 0);
        assert_eq!(count(&store), 3);
    }
    assert_eq!(failed, 4, "two tables, the history and the swap");
    store.fail_before.set(None);
    assert_eq!(count(&store), 13);
}

#[test]
fn what_a_crash_left_behind_is_never_seen_and_swept_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    fs::write(folder.path().join("manifest.tmp"), "{\"format_ver").unwrap();
    let half = folder.path().join(format!("tables/{}.tmp", "0a".repeat(32)));
    fs::write(&half, "PAR").unwrap();
    assert_eq!(count(&store), 3);
    store.add(&[bundle("b-1", 1)]).unwrap();
    assert_eq!(count(&store), 4);
    assert!(!half.exists());
}

#[test]
fn a_swap_that_the_system_refuses_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    fs::create_dir(folder.path().join("manifest.tmp")).unwrap();
    assert!(matches!(store.add(&[bundle("b-1", 1)]), Err(Error::Io { .. })));
    assert_eq!(count(&store), 3);
    assert_eq!(fs::read_dir(folder.path().join("history")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(folder.path().join("tables")).unwrap().count(), 1);
    fs::remove_dir(folder.path().join("manifest.tmp")).unwrap();
    store.add(&[bundle("b-1", 1)]).unwrap();
    assert_eq!(count(&store), 4);
}

#[test]
fn adding_the_same_again_is_no_change_to_take_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    store.add(&[bundle("b-1", 1)]).unwrap();
    store.add(&[bundle("b-1", 1)]).unwrap();
    // A crash between the history and the swap: the history says what still is.
    fs::copy(store.manifest_path(), folder.path().join("history/000009.json")).unwrap();
    assert_eq!(store.undo().unwrap().removed, ["b-1"]);
    assert_eq!(store.undo().unwrap().removed, ["a-1"]);
    assert!(matches!(store.undo(), Err(Error::NothingToUndo { .. })));
}

#[test]
fn a_damaged_manifest_is_named_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    store.add(&[bundle("b-1", 1)]).unwrap();
    let whole = fs::read_to_string(store.manifest_path()).unwrap();
    for damaged in
        [whole.replacen("2020", "2021", 1), whole[..whole.len() / 2].to_owned(), String::new()]
    {
        fs::write(store.manifest_path(), &damaged).unwrap();
        let message = store.open().unwrap_err().to_string();
        assert!(
            message.contains("manifest.json") && message.contains("comity record undo"),
            "{message}"
        );
        assert!(store.add(&[bundle("c-1", 1)]).is_err() && store.verify().is_err());
        assert_eq!(fs::read_to_string(store.manifest_path()).unwrap(), damaged);
    }
    store.undo().unwrap();
    assert_eq!(count(&store), 3);
}

#[test]
fn a_folder_without_a_record_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path().join("none"));
    assert!(matches!(store.undo(), Err(Error::NoRecord { .. })));
    assert!(matches!(store.remove("a-1"), Err(Error::NoRecord { .. })));
    assert!(matches!(store.prefer("treaties", None), Err(Error::NoRecord { .. })));
    assert!(matches!(store.verify(), Err(Error::NoRecord { .. })));
    assert!(!store.folder().exists());
}

#[test]
fn two_writers_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let held = store.lock().unwrap();
    assert!(matches!(store_at(folder.path()).add(&[bundle("b-1", 1)]), Err(Error::Locked { .. })));
    assert_eq!(count(&store), 3);
    drop(held);
    store.add(&[bundle("b-1", 1)]).unwrap();
}

#[test]
fn one_flipped_byte_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 300)]).unwrap();
    let file = fs::read_dir(folder.path().join("tables")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let bad = store.verify().unwrap().bad;
    assert_eq!(bad.len(), 1);
    assert!(bad[0].error.to_string().contains("SHA-256"), "{}", bad[0].error);
    assert!(matches!(store.open().unwrap().every("vetoes"), Err(Error::Damaged { .. })));
    bytes.truncate(middle);
    fs::write(&file, &bytes).unwrap();
    assert!(store.verify().unwrap().bad[0].error.to_string().contains("bytes"));
    fs::remove_file(&file).unwrap();
    assert!(store.verify().unwrap().bad[0].error.to_string().contains("gone"));
}

#[test]
fn the_fingerprint_is_over_what_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (store_at(folder.path().join("1")), store_at(folder.path().join("2")));
    let mut later = bundle("a-1", 3);
    later.source.added = "2030-12-31".into();
    one.add(&[bundle("a-1", 3)]).unwrap();
    one.add(&[bundle("b-1", 2)]).unwrap();
    two.add(&[bundle("b-1", 2)]).unwrap();
    two.add(&[later]).unwrap();
    let print = |s: &Store| s.open().unwrap().fingerprint().unwrap();
    assert_eq!(print(&one), print(&two));
    let memory = Record::from_bundles(
        vec![bundle("b-1", 2), bundle("a-1", 3)],
        crate::reading::Preferences::default(),
    );
    assert_eq!(memory.unwrap().fingerprint().unwrap(), print(&one));
    two.add(&[bundle("a-1", 4)]).unwrap();
    assert_ne!(print(&one), print(&two));
}

#[test]
fn an_unknown_source_is_an_error_with_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 1)]).unwrap();
    assert!(store.remove("c-1").unwrap_err().to_string().contains("a-1"));
    let versions = store.remove("a").unwrap_err().to_string();
    assert!(versions.ends_with("its version in its id: a-1"), "{versions}");
    store.remove("a-1").unwrap();
    assert_eq!(count(&store), 0);
    store.prefer("treaties", None).unwrap();
    assert!(store.prefer("treaties", Some("nothing")).is_err());
}

/// Figures of a state and year from one file: (year, column, figure).
fn economy(file: &str, fills: &[&str], figures: &[(i32, &str, f64)]) -> SourceBundle {
    let mut made = TableRows::new(schema::table("economy").unwrap(), "e-1");
    for (year, column, figure) in figures {
        let cells = [("ccode", 2.into()), ("year", (*year).into()), (*column, (*figure).into())];
        made.push(&cells, format!("{file} {year}"));
    }
    let mut bundle = bundle("e-1", 0);
    bundle.source.relations = BTreeMap::from([("economy".to_owned(), Relation::Complement)]);
    bundle.source.files = vec![SourceFile {
        name: file.into(),
        bytes: 1,
        sha256: format!("{file}{figures:?}"),
        fills: fills.iter().map(|f| (*f).to_owned()).collect(),
        ..SourceFile::default()
    }];
    bundle.source.coverage = vec![Coverage::all("economy", figures[0].0, 2020)];
    bundle.source.notes = vec![format!("note of {file}"), "note of all".into()];
    bundle.source.unplaced =
        vec![Unplaced { table: "economy".into(), column: "c".into(), code: "X".into(), rows: 2 }];
    bundle.tables = vec![("economy", made.finish())];
    bundle
}

fn economies(store: &Store) -> usize {
    let record = store.open().unwrap();
    let table = schema::table("economy").unwrap();
    record.rows("e-1", table).unwrap().map_or(0, |b| b.num_rows())
}

#[test]
fn a_further_file_of_many_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    let gdp = economy("gdp", &[], &[(1990, "gdp_usd", 5.0), (1991, "gdp_usd", 6.0)]);
    let aid = economy("fdi", &[], &[(1991, "gdp_growth", 1.0), (1992, "gdp_growth", 2.0)]);
    assert_eq!(store.would_add(from_ref(&gdp)).unwrap().outcome("e-1"), Some(Outcome::Added));
    assert!(!store.exists());
    store.add(from_ref(&gdp)).unwrap();
    let before = store.open().unwrap().fingerprint().unwrap();
    let would = store.would_add(from_ref(&aid)).unwrap();
    assert_eq!(economies(&store), 2);
    let change = store.add(from_ref(&aid)).unwrap();
    assert_eq!(would, change);
    assert_eq!(
        (change.outcome("e-1"), change.kept["e-1"]["economy"]),
        (Some(Outcome::Extended), 2)
    );
    // The figures of 1991 are one row.
    assert_eq!(economies(&store), 3);
    let record = store.open().unwrap();
    let source = record.source("e-1").unwrap();
    assert_eq!(source.files.len(), 2);
    assert_eq!(source.coverage.len(), 2);
    assert_eq!(source.notes, ["note of all", "note of fdi", "note of gdp"]);
    assert_eq!(source.unplaced[0].rows, 4);
    assert_eq!(store.add(&[gdp]).unwrap().outcome("e-1"), Some(Outcome::Unchanged));
    assert_eq!(store.undo().unwrap().replaced, ["e-1"]);
    assert_eq!(store.open().unwrap().fingerprint().unwrap(), before);
    store.add(&[aid]).unwrap();
    assert_eq!(store.verify().unwrap().bad.len(), 0);
}

#[test]
fn a_further_file_that_contradicts_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[economy("gdp", &[], &[(1990, "gdp_usd", 5.0)])]).unwrap();
    let later = economy("gdp-2", &[], &[(1990, "gdp_usd", 5.5)]);
    let message = store.add(&[later]).unwrap_err().to_string();
    assert!(
        message.contains("economy ccode=2 year=1990: `gdp_usd` is 5.0 in the record and 5.5"),
        "{message}"
    );
    assert!(message.contains("comity record remove e-1"), "{message}");
    assert_eq!(economies(&store), 1);
}

#[test]
fn a_file_of_another_role_extends_and_one_of_the_same_role_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    let a = economy("a", &["national"], &[(1990, "gdp_usd", 5.0)]);
    let newer = economy("a2", &["national"], &[(1990, "gdp_usd", 6.0)]);
    let b = economy("b", &["dyadic"], &[(1950, "gdp_usd", 1.0)]);
    store.add(from_ref(&a)).unwrap();
    assert_eq!(store.add(from_ref(&newer)).unwrap().outcome("e-1"), Some(Outcome::Replaced));
    assert_eq!(store.add(from_ref(&b)).unwrap().outcome("e-1"), Some(Outcome::Extended));
    assert_eq!(economies(&store), 2);
    // One of the two files is given anew: the other's rows would go with it.
    let message = store.add(from_ref(&a)).unwrap_err().to_string();
    assert!(message.contains("is in the record with b, whose rows would be lost"), "{message}");
    assert!(message.contains("for a2 is given anew without b"), "{message}");
    let mut whole = a;
    whole.source.files.extend(b.source.files);
    assert_eq!(store.add(from_ref(&whole)).unwrap().outcome("e-1"), Some(Outcome::Replaced));
    assert_eq!(economies(&store), 1);
    whole.source.added = "2030-01-01".into();
    assert_eq!(store.add(from_ref(&whole)).unwrap().unchanged, ["e-1"]);
    assert!(matches!(store.add(&[whole.clone(), whole]), Err(Error::TwiceGiven(_))));
}
