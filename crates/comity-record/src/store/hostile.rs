//! A record folder in which others put things: nothing foreign is touched, nothing is waited for, nothing panics.

use arrow::array::new_null_array;

use super::tests::{bundle, count, store_at};
use super::*;

#[test]
fn what_a_person_keeps_in_the_folder_of_a_record_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let hash = "0b".repeat(32);
    let kept = [
        "tables/my figures.xlsx".to_owned(),
        "tables/mine.parquet".to_owned(),
        format!("tables/{}.parquet", hash.to_uppercase()),
        format!("tables/{hash}.csv"),
        "history/2020.json".to_owned(),
        "history/notes.txt".to_owned(),
        "notes.md".to_owned(),
    ];
    for name in &kept {
        fs::write(folder.path().join(name), "mine").unwrap();
    }
    fs::create_dir(folder.path().join(format!("tables/{hash}.parquet"))).unwrap();
    for n in 0..KEPT + 3 {
        store.add(&[bundle("b-1", n + 1)]).unwrap();
    }
    assert_eq!(store.history().unwrap().len(), KEPT);
    store.undo().unwrap();
    store.remove("a-1").unwrap();
    for name in &kept {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "mine", "{name}");
    }
    assert!(folder.path().join(format!("tables/{hash}.parquet")).is_dir());
}

#[cfg(unix)]
#[test]
fn a_record_is_not_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let own = elsewhere.join(format!("{}.parquet", "0c".repeat(32)));
    fs::write(&own, "theirs").unwrap();
    let target = elsewhere.join("target");
    fs::write(&target, "theirs").unwrap();
    let home = folder.path().join("record");
    for (name, to) in [
        ("tables", &elsewhere),
        ("history", &elsewhere),
        ("manifest.tmp", &target),
        ("manifest.json", &target),
        ("lock", &target),
        ("lock", &elsewhere.join("not there")),
    ] {
        let store = store_at(&home);
        store.add(&[bundle("a-1", 3)]).unwrap();
        let link = home.join(name);
        let _ = fs::rename(&link, home.join("aside"));
        symlink(to, &link).unwrap();
        let message = store.add(&[bundle("b-1", 1)]).unwrap_err().to_string();
        assert!(message.contains("it is a link"), "{name}: {message}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&own).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 2);
        fs::remove_dir_all(&home).unwrap();
    }
    // A link among the tables is neither followed nor taken away.
    let store = store_at(&home);
    store.add(&[bundle("a-1", 3)]).unwrap();
    let link = home.join(format!("tables/{}.parquet", "0d".repeat(32)));
    symlink(&own, &link).unwrap();
    store.add(&[bundle("b-1", 1)]).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&own).unwrap(), "theirs");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_record_is_named_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    for name in ["manifest.json", "lock", "manifest.tmp", "tables/TABLE"] {
        let store = store_at(&home);
        store.add(&[bundle("a-1", 3)]).unwrap();
        let table = &store.manifest().unwrap().sources[0].tables[0].file;
        let path = home.join(name.replace("TABLE", table));
        let _ = fs::remove_file(&path);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let message = if name.starts_with("tables") {
            store.verify().unwrap().bad[0].error.to_string()
        } else {
            store.add(&[bundle("b-1", 1)]).unwrap_err().to_string()
        };
        assert!(message.contains("a pipe or a device"), "{name}: {message}");
        fs::remove_dir_all(&home).unwrap();
    }
}

/// Puts a Parquet file in the place of a table, with a manifest that names it.
fn planted(store: &Store, rows: &arrow::array::RecordBatch, claimed: usize) {
    let bytes = parquet(rows).unwrap();
    let mut manifest = store.manifest().unwrap();
    let entry = &mut manifest.sources[0].tables[0];
    entry.sha256 = crate::sha256(&bytes);
    entry.file = format!("{}.parquet", entry.sha256);
    entry.bytes = bytes.len() as u64;
    entry.rows = claimed;
    fs::write(store.folder().join("tables").join(&entry.file), bytes).unwrap();
    fs::write(store.manifest_path(), manifest.to_text()).unwrap();
}

#[test]
fn a_table_that_lies_about_its_rows_is_refused_before_room_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let schema = schema::table("vetoes").unwrap().schema();
    let nothing = |rows: usize| {
        let columns = schema.fields().iter().map(|f| new_null_array(f.data_type(), rows));
        arrow::array::RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap()
    };
    let message = |rows: usize, claimed: usize| {
        planted(&store, &nothing(rows), claimed);
        let bad = store.verify().unwrap().bad;
        assert_eq!(bad.len(), 1);
        assert!(store.open().unwrap().every("vetoes").is_err());
        bad[0].error.to_string()
    };
    let text = message(10, 9);
    assert!(text.contains("it has 10 rows, the manifest says 9"), "{text}");
    // Rows without a value take no room in the file.
    let many = 4_000_000;
    let text = message(many, many);
    assert!(text.contains(&format!("it says that it has {many} rows in ")), "{text}");
    planted(&store, &nothing(10), 10);
    assert!(store.verify().unwrap().bad.is_empty());
}

