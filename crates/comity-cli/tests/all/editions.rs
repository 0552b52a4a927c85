//! Newer editions of a dataset, as their users meet them.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

/// The program on a record in a folder, or on the starter where there is none: exit code, output and errors.
fn run(record: &Path, args: &[&str]) -> (i32, String, String) {
    let adds = args.starts_with(&["record", "add"]);
    let named = (adds || record.exists()).then(|| ["--record".as_ref(), record.as_os_str()]);
    let output = Command::cargo_bin("comity")
        .unwrap()
        .args(args)
        .args(named.into_iter().flatten())
        .env_remove("COMITY_RECORD")
        .env("XDG_DATA_HOME", record.with_extension("nothing"))
        .env("NO_COLOR", "1")
        .env("COLUMNS", "200")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// As many conflicts as an edition has at least, the last of them in 2025.
fn conflicts(mark: &str) -> String {
    let mut text = "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,intensity_level,cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,ep_end_date,ep_end_prec,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version\n".to_owned();
    for id in 1..=2_760 {
        let year = if id == 2_760 { 2025 } else { 1946 + id % 79 };
        let _ = writeln!(
            text,
            "{id},Here,Government of Here,1,,Rebels,2,,2,,{year},1,0,3,{year}-03-01,1,{year}-03-01,1,0,,,2,,,,2,5,{mark}"
        );
    }
    text
}

#[test]
fn a_newer_edition_needs_no_flag_and_is_marked_wherever_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (record, file) = (folder.path().join("record"), folder.path().join("f.csv"));
    let path = file.to_str().unwrap();
    fs::write(&file, conflicts("24.1")).unwrap();
    let (code, _, err) = run(&record, &["record", "add", path]);
    assert_eq!(code, 2);
    assert!(
        err.contains("in version 24.1, which is not known here") && err.contains("--loose"),
        "{err}"
    );

    fs::write(&file, conflicts("26.1")).unwrap();
    let marked = "ucdp-acd-26.1 (not yet reviewed)";
    let (code, out, err) = run(&record, &["record", "add", path, "--dry-run"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&format!("would add {marked}")), "{out}");
    let (code, out, err) = run(&record, &["record", "add", path]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&format!("added {marked}")), "{out}");
    for args in
        [vec!["record", "info"], vec!["record", "cite"], vec!["record", "sources", "ucdp-acd"]]
    {
        let (code, out, err) = run(&record, &args);
        assert!(code == 0 && out.contains(marked), "{args:?}: {out}{err}");
    }
    let (_, out, _) = run(&record, &["record", "info", "--format", "json"]);
    let info: serde_json::Value = serde_json::from_str(&out).unwrap();
    let sources = info["sources"].as_array().unwrap();
    let source = sources.iter().find(|s| s["id"] == "ucdp-acd-26.1").unwrap();
    assert_eq!(source["unreviewed"], true);
    assert!(source["coverage"].as_array().unwrap().iter().all(|c| c["to"] == 2025), "{source}");

    let table = folder.path().join("t.csv");
    let columns = ["panel", "state-years", "--with", "ucdp", "--years", "2015-2016", "-o"];
    let args: Vec<&str> = columns.into_iter().chain([table.to_str().unwrap()]).collect();
    let (code, _, err) = run(&record, &args);
    assert_eq!(code, 0, "{err}");
    let mut beside = fs::read_dir(folder.path()).unwrap().filter_map(Result::ok).map(|e| e.path());
    let sidecar = beside.find(|p| p.extension().is_some_and(|e| e == "json")).unwrap();
    assert!(fs::read_to_string(sidecar).unwrap().contains(marked));
}

#[test]
fn the_newest_edition_known_is_named_with_what_it_would_move() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let (code, out, err) = run(&record, &["record", "sources", "icb"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("icb-16 (released 2025, to 2021; not yet reviewed)"), "{out}");
    let (_, out, _) = run(&record, &["record", "sources", "ucdp-acd"]);
    assert!(
        out.contains("https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-261-csv.zip"),
        "{out}"
    );
    assert!(out.contains("It would move"), "{out}");
    let (_, out, _) = run(&record, &["record", "sources", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&out).unwrap();
    let of = |id: &str| all["datasets"].as_array().unwrap().iter().find(|d| d["id"] == id).unwrap();
    assert_eq!(of("ucdp-acd")["newest"]["version"], "26.1");
    assert_eq!(of("ucdp-acd")["newest"]["last_year"], 2025);
    assert_eq!(of("gsdb")["newest"]["reviewed"], true);
    // Every dataset with editions says which commitments its newest one would move, and how far.
    for dataset in all["datasets"].as_array().unwrap() {
        let commitments = dataset["commitments"].as_array().unwrap();
        let Some(moves) = dataset["newest"]["moves"].as_array() else { continue };
        let moved = |id: &serde_json::Value| moves.iter().any(|m| m["commitment"] == *id);
        assert!(commitments.iter().all(moved), "{dataset}");
        for m in moves {
            let year = |name: &str| m[name].as_i64().unwrap_or(i64::MIN);
            assert!(year("would_be_known_to") >= year("known_to"), "{m}");
        }
    }
}
