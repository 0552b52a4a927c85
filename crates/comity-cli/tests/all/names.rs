//! What a command suggests the next takes; a name is read by the years; a record that the environment names may be new.

use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

struct Answer {
    code: i32,
    out: String,
    err: String,
}

fn asked(args: &[&str], record: Option<&std::ffi::OsStr>) -> Answer {
    let mut command = Command::cargo_bin("comity").unwrap();
    let nothing = concat!(env!("CARGO_TARGET_TMPDIR"), "/nothing");
    command.env("XDG_DATA_HOME", nothing).env("HOME", nothing).env("NO_COLOR", "1");
    match record {
        Some(folder) => command.env("COMITY_RECORD", folder),
        None => command.env_remove("COMITY_RECORD"),
    };
    let output = command.args(args).output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What stands behind `comity audit` in an answer.
fn suggested(answer: &str) -> Vec<String> {
    let lines = answer.lines().filter_map(|l| l.trim().strip_prefix("comity audit "));
    lines.map(|l| l.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn a_code_that_is_suggested_is_taken() {
    for (typed, ccode) in [
        ("CHE", "225"),
        ("Slovenia", "349"),
        ("Montenegro", "341"),
        ("Austria", "305"),
        ("Czechoslovakia", "315"),
    ] {
        let card = asked(&["states", typed], None);
        let codes = suggested(&card.out);
        assert_eq!(codes.len(), 1, "{}", card.out);
        let again = asked(&["states", &codes[0], "--format", "json"], None);
        assert_eq!(again.code, 0, "{typed}: {}", again.err);
        assert_eq!(again.out.matches("\"ccode\"").count(), 1, "{typed}");
        assert!(again.out.contains(&format!("\"ccode\": {ccode}")), "{typed}: {}", again.out);
    }
    for shared in ["AUS", "SWZ", "MNG", "SLV"] {
        let refused = asked(&["audit", shared], None);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains("to the Correlates of War and"), "{}", refused.err);
        let choices: Vec<&str> = refused
            .err
            .lines()
            .filter(|l| l.starts_with("      "))
            .filter_map(|l| l.split_whitespace().next())
            .collect();
        assert_eq!(choices.len(), 2, "{}", refused.err);
        for choice in choices {
            assert_eq!(
                asked(&["states", choice], None).out.lines().next().map(|l| l.contains(" to the ")),
                Some(false),
                "{choice}"
            );
        }
    }
}

#[test]
fn a_new_folder_in_the_environment_is_an_empty_record() {
    let home = tempfile::tempdir().unwrap();
    let new = home.path().join("new");
    let query = ["query", "select count(*) as n from states where ccode = 710", "--format", "csv"];
    for args in [
        &["record", "info"][..],
        &["record", "coverage", "CHN"],
        &["record", "cite"],
        &["record", "verify"],
        &["states", "CHN"],
        &["panel", "groups", "majors"],
        &query,
    ] {
        let answer = asked(args, Some(new.as_os_str()));
        assert_eq!(answer.code, 0, "{args:?}: {}", answer.err);
        assert!(!new.exists());
    }
    // An empty variable is no variable.
    assert_eq!(asked(&query, Some("".as_ref())).out, asked(&query, None).out);
    assert_eq!(asked(&query, Some("".as_ref())).out, "n\n1\n");
    // A folder of other things is none, and a folder that a flag names must be one.
    std::fs::write(home.path().join("mine.txt"), "x").unwrap();
    let other = asked(&query, Some(home.path().as_os_str()));
    assert!(other.code == 2 && other.err.contains("holds no record"), "{}", other.err);
    let mut flag = query.to_vec();
    flag.extend(["--record", new.to_str().unwrap()]);
    assert_eq!(asked(&flag, None).code, 2);
}

#[test]
fn the_first_change_is_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine.csv");
    std::fs::write(
        &mine,
        "organization,ccode,kind,start_year,end_year\nRIVER,710,full,1990,2000\n",
    )
    .unwrap();
    let folder = home.path().join("record");
    let of = |args: &[&str]| asked(args, Some(folder.as_os_str()));
    let added =
        of(&["record", "add", &format!("{}/*.csv", home.path().display()), "--as", "memberships"]);
    assert_eq!(added.code, 0, "{}", added.err);
    let count = [
        "query",
        "select count(*) as n from every.memberships where organization = 'RIVER'",
        "--format",
        "csv",
    ];
    assert_eq!(of(&count).out, "n\n1\n");
    let undone = of(&["record", "undo"]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    assert!(undone.out.contains("took out own-mine-1"), "{}", undone.out);
    assert_eq!(of(&count).out, "n\n0\n");
    assert_eq!(of(&["record", "undo"]).code, 2);
}

#[test]
fn tables_are_described_in_queries_and_datasets_found_by_a_word() {
    let votes = asked(&["query", "describe votes", "--format", "csv"], None);
    let vote = votes.out.lines().find(|l| l.starts_with("vote,")).unwrap();
    assert!(vote.contains("1 yes; 2 abstained; 3 no; 8 absent"), "{vote}");
    assert!(
        asked(&["query", "SHOW TABLES;", "--format", "csv"], None).out.contains("\nvotes,table,")
    );
    let wrong = asked(&["query", "describe vote"], None);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `votes`"), "{}", wrong.err);
    let mid = asked(&["record", "sources", "mid"], None);
    assert!(mid.out.contains("cow-mid") && mid.out.contains("gml-mid"), "{}", mid.out);
    let page = asked(&["man", "record", "add"], None);
    assert!(page.code == 0 && page.out.contains(".SH"), "{}", page.err);
    assert!(asked(&["help", "audit"], None).out.contains("Examples:"));
}
