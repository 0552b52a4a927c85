//! Commitments compared without a record: changed copies of both policies that ship are told from them, and rewritings that mean the same are
//! not.

use std::collections::BTreeMap;
use std::time::Duration;

use comity_advice::search::{Search, Side, Standing, search};
use comity_policy::diagnostic::has_errors;
use comity_policy::{SHIPPED, check, parse};

use super::rewritings::{REWRITINGS, rewritten};
use super::trial::{Trial, shipped, tried};

/// `cargo run --release -p comity-advice --example mutants` tries hundreds.
#[test]
fn changed_copies_are_told_from_the_policies() {
    let of_each = if std::env::var_os("COMITY_LONG").is_some() { 150 } else { 5 };
    let trial = Trial { of_each, only: None, records: 4_000, longest: Duration::from_secs(120) };
    let tally = tried(&trial);
    assert!(tally.missed.is_empty(), "missed:\n{}", tally.missed.join("\n"));
    let wrong = &tally.wrongly_listed;
    assert!(wrong.is_empty(), "listed, and found:\n{}", wrong.join("\n"));
    assert!(tally.found >= of_each, "{tally:?}");
}

#[test]
#[allow(clippy::print_stdout, reason = "says what it tried")]
fn rewritings_that_mean_the_same_are_not_told_apart() {
    let long = std::env::var_os("COMITY_LONG").is_some();
    let base = comity_datasets::starter::record();
    let (mut tried, mut by_way) = (0, BTreeMap::new());
    for at in 0..SHIPPED.len() {
        let policy = shipped(at);
        let with_verdicts = policy
            .commitments
            .iter()
            .filter(|c| !matches!(c.kind, comity_policy::document::Kind::Watch));
        for (n, commitment) in with_verdicts.enumerate() {
            for (m, way) in REWRITINGS.iter().enumerate() {
                // In the ordinary run one of each way and document.
                if !long && n != m * (at + 1) % 7 {
                    continue;
                }
                let text = rewritten(&policy, &commitment.id, way);
                if text == policy.text {
                    continue;
                }
                let (other, diagnostics) = parse("rewritten.md", &text);
                let other = other.filter(|_| !has_errors(&diagnostics)).unwrap();
                let found = check(&other, &base);
                assert!(!has_errors(&found), "{}, {}: {found:#?}", commitment.id, way.0);
                let how = Search {
                    records: if long { 400 } else { 96 },
                    first_only: true,
                    ..Search::default()
                };
                let id = commitment.id.as_str();
                let side = |policy| Side { policy, commitment: id };
                let searched = search(&base, side(&policy), side(&other), &how).unwrap();
                assert_eq!(searched.standing, Standing::Alike, "{id}, {}: {searched:#?}", way.0);
                tried += 1;
                *by_way.entry(way.0).or_insert(0) += 1;
            }
        }
    }
    println!("{tried} rewritings, no difference: {by_way:?}");
    assert!(tried >= if long { 60 } else { 4 }, "{tried}");
}
