//! The program as its users meet it: exit codes, output that cannot be written, pipes that break,
//! hostile documents, and the same bytes twice.
#![allow(clippy::unwrap_used)]

mod disk;

use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::assert::OutputAssertExt;
use assert_cmd::cargo::CommandCargoExt;

/// The program on the starter alone, whatever the user of this machine has.
fn comity() -> Command {
    let mut command = Command::cargo_bin("comity").unwrap();
    command
        .env_remove("COMITY_RECORD")
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/nothing"))
        .env("HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/nothing"))
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS");
    command
}

/// Some of everything: something refrained from, something striven for, a goal.
const FEW: [&str; 6] = [
    "--commitment",
    "no-great-power-alliance",
    "--commitment",
    "show-up",
    "--commitment",
    "world-peace",
];

fn run(args: &[&str]) -> (i32, String, String) {
    let output = comity().args(args).output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[track_caller]
fn fails_with(args: &[&str], parts: &[&str]) {
    let (code, out, err) = run(args);
    assert_eq!(code, 2, "{args:?}: {out}{err}");
    assert_eq!(out, "", "{args:?}");
    for part in parts {
        assert!(err.contains(part), "{args:?} does not say {part:?}:\n{err}");
    }
    assert_eq!(err.matches("error: ").count(), 1, "{err}");
}

#[test]
fn without_arguments_it_says_how_to_begin() {
    let (code, out, _) = run(&[]);
    assert_eq!(code, 0);
    for command in ["comity audit CHN", "comity why CHN", "--format html"] {
        assert!(out.contains(command), "{out}");
    }
}

#[test]
fn an_audit_answers_first_and_says_what_to_do_next() {
    let (code, out, err) = run(&["audit", "CHN"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for part in [
        "China (CHN), since 1949: An independent foreign policy of peace\nNo alliance with a great power: broken in ",
        "\nno-great-power-alliance  ",
        "What would answer the rest",
        "Sources used (",
        "comity why CHN ",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
    assert!(!out.contains('\u{1b}'));
}

#[test]
fn colours_and_signs_are_those_that_are_understood() {
    let alliance = [
        "audit",
        "CHN",
        "--commitment",
        "no-great-power-alliance",
        "--from",
        "1979",
        "--to",
        "1982",
    ];
    let with = |more: &[&str], locale: &str| {
        let mut command = comity();
        let output = command.env("LC_ALL", locale).args(alliance).args(more).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = with(&[], "C.UTF-8");
    assert!(plain.contains("  ██▁▁  50 %") && !plain.contains('\u{1b}'), "{plain}");
    assert_eq!(with(&["--color", "never"], "C.UTF-8"), plain);
    let colours = with(&["--color=always"], "C.UTF-8");
    assert!(colours.contains("\u{1b}[1m\u{1b}[31m██"), "{colours}");
    let ascii = with(&[], "C");
    assert!(ascii.is_ascii() && ascii.contains("  ##__  50 %"), "{ascii}");
}

#[test]
fn without_a_year_why_tells_the_last_change() {
    let (code, out, err) = run(&["why", "CHN", "no-great-power-alliance", "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let before = &json["change"]["before"];
    assert_eq!(before[0].as_i64().map(|year| year + 1), json["year"].as_i64(), "{json}");
    assert_ne!(before[1], json["verdict"], "{json}");
    let (code, out, _) = run(&["why", "CHN", "no-great-power-alliance"]);
    assert_eq!(code, 0);
    assert!(out.contains("This is the last change: ") && out.lines().count() <= 24, "{out}");
}

#[test]
fn fail_on_sets_the_exit_code_after_the_output() {
    let alliance = [
        "audit",
        "CHN",
        "--commitment",
        "no-great-power-alliance",
        "--from",
        "1951",
        "--to",
        "1953",
    ];
    let with = |verdict: &'static str| run(&[&alliance[..], &["--fail-on", verdict]].concat());
    assert_eq!(run(&alliance).0, 0);
    assert_eq!(with("broken").0, 1);
    assert_eq!(with("strained").0, 1);
    assert_eq!(with("contested").0, 0);
    assert!(with("broken").1.contains("no-great-power-alliance"));
    assert_eq!(with("bad").0, 2);
}

#[test]
fn mistakes_get_one_error_and_a_way_out() {
    fails_with(&["audit"], &["no state to audit", "comity audit CHN"]);
    fails_with(&["audit", "Atlantis"], &["Atlantis"]);
    fails_with(&["audit", "Chnia"], &["Chnia", "China"]);
    fails_with(&["audit", "CHN", "--from", "1990", "--to", "1980"], &["backwards"]);
    fails_with(
        &["audit", "CHN", "--commitment", "no-use-of-forse"],
        &["did you mean `no-use-of-force`"],
    );
    fails_with(
        &["audit", "CHN", "--policy", "independant-peace"],
        &["did you mean `independent-peace`"],
    );
    fails_with(&["audit", "CHN", "--policy", "no/such.md"], &["no/such.md"]);
    fails_with(&["audit", "CHN", "--source", "treaty=atop"], &["treaty", "`treaties`"]);
    fails_with(&["audit", "CHN", "--source", "atop"], &["FAMILY=ID"]);
    fails_with(&["audit", "CHN", "--without", "710"], &["--without A:B"]);
    fails_with(&["audit", "CHN", "--record", "/no/such/record"], &["/no/such/record"]);
    fails_with(&["audit", "--all", "--format", "html"], &["a page holds up to"]);
    fails_with(&["why", "CHN", "no-use-of-force", "1500"], &["1500"]);
}

#[test]
fn an_output_that_cannot_be_written_is_told_and_leaves_nothing() {
    fails_with(
        &["audit", "CHN", "--output", "/no/such/folder/a.txt"],
        &["/no/such/folder/a.txt", "its folder does not exist"],
    );
    let folder = tempfile::tempdir().unwrap();
    fails_with(&["audit", "CHN", "--output", folder.path().to_str().unwrap()], &["is a folder"]);
    let kept = folder.path().join("kept.txt");
    std::fs::write(&kept, "old").unwrap();
    fails_with(&["audit", "Atlantis", "--output", kept.to_str().unwrap()], &["Atlantis"]);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "old");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a temporary file was left behind"
    );
}

#[test]
fn a_broken_pipe_is_no_error() {
    for args in [
        &["audit", "CHN", "IND", "USA", "--format", "json"][..],
        &["audit", "CHN"],
        &["states"],
        &["policy", "show", "independent-peace"],
    ] {
        let mut child =
            comity().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        assert!(output.status.success(), "{args:?}");
    }
}

#[test]
fn the_same_question_gets_the_same_bytes() {
    for format in ["text", "json", "csv", "md", "html", "junit"] {
        let mut args = vec!["audit", "CHN", "IND", "--format", format, "--evidence"];
        args.extend(["--without", "CHN:IND"]);
        args.extend(FEW);
        let (code, out, _) = run(&args);
        assert_eq!(code, 0, "{format}");
        assert_eq!(out, run(&args).1, "{format}");
    }
}

#[test]
fn a_file_holds_what_standard_output_would() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chn.html");
    let page = [&["audit", "CHN", "--format", "html"], &FEW[..]].concat();
    let to_file = [&page[..], &["--output", path.to_str().unwrap()]].concat();
    assert_eq!(run(&to_file), (0, String::new(), String::new()));
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, run(&page).1);
    assert!(!written.contains(folder.path().to_str().unwrap()), "no path in a page");
}

/// A policy that anyone may send.
const HOSTILE: &str = r#"+++
id = "hostile"
title = "<script>alert('title')</script>"
principles = ["sovereignty"]
+++

# Article <img src=x onerror=alert(1)>

<script>alert(1)</script> [a](javascript:alert(2)) ![b](https://example.org/track.png)
<iframe src="https://example.org"></iframe>

## Title "><script>alert(3)</script> {#no-x .refrain principles="sovereignty"}

<a href="data:text/html,x" onclick="alert(4)">raw</a> [c](https://example.org/?q="onmouseover=alert(5))

```sql evidence name=x
select p.ccode as state, p.year, 'breach' as severity,
       '<img src=x onerror=alert(6)>' as what, p.source, p.source_row, '=1+1' as label
from pledge_years p
```
"#;

fn hostile(folder: &Path) -> String {
    let path = folder.join("hostile.md");
    std::fs::write(&path, HOSTILE).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_hostile_policy_makes_a_harmless_page() {
    let folder = tempfile::tempdir().unwrap();
    let (code, page, err) =
        run(&["audit", "CHN", "--policy", &hostile(folder.path()), "--format", "html"]);
    assert_eq!(code, 0, "{err}");
    assert!(page.contains("&lt;img src=x onerror=alert(6)&gt;"));
    for tag in page.split('<').skip(1).filter_map(|t| t.split('>').next()) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        assert!(
            !matches!(name, "script" | "img" | "iframe" | "object" | "form" | "link"),
            "<{tag}>"
        );
        // Outside quoted values no attribute may have come in.
        let bare: String = tag.split('"').step_by(2).collect();
        for attribute in ["onerror", "onclick", "onmouseover", "javascript:", "data:"] {
            assert!(!bare.contains(attribute), "<{tag}>");
        }
        assert!(!tag.contains("href=\"javascript") && !tag.contains("href=\"data"), "<{tag}>");
    }
}

#[test]
fn a_hostile_policy_makes_a_harmless_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    let (code, csv, err) = run(&[
        "audit",
        "CHN",
        "--policy",
        &hostile(folder.path()),
        "--format",
        "csv",
        "--evidence",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(csv.contains(",'=1+1,"), "{csv}");
}

#[test]
fn a_policy_with_errors_is_shown_them_all_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.md");
    let text = HOSTILE
        .replace("p.year,", "p.yeer,")
        .replace("principles=\"sovereignty\"", "principles=\"sovereignity\"");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let (code, out, err) = run(&["policy", "check", path]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("sovereignity"), "{err}");
    assert!(err.contains("yeer"), "{err}");
    assert!(err.contains("bad.md:17:"), "{err}");
    assert!(out.contains("2 errors"), "{out}");
    let (code, _, err) = run(&["audit", "CHN", "--policy", path]);
    assert_eq!(code, 2);
    assert!(err.contains("comity policy check"), "{err}");
}

#[test]
fn a_new_policy_is_sound_passes_its_tests_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.md");
    let path = path.to_str().unwrap();
    assert_eq!(run(&["policy", "new", path]).0, 0);
    comity().args(["policy", "check", path]).assert().success();
    comity().args(["policy", "test", path]).assert().success();
    comity().args(["audit", "CHN", "--policy", path]).assert().success();
    fails_with(&["policy", "new", path], &["is there already"]);
}

#[test]
fn a_test_that_fails_exits_with_one_and_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.md");
    let text = run(&["policy", "new"]).1.replace("| broken", "| strained");
    std::fs::write(&path, text).unwrap();
    let (code, out, err) = run(&["policy", "test", path.to_str().unwrap()]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("expected strained, got broken"), "{out}");
}

#[test]
fn policies_that_are_no_text_are_refused_with_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.md");
    std::fs::write(&path, b"+++\nid = \"x\"\ntitle = \"Caf\xe9\"\n+++\n").unwrap();
    fails_with(&["policy", "check", path.to_str().unwrap()], &["latin.md:3", "0xE9", "UTF-8"]);
}

/// A policy of one block.
fn block(sql: &str) -> String {
    format!(
        "+++\nid = \"x\"\ntitle = \"X\"\nprinciples = [\"p\"]\n+++\n\n# A\n\n## B {{#b .refrain}}\n\nText.\n\n```sql evidence name=e\n{sql}\n```\n"
    )
}

#[test]
fn a_policy_that_asks_too_much_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.md");
    let columns = "'breach' as severity, 'w' as what, 's' as source, 'r' as source_row";
    let doubled = (1..24)
        .fold("with a0 as (select ccode as x from every.states)".to_owned(), |all, n| {
            format!("{all}, a{n} as (select p.x from a{} p, a{} q)", n - 1, n - 1)
        });
    for (sql, why) in [
        (
            format!("{doubled} select x as state, 1950 as year, {columns} from a23"),
            "more than 500 tables",
        ),
        (
            format!(
                "select ccode as state, year, {columns} from every.vetoes tablesample bernoulli (1)"
            ),
            "TABLESAMPLE",
        ),
        (
            format!(
                "select 2 as state, 1950 as year, {columns} from every.votes group by cube(ccode, year, {})",
                (0..20).map(|n| format!("year + {n}")).collect::<Vec<_>>().join(", ")
            ),
            "sets of groups",
        ),
    ] {
        std::fs::write(&file, block(&sql)).unwrap();
        let path = file.to_str().unwrap();
        for args in [
            &["policy", "check", path][..],
            &["audit", "CHN", "--policy", path],
            &["why", "CHN", "b", "1962", "--policy", path],
        ] {
            let (code, _, err) = run(args);
            assert_eq!(code, 2, "{args:?}: {err}");
            assert!(err.contains(why), "{args:?}: {err}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_worker_answers_as_the_program_does_and_serves_many_requests() {
    use comity::worker::{Bounds, Request, Worker};
    let worker = Worker::new(env!("CARGO_BIN_EXE_comity"), &["worker"], Bounds::default());
    let ask = |args: &[&str], input: &str| {
        let request = Request {
            args: args.iter().map(|a| (*a).to_owned()).collect(),
            input: input.as_bytes().to_vec(),
        };
        let answer = worker.run(&request).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (answer.code, text(answer.output), text(answer.errors))
    };
    let list = run(&["policy", "list"]);
    assert_eq!(ask(&["policy", "list"], ""), list);
    let (code, out, err) = ask(&["query", "--format", "csv"], "select 40 + 2 as x");
    assert_eq!((code, out.as_str(), err.as_str()), (0, "x\n42\n", ""));
    // What a command leaves unread is not the next one's, and an error ends nothing.
    assert_eq!(ask(&["policy", "list"], "select 1"), list);
    let (code, out, err) = ask(&["query", "--format", "csv"], "select");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("error: "), "{err}");
    assert_eq!(ask(&["nonsense"], "").0, 2);
    assert_eq!(ask(&["policy", "list"], ""), list);
}

#[test]
fn a_query_of_a_megabyte_is_not_told_back() {
    let (code, _, err) = run(&["query", &format!("select {}1 from", "1 + ".repeat(25_000))]);
    assert_eq!(code, 2);
    assert!(err.len() < 4_000, "{} bytes of error", err.len());
}

#[test]
fn a_query_about_half_a_year_or_no_state_is_refused_by_check_test_and_audit_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.md");
    let file = path.to_str().unwrap();
    let template = run(&["policy", "new"]).1;
    for (good, bad, said) in [
        ("p.year,", "cast(p.year as double) + 0.5 as year,", "the column `year` holds Float64"),
        ("p.ccode as state", "null as state", "the column `state` is null in every row"),
    ] {
        assert!(template.contains(good), "{template}");
        std::fs::write(&path, template.replacen(good, bad, 1)).unwrap();
        for command in [
            vec!["policy", "check", file],
            vec!["policy", "test", file],
            vec!["audit", "CHN", "--policy", file],
        ] {
            let (code, out, err) = run(&command);
            assert_eq!(code, 2, "{command:?}: {out}{err}");
            assert!(err.contains(said), "{command:?}: {err}");
        }
    }
    std::fs::write(
        &path,
        template.replacen("p.ccode as state", "nullif(p.ccode, p.ccode) as state", 1),
    )
    .unwrap();
    let said = "block `pledged`: `state` is null (year";
    let (code, _, err) = run(&["audit", "CHN", "--policy", file]);
    assert!(code == 2 && err.contains(said) && err.contains("source_row"), "{err}");
    let (code, out, _) = run(&["policy", "test", file]);
    assert!(code == 1 && out.contains(said) && out.contains("[test-not-run]"), "{out}");
}

#[test]
fn as_of_a_day_the_starter_says_that_nothing_is_known() {
    // Its facts are dated by no publication; who was a state stays.
    let (code, out, err) = run(&["audit", "CHN", "--as-of", "2015-06-30", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let commitments = report["audits"][0]["commitments"].as_array().unwrap();
    let verdicts = commitments.iter().flat_map(|c| c["verdicts"].as_array().unwrap());
    let mut seen = 0;
    for verdict in verdicts {
        assert!(
            ["unknown", "not-applicable"].contains(&verdict["verdict"].as_str().unwrap()),
            "{verdict}"
        );
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}