#[test]
fn what_undo_would_bring_back_is_verified_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let first = store.manifest().unwrap().sources[0].tables[0].file.clone();
    store.add(&[bundle("a-1", 5)]).unwrap();
    let good = store.verify().unwrap();
    assert_eq!((good.good, good.bad.len()), (4, 0), "two tables and two manifests");
    fs::write(folder.path().join("tables").join(first), "PAR1").unwrap();
    let bad = store.verify().unwrap().bad;
    assert_eq!((bad.len(), bad[0].source.as_str()), (1, "a-1 of history/000002.json"));
    fs::write(folder.path().join("history/000002.json"), "{}").unwrap();
    let bad = store.verify().unwrap().bad;
    assert_eq!((bad.len(), bad[0].source.as_str()), (1, "history/000002.json"));
}

#[test]
fn a_damaged_table_is_restored_by_removing_its_source_and_adding_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 3)]).unwrap();
    let file = store.manifest().unwrap().sources[0].tables[0].file.clone();
    fs::write(folder.path().join("tables").join(file), "PAR1").unwrap();
    assert_eq!(store.verify().unwrap().bad.len(), 1);
    store.remove("a-1").unwrap();
    store.add(&[bundle("a-1", 3)]).unwrap();
    assert_eq!(store.verify().unwrap().bad.len(), 0);
    assert_eq!(count(&store), 3);
}

/// A small generator with a fixed beginning.
fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |sides| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % sides.max(1)
    }
}

/// Reads everything that the manifest of a record says; whether it is one.
fn exercised(store: &Store) -> bool {
    let _ = store.would_add(&[bundle("b-1", 1)]);
    let _ = store.verify();
    let Ok(record) = store.open() else { return false };
    let baseline = record.baseline();
    let _ = (record.coverage("vetoes", &baseline), record.every("vetoes"), record.last_year());
    true
}

fn changed(bytes: &mut Vec<u8>, dice: &mut impl FnMut(usize) -> usize) {
    let at = dice(bytes.len());
    let to = (at + dice(40)).min(bytes.len());
    match dice(5) {
        0 if at < bytes.len() => bytes[at] = dice(256) as u8,
        1 => drop(bytes.drain(at..to)),
        2 => {
            let piece = bytes[at..to].to_vec();
            drop(bytes.splice(at..at, piece));
        }
        3 => bytes.truncate(at),
        _ => {
            let noise: Vec<u8> = (0..dice(30)).map(|_| dice(256) as u8).collect();
            drop(bytes.splice(at..to, noise));
        }
    }
}

/// Another value in the place of one, somewhere.
fn altered(value: &mut serde_json::Value, dice: &mut impl FnMut(usize) -> usize) {
    const STRANGE: [&str; 20] = [
        "0",
        "-1",
        "18446744073709551615",
        "2147483648",
        "-2147483648",
        "null",
        "true",
        "\"\"",
        "\"\\u0000\"",
        "\"../../x\"",
        "[]",
        "{}",
        "[[]]",
        "9999",
        "10000",
        "\"rival\"",
        "\"treaties\"",
        "\"all\"",
        "3.5",
        "\"\\u202e\\u001b[31m\"",
    ];
    let length = match &*value {
        serde_json::Value::Array(list) => list.len(),
        serde_json::Value::Object(map) => map.len(),
        _ => 0,
    };
    if length == 0 || dice(8) == 0 {
        *value = serde_json::from_str(STRANGE[dice(STRANGE.len())]).unwrap();
        return;
    }
    let n = dice(length);
    match value {
        serde_json::Value::Array(list) => altered(&mut list[n], dice),
        serde_json::Value::Object(map) => altered(map.values_mut().nth(n).unwrap(), dice),
        _ => {}
    }
}

#[test]
fn no_bytes_of_a_manifest_make_the_program_panic() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 1), bundle("c-1", 2)]).unwrap();
    assert_eq!(count(&store), 3);
    let whole = fs::read_to_string(store.manifest_path()).unwrap();
    let mut dice = dice(13);
    // Bytes that are changed, dropped, doubled or foreign: the checksum finds each of them.
    for _ in 0..2_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=dice(3) {
            changed(&mut bytes, &mut dice);
        }
        fs::write(store.manifest_path(), &bytes).unwrap();
        assert!(bytes == whole.as_bytes() || store.open().is_err());
    }
    let deep = ["[".repeat(100_000), "{\"a\":".repeat(100_000), "9".repeat(100_000)];
    let short = ["", "null", "{}", "\"", "\u{feff}{}", "1e999"];
    for text in deep.iter().map(String::as_str).chain(short) {
        fs::write(store.manifest_path(), text).unwrap();
        assert!(store.open().is_err());
    }
    // Values that are foreign, in a manifest whose checksum is right.
    let value: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let mut opened = 0;
    for _ in 0..400 {
        let mut value = value.clone();
        for _ in 0..=dice(2) {
            altered(&mut value, &mut dice);
        }
        let Some(map) = value.as_object_mut() else { continue };
        map.insert("checksum".into(), "".into());
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        let sum = format!("\"checksum\": \"{}\"", crate::sha256(text.as_bytes()));
        fs::write(store.manifest_path(), text.replacen("\"checksum\": \"\"", &sum, 1)).unwrap();
        opened += usize::from(exercised(&store));
    }
    assert!(opened > 20, "{opened} of 400 were records");
}

#[test]
fn a_manifest_is_read_up_to_a_size() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_at(folder.path());
    store.add(&[bundle("a-1", 1)]).unwrap();
    // Long, and without a byte on the disk.
    fs::File::create(store.manifest_path()).unwrap().set_len(1 << 40).unwrap();
    let message = store.open().unwrap_err().to_string();
    assert!(message.contains("it has 1099511627776 bytes, and"), "{message}");
}
