//! Disks, memory and interrupts as they are, and text that means harm to a terminal.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use comity_record::rows::TableRows;
use comity_record::{Coverage, Relation, Source, SourceBundle, Store, schema};

use super::{comity, run};

/// What a terminal or a browser would obey, in each of the ways it can be written.
const HARM: &str = "x\u{1b}]0;owned\u{7}\u{1b}[95m\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200f}\u{8}\r\u{7f}\u{e0041}<b>";

fn hostile(text: &str) -> String {
    format!("{text} {HARM}")
}

/// A source whose every word is hostile, with a pledge of China's that an audit finds.
fn hostile_source() -> SourceBundle {
    let id = hostile("evil-1");
    let mut rows = TableRows::new(schema::table("pledges").unwrap(), id.clone());
    let cells = [
        ("treaty_id", hostile("1").into()),
        ("treaty", hostile("Treaty").into()),
        ("ccode", 710.into()),
        ("partner", 365.into()),
        ("defense", true.into()),
        ("start_year", 1950.into()),
        ("end_year", 1960.into()),
    ];
    rows.push(&cells, hostile("row"));
    SourceBundle {
        source: Source {
            id,
            dataset: hostile("evil"),
            version: hostile("1"),
            title: hostile("Title"),
            publisher: hostile("Publisher"),
            citation: hostile("Author. 2001. Title"),
            licence: hostile("Licence"),
            url: hostile("https://example.org/"),
            relations: BTreeMap::from([("treaties".to_owned(), Relation::Rival)]),
            added: hostile("2026-01-01"),
            coverage: vec![Coverage::all("pledges", 1945, 1970)],
            notes: vec![hostile("note")],
            ..Source::default()
        },
        tables: vec![("pledges", rows.finish())],
    }
}

fn is_obeyed(c: char) -> bool {
    !matches!(c, '\n' | '\t' | '\u{1b}') && comity_record::foreign::is_obeyed(c)
}

#[test]
fn hostile_text_of_a_source_reaches_no_terminal_and_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    Store::at(&home, comity_datasets::catalogue()).add(&[hostile_source()]).unwrap();
    let home = home.to_str().unwrap();
    let policy = folder.path().join("p.md");
    assert_eq!(run(&["policy", "new", policy.to_str().unwrap()]).0, 0);
    let audit = ["audit", "CHN", "--commitment", "no-great-power-alliance", "--evidence"];
    let with = |more: &[&'static str]| audit.iter().copied().chain(more.iter().copied()).collect();
    let query = "select treaty as \"a\u{1b}[95mb\", source from every.pledges where ccode = 710";
    let commands: Vec<Vec<&str>> = vec![
        vec!["record", "info"],
        vec!["record", "info", "--format", "json"],
        vec!["record", "info", "--unmapped"],
        vec!["record", "cite"],
        vec!["record", "cite", "--format", "bibtex"],
        vec!["record", "coverage"],
        vec!["record", "coverage", "CHN"],
        vec!["record", "coverage", "--format", "json"],
        vec!["record", "sources"],
        vec!["record", "verify"],
        vec!["states", "China"],
        with(&[]),
        with(&["--format", "md"]),
        with(&["--format", "html"]),
        with(&["--format", "csv"]),
        with(&["--format", "json"]),
        with(&["--format", "junit"]),
        vec!["why", "CHN", "no-great-power-alliance", "1955", "--sql"],
        vec!["why", "CHN", "no-great-power-alliance", "1955", "--format", "json"],
        vec!["query", query],
        vec!["query", query, "--format", "csv"],
        vec!["query", query, "--format", "json"],
        vec!["query", "--tables"],
        vec!["panel", "groups"],
        vec!["panel", "state-years", "--with", "pledges", "--years", "1955-1955", "--cite"],
        vec!["policy", "check", policy.to_str().unwrap()],
        // Errors that name what there is instead.
        vec!["record", "remove", "evil"],
        vec!["audit", "CHN", "--source", "treaties=evil"],
        vec!["query", "select * from pledges where treaty = '\u{1b}[95m\u{202e}' and nothing = 1"],
    ];
    let mut seen = 0;
    for args in commands {
        let takes_no_record = matches!(args[..], ["policy", ..]);
        let mut command = comity();
        command.args(&args).env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
        if !takes_no_record {
            command.args(["--record", home]);
        }
        let output = command.output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let found = text.chars().find(|c| is_obeyed(*c));
            assert_eq!(found, None, "{args:?}\n{}", text.escape_debug());
            for code in ["\u{1b}]", "\u{1b}[95m", "\u{1b}[2J"] {
                assert!(!text.contains(code), "{args:?}\n{}", text.escape_debug());
            }
            seen += text.matches("owned").count();
        }
    }
    assert!(seen > 25, "the hostile words are shown, harmless: {seen}");
}

