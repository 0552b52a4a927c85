//! Commitments compared without a record: changed copies of both policies that ship are told from them, and rewritings that mean the same are
//! not.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use comity_advice::search::{Search, Searched, Side, Standing, search};
use comity_policy::diagnostic::has_errors;
use comity_policy::document::Policy;
use comity_policy::{SHIPPED, check, parse};
use comity_record::Record;

use super::mutants::{self, Mutant};
use super::rewritings::{REWRITINGS, rewritten};

/// Changed copies that mean the same, each with the reason: document, what was changed, why.
const EQUIVALENT: &str = include_str!("equivalent.tsv");

/// How many changed copies of each policy are tried in the ordinary run, and in the long one (`COMITY_LONG=1`).
const SHORT: usize = 8;
const LONG: usize = 150;

fn shipped(at: usize) -> Policy {
    parse(SHIPPED[at].file, SHIPPED[at].text).0.unwrap()
}

fn compared(base: &Record, a: (&Policy, &str), b: (&Policy, &str), how: &Search) -> Searched {
    let of = |(policy, commitment)| Side { policy, commitment };
    search(base, of(a), of(b), how).unwrap()
}

/// Some of all, spread over commitments and ways of changing.
fn sample(all: Vec<Mutant>, count: usize) -> Vec<Mutant> {
    let mut groups: BTreeMap<(String, String), Vec<Mutant>> = BTreeMap::new();
    for mutant in all {
        let (place, what) = mutant.id.split_once(": ").unwrap();
        let way = what.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == ' ');
        let way: String = way.chars().take_while(|c| *c != '`').collect();
        groups.entry((place.to_owned(), way)).or_default().push(mutant);
    }
    let mut chosen = Vec::new();
    let mut turn = 0_usize;
    while chosen.len() < count {
        let mut left = false;
        for (at, group) in groups.values().enumerate() {
            // Another one of each group in each turn, and not always the first.
            if turn < group.len() && (at + turn) % 3 == 0 {
                chosen.push(group[(at * 7 + turn) % group.len()].clone());
            }
            left |= turn < group.len();
        }
        turn += 1;
        if !left {
            break;
        }
    }
    let step = chosen.len() as f64 / count as f64;
    let mut seen = BTreeSet::new();
    (0..count.min(chosen.len()))
        .map(|n| chosen[(n as f64 * step) as usize].clone())
        .filter(|m| seen.insert(m.id.clone()))
        .collect()
}

#[derive(Debug, Default)]
struct Tally {
    found: usize,
    equivalent: usize,
    refused: usize,
    missed: Vec<String>,
    listed_and_found: Vec<String>,
}

#[test]
#[allow(clippy::print_stdout, reason = "says what it tried")]
fn changed_copies_are_told_from_the_policies() {
    let long = std::env::var_os("COMITY_LONG").is_some();
    let only = std::env::var("COMITY_MUTANT").ok();
    let base = comity_datasets::starter::record();
    let equivalent: BTreeMap<(&str, &str), &str> = EQUIVALENT
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| {
            let mut cells = l.split('\t');
            let mut cell = || cells.next().unwrap_or_else(|| panic!("`{l}` has three cells"));
            ((cell(), cell()), cell())
        })
        .collect();
    let mut tally = Tally::default();
    let mut tried = 0;
    for at in 0..SHIPPED.len() {
        let policy = shipped(at);
        let all = mutants::of(&policy);
        let wanted = if long || only.is_some() { LONG } else { SHORT };
        println!("{}: {} changed copies can be made", policy.id, all.len());
        for mutant in sample(all, wanted) {
            if only.as_ref().is_some_and(|only| !mutant.id.contains(only)) {
                continue;
            }
            let (changed, diagnostics) = parse("changed.md", &mutant.text);
            let Some(changed) = changed.filter(|_| !has_errors(&diagnostics)) else {
                panic!("{}: {diagnostics:#?}", mutant.id);
            };
            tried += 1;
            let listed = equivalent.get(&(policy.id.as_str(), mutant.id.as_str()));
            if has_errors(&check(&changed, &base)) {
                tally.refused += 1;
                continue;
            }
            let mut found = None;
            let begun = std::time::Instant::now();
            for id in &mutant.commitments {
                let how = Search {
                    records: if listed.is_some() { 400 } else { 6_000 },
                    first_only: true,
                    longest: Duration::from_secs(120),
                    ..Search::default()
                };
                let searched = compared(&base, (&policy, id), (&changed, id), &how);
                if searched.standing != Standing::Alike {
                    found = Some(searched);
                    break;
                }
            }
            let name = format!("{}\t{}", policy.id, mutant.id);
            println!(
                "{:>6.2} s  {}  {name}",
                begun.elapsed().as_secs_f64(),
                match &found {
                    Some(s) => format!("found in {:>5}", s.records),
                    None if listed.is_some() => "equivalent    ".to_owned(),
                    None => "MISSED        ".to_owned(),
                }
            );
            match (found.is_some(), listed.is_some()) {
                (true, false) => tally.found += 1,
                (true, true) => tally.listed_and_found.push(name),
                (false, true) => tally.equivalent += 1,
                (false, false) => tally.missed.push(name),
            }
        }
    }
    println!(
        "{tried} changed copies: {} found, {} refused by the check, {} equivalent, {} missed",
        tally.found,
        tally.refused,
        tally.equivalent,
        tally.missed.len()
    );
    assert!(tally.missed.is_empty(), "missed:\n{}", tally.missed.join("\n"));
    assert!(
        tally.listed_and_found.is_empty(),
        "listed as equivalent, and found:\n{}",
        tally.listed_and_found.join("\n")
    );
    assert!(only.is_some() || tried >= if long { 200 } else { 2 * SHORT - 4 }, "{tried}");
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
                let searched = compared(&base, (&policy, id), (&other, id), &how);
                assert_eq!(searched.standing, Standing::Alike, "{id}, {}: {searched:#?}", way.0);
                tried += 1;
                *by_way.entry(way.0).or_insert(0) += 1;
            }
        }
    }
    println!("{tried} rewritings, no difference: {by_way:?}");
    assert!(tried >= if long { 60 } else { 4 }, "{tried}");
}
