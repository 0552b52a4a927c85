//! What the first policy says of history, on the published data beside the workspace.

use std::path::PathBuf;
use std::sync::OnceLock;

use comity_policy::document::Policy;
use comity_policy::verdict::Verdict::{self, Broken, Kept, Strained, Unknown};
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};
use comity_record::{Preferences, Record, readers, starter};

const FOLDERS: [&str; 9] = [
    "cow-states",
    "cow-mid",
    "atop",
    "cow-nmc",
    "cow-war",
    "ucdp",
    "cow-territorial-change",
    "icow",
    "cow-alliances",
];

/// The record of the published data with the starter beside it; none where the data are not here.
fn published() -> Option<Record> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if !data.is_dir() {
        eprintln!("skipped: ../shared/data is not here");
        return None;
    }
    let paths: Vec<PathBuf> = FOLDERS.iter().map(|f| data.join(f)).collect();
    let mut bundles = starter::bundles();
    for found in readers::find(&paths).found {
        bundles.push(readers::read(&found).expect("a published dataset reads"));
    }
    Some(Record::from_bundles(bundles, Preferences::default()).expect("the sources fit together"))
}

fn policy() -> Policy {
    let (policy, _) = parse(SHIPPED[0].file, SHIPPED[0].text);
    policy.expect("the first policy reads")
}

/// Verdicts of the baseline alone (where a rival disagrees wholly, the whole is contested), made once.
fn evaluated() -> Option<&'static Evaluation> {
    static MADE: OnceLock<Option<Evaluation>> = OnceLock::new();
    let make = || {
        let sources = vec![("treaties".into(), "atop".into())];
        let options = Options { sources, ..Options::default() };
        Some(evaluate(&published()?, &policy(), &options).expect("the first policy runs"))
    };
    MADE.get_or_init(make).as_ref()
}

/// Shares of kept, strained and broken among state-years with one of them, in per cent.
fn shares(evaluation: &Evaluation, commitment: &str, from: i32, to: i32) -> [f64; 3] {
    let mut counts = [0_u32; 3];
    for year in from..=to {
        for state in evaluation.states_between(year, year) {
            match evaluation.verdict(state, commitment, year) {
                Kept => counts[0] += 1,
                Strained => counts[1] += 1,
                Broken => counts[2] += 1,
                _ => {}
            }
        }
    }
    let all: u32 = counts.iter().sum();
    counts.map(|n| f64::from(n) * 100.0 / f64::from(all.max(1)))
}

#[test]
fn history_is_told_right() {
    let Some(evaluation) = evaluated() else { return };
    let (chn, rus, usa, ind, vtn, che) = (710, 365, 2, 750, 817, 225);
    let facts: &[(i32, &str, i32, i32, Verdict)] = &[
        (chn, "no-great-power-alliance", 1950, 1980, Broken),
        (chn, "no-great-power-alliance", 1985, 1985, Kept),
        (chn, "no-military-bloc", 1961, 2015, Strained),
        (chn, "no-use-of-force", 1962, 1962, Broken),
        (chn, "no-use-of-force", 1979, 1979, Broken),
        (usa, "no-interference", 1989, 1989, Broken),
        (chn, "respect-territory", 1974, 1974, Broken),
        (chn, "peaceful-settlement", 1974, 1974, Broken),
        (chn, "peaceful-settlement", 2008, 2008, Kept),
        (rus, "peaceful-settlement", 2008, 2008, Kept),
        (rus, "no-military-expansion", 2014, 2014, Broken),
        (rus, "respect-territory", 2014, 2014, Broken),
        (369, "respect-territory", 2014, 2014, Kept),
        (ind, "no-arms-race", 1961, 1964, Broken),
        (chn, "no-arms-race", 1961, 1964, Broken),
        // A rising franc is no build-up.
        (che, "no-arms-race", 1971, 1991, Kept),
        (chn, "keep-nonaggression", 1969, 1969, Broken),
        (vtn, "no-military-expansion", 1974, 1974, Kept),
        // Who began a war, and who was attacked.
        (666, "no-use-of-force", 1956, 1956, Broken),
        (200, "no-use-of-force", 1956, 1956, Broken),
        (220, "no-use-of-force", 1956, 1956, Broken),
        (666, "no-use-of-force", 1967, 1967, Broken),
        (160, "no-use-of-force", 1982, 1982, Broken),
        (200, "no-use-of-force", 1982, 1982, Strained),
        (ind, "no-use-of-force", 1971, 1971, Strained),
        (645, "no-use-of-force", 1990, 1990, Broken),
        (690, "no-use-of-force", 1990, 1990, Strained),
        // Under a mandate.
        (usa, "no-use-of-force", 1991, 1991, Strained),
        (che, "no-interference", 2012, 2012, Kept),
        (che, "no-interference", 2015, 2015, Unknown),
        // Colonial war and a permanent member's veto.
        (220, "no-hegemony", 1955, 1955, Broken),
        (usa, "equality-of-states", 1990, 1990, Strained),
    ];
    let mut wrong = Vec::new();
    for (state, commitment, from, to, expected) in facts {
        for year in *from..=*to {
            let got = evaluation.verdict(*state, commitment, year);
            if got != *expected {
                wrong.push(format!("{state} {commitment} {year}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn distributions_are_those_that_were_tried() {
    let Some(evaluation) = evaluated() else { return };
    // Kept, strained, broken in per cent of the state-years with a verdict, 1946 on.
    let expected: &[(&str, [f64; 3])] = &[
        ("no-great-power-alliance", [46.0, 10.0, 43.0]),
        ("no-use-of-force", [73.0, 15.0, 12.0]),
        ("respect-territory", [94.0, 1.0, 5.0]),
        ("no-arms-race", [88.0, 10.0, 2.0]),
        ("no-interference", [94.0, 3.0, 3.0]),
        ("no-hegemony", [95.0, 1.0, 4.0]),
        ("keep-nonaggression", [89.0, 6.0, 5.0]),
    ];
    let mut wrong = Vec::new();
    for (commitment, shares_expected) in expected {
        let got = shares(evaluation, commitment, 1946, 2014);
        if got.iter().zip(shares_expected).any(|(g, e)| (g - e).abs() > 2.5) {
            wrong.push(format!("{commitment}: {got:.1?}, not {shares_expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
