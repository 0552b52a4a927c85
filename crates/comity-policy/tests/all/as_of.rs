//! Audits as of a day, with several editions of UCDP's datasets in one record: they use what was published by then, and nothing else.

use std::path::PathBuf;

use comity_policy::{Evaluation, Options, SHIPPED, VerdictRow, evaluate, parse};
use comity_record::as_of::Why;
use comity_record::{Preferences, Record, Source, SourceBundle};

use super::published::folder;

/// UCDP's files of 2024 and 2025, and one of 2026, with the day before and the day after which each is out.
const FILES: [(&str, &str); 4] = [
    ("data/ucdp/Dyadic_v24_1.csv", "2024-06-30"),
    ("data/ucdp/BattleDeaths_v24_1_conf.csv", "2024-06-30"),
    ("data/ucdp/UcdpPrioConflict_v25_1.csv", "2025-06-30"),
    ("cases/16-ucdp-newer/acd261.csv", "2026-12-31"),
];

/// Datasets that were out long before, so that there is something to judge.
const BEFORE: [&str; 3] = [
    "data/cow-war/Inter-StateWarData_v4.0.csv",
    "data/cow-mid/MIDA 5.0.csv",
    "data/cow-mid/MIDB 5.0.csv",
];

fn bundles(files: &[&str]) -> Vec<SourceBundle> {
    let shared = folder().join("..");
    let paths: Vec<PathBuf> = files.iter().map(|f| shared.join(f)).collect();
    let found = comity_datasets::find(&paths).found;
    assert!(!found.is_empty(), "{paths:?}");
    let read = |f| comity_datasets::read(f).unwrap_or_else(|e| panic!("{e}"));
    found.iter().map(read).collect()
}

/// A record of these files with the starter beside them.
fn record(files: &[&str]) -> Record {
    let all = [comity_datasets::starter::bundles(), bundles(files)].concat();
    Record::from_bundles_in(comity_datasets::catalogue(), all, Preferences::default()).unwrap()
}

/// Every verdict of the commitments that rest on armed conflicts.
fn audit(record: &Record) -> (Vec<VerdictRow>, Evaluation) {
    let (policy, _) = parse(SHIPPED[0].file, SHIPPED[0].text);
    let options = Options {
        commitments: ["no-use-of-force", "no-interference", "no-hegemony"]
            .map(str::to_owned)
            .into(),
        ..Options::default()
    };
    let evaluation = evaluate(record, &policy.unwrap(), &options).unwrap();
    (evaluation.verdict_rows(&[], None, None).unwrap(), evaluation)
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn an_audit_as_of_a_day_is_that_of_a_record_with_what_was_out() {
    let all: Vec<&str> = BEFORE.iter().copied().chain(FILES.iter().map(|f| f.0)).collect();
    let full = record(&all);
    let mut answered = Vec::new();
    for day in ["2023-06-30", "2024-06-29", "2024-12-31", "2025-12-31"] {
        let out: Vec<&str> = BEFORE
            .iter()
            .copied()
            .chain(FILES.iter().filter(|(_, from)| *from <= day).map(|f| f.0))
            .collect();
        let date = day.parse().unwrap();
        let (seen, hidden) = full.as_of(date);
        // A record that never held what came later: of it only the program's own facts are hidden.
        let (then, of_then) = record(&out).as_of(date);
        assert!(of_then.iter().all(|h| h.why == Why::Starter), "{day}: {of_then:?}");
        let later = hidden.iter().filter(|h| matches!(h.why, Why::Released(_) | Why::Undated));
        assert_eq!(later.count(), all.len() - out.len(), "{day}: {hidden:?}");
        let ids =
            |r: &Record| r.sources().iter().map(|s: &Source| s.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&seen), ids(&then), "{day}");
        assert_eq!(seen.fingerprint().unwrap(), then.fingerprint().unwrap(), "{day}");
        let ((rows, evaluation), (other, _)) = (audit(&seen), audit(&then));
        assert_eq!(format!("{rows:?}"), format!("{other:?}"), "{day}");
        assert!(!rows.is_empty(), "{day}");
        answered.push(evaluation.last_year());
    }
    // What is known reaches further with every edition, or the days would show nothing.
    assert!(answered.is_sorted() && answered[0] < answered[3], "{answered:?}");
}