/// A table of one's own with so many memberships.
#[cfg(unix)]
fn own_table(folder: &Path, rows: usize) -> std::path::PathBuf {
    use std::fmt::Write as _;
    let path = folder.join(format!("club{rows}.csv"));
    let mut text = String::from("organization,ccode,start_year,end_year\n");
    for n in 0..rows {
        let state = [2, 20, 200, 220, 365, 710][n % 6];
        let _ = writeln!(text, "Club {n},{state},1990,1995");
    }
    fs::write(&path, text).unwrap();
    path
}

#[cfg(unix)]
fn add(record: &Path, table: &Path, before: &str) -> std::process::Output {
    let program = comity().get_program().to_owned();
    let script = format!(
        "{before}; exec \"$0\" record add \"$1\" --as memberships --coverage 1990-1995 --record \"$2\""
    );
    std::process::Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .args([table, record])
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// What a record says; every file of it is as it should be.
#[cfg(unix)]
fn says(record: &Path) -> Vec<(String, String)> {
    let store = Store::at(record, comity_datasets::catalogue());
    assert!(store.verify().unwrap().bad.is_empty());
    let record = store.open().unwrap();
    record.sources().iter().map(|s| (s.id.clone(), format!("{:?}", s.files))).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn where_memory_ends_in_the_middle_of_an_add_the_record_is_the_old_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    assert!(add(&home, &own_table(folder.path(), 5), ":").status.success());
    let before = says(&home);
    let more = own_table(folder.path(), 4_000);
    let trial = |limit: usize| {
        let output = add(&home, &more, &format!("ulimit -v {limit}"));
        let now = says(&home);
        let done = output.status.success();
        assert!(!done || now != before, "at {limit} kB");
        if now != before {
            Store::at(&home, comity_datasets::catalogue()).undo().unwrap();
            assert_eq!(says(&home), before);
        }
        done
    };
    // The least that suffices, to 4 MB; each try is a try of its own, and most fail somewhere on the way.
    let (mut fails, mut works) = (0, 4_000_000);
    assert!(trial(works));
    while works - fails > 4_000 {
        let middle = usize::midpoint(works, fails);
        if trial(middle) { works = middle } else { fails = middle }
    }
    // And many just below it.
    for step in 1..12 {
        trial(works.saturating_sub(step * 2_500));
    }
}

#[cfg(unix)]
#[test]
fn a_write_beyond_the_limit_of_a_file_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("record");
    assert!(add(&home, &own_table(folder.path(), 5), ":").status.success());
    let before = says(&home);
    // Blocks of 512 bytes.
    let output = add(&home, &own_table(folder.path(), 20_000), "ulimit -f 4");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(says(&home), before);
    let tables = fs::read_dir(home.join("tables")).unwrap().count();
    assert_eq!(tables, 1);

    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let program = comity().get_program().to_owned();
    for rest in [
        "panel state-years -o \"$1/a.csv\"",
        "query 'select * from state_years()' -o \"$1/a.parquet\"",
        "audit CHN --format html -o \"$1/a.html\"",
    ] {
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("ulimit -f 4; exec \"$0\" {rest}")])
            .arg(&program)
            .arg(&out)
            .env("COMITY_RECORD", &home)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{rest}: {said}");
        assert!(said.contains("cannot write") && said.contains("a."), "{rest}: {said}");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0, "{rest}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_leaves_no_temporary_file() {
    use std::os::unix::process::ExitStatusExt;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.json");
    // What the program that runs the tests ignores, its children ignore too: `nohup`, a job in the background.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(mask.trim(), 16).unwrap();
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        if ignored & (1 << (number - 1)) != 0 {
            continue;
        }
        // The place is opened before the work, which takes a while.
        let mut child = comity()
            .args(["audit", "--all", "--format", "json", "-o"])
            .arg(&out)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let there = || {
            let names = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name());
            names.filter(|n| n.to_string_lossy().starts_with(".comity-")).count()
        };
        while there() == 0 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let id = child.id().to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-s", signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let status = child.wait().unwrap();
        assert!(status.signal().is_some(), "{signal}: {status}");
        assert_eq!(there(), 0, "{signal}");
        assert!(!out.exists());
    }
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_a_pipe_or_a_device_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.md");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let record = folder.path().join("record");
    for path in [pipe.to_str().unwrap(), "/dev/zero"] {
        super::fails_with(&["policy", "check", path], &["a pipe or a device", path]);
        let output = add(&record, Path::new(path), ":");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("a pipe or a device"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_panel_goes_into_a_pipe_and_nothing_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let pipe = pipe.to_str().unwrap();
    let (code, _, err) = run(&["panel", "state-years", "--years", "1990-1991", "-o", pipe]);
    assert_eq!(code, 0, "{err}");
    assert!(reader.join().unwrap().lines().count() > 300);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let (code, out, err) = run(&[
        "panel",
        "state-years",
        "--years",
        "1990-1990",
        "-o",
        "/dev/stdout",
        "--format",
        "csv",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(out.lines().count() > 150, "{out}");
}
