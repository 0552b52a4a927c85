//! Changed copies of the policies that ship, tried one after the other: found, equivalent, or missed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use comity_advice::search::{Search, Side, Standing, search};
use comity_policy::diagnostic::has_errors;
use comity_policy::document::Policy;
use comity_policy::{SHIPPED, parse};

use super::mutants::{self, Mutant};

/// Changed copies that mean the same, each with the reason: document, what was changed, why.
const EQUIVALENT: &str = include_str!("equivalent.tsv");

/// Changed copies that mean something else and that the search does not find: its known limits, each with what it would take.
const NOT_FOUND: &str = include_str!("not_found.tsv");

pub fn shipped(at: usize) -> Policy {
    parse(SHIPPED[at].file, SHIPPED[at].text).0.unwrap()
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
            if turn < group.len() && (at + turn).is_multiple_of(3) {
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

/// What became of changed copies.
#[derive(Debug, Default)]
pub struct Tally {
    pub tried: usize,
    pub found: usize,
    pub equivalent: usize,
    /// Their queries cannot be planned.
    pub refused: usize,
    pub missed: Vec<String>,
    /// Listed as not found.
    pub beyond: usize,
    /// Listed as equivalent or not found, and found.
    pub wrongly_listed: Vec<String>,
}

/// How many copies of each document are tried, of which kinds, and how far each is looked for.
pub struct Trial<'a> {
    pub of_each: usize,
    /// Only those whose name holds this.
    pub only: Option<&'a str>,
    pub records: usize,
    pub longest: Duration,
}

/// A list of three cells a line: document, what was changed, why.
fn listed(text: &'static str) -> BTreeMap<(&'static str, &'static str), &'static str> {
    let lines = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    lines
        .map(|l| {
            let mut cells = l.split('\t');
            let mut cell = || cells.next().unwrap_or_else(|| panic!("`{l}` has three cells"));
            ((cell(), cell()), cell())
        })
        .collect()
}

/// Tries changed copies of every policy that ships.
#[allow(clippy::print_stdout, reason = "says what it tried")]
pub fn tried(trial: &Trial<'_>) -> Tally {
    let base = comity_datasets::starter::record();
    let (listed, limits) = (listed(EQUIVALENT), listed(NOT_FOUND));
    let mut tally = Tally::default();
    for at in 0..SHIPPED.len() {
        let policy = shipped(at);
        let all = mutants::of(&policy);
        println!("{}: {} changed copies can be made", policy.id, all.len());
        for mutant in sample(all, trial.of_each) {
            if trial.only.is_some_and(|only| !mutant.id.contains(only)) {
                continue;
            }
            let (changed, diagnostics) = parse("changed.md", &mutant.text);
            let Some(changed) = changed.filter(|_| !has_errors(&diagnostics)) else {
                panic!("{}: {diagnostics:#?}", mutant.id);
            };
            let key = (policy.id.as_str(), mutant.id.as_str());
            let is_limit = limits.contains_key(&key);
            let is_listed = listed.contains_key(&key) || is_limit;
            let (mut found, mut refused) = (None, false);
            let begun = Instant::now();
            for id in &mutant.commitments {
                let how = Search {
                    records: if is_listed { trial.records / 4 } else { trial.records },
                    first_only: true,
                    smallest: false,
                    longest: trial.longest,
                    ..Search::default()
                };
                let first = Side { policy: &policy, commitment: id };
                match search(&base, first, Side { policy: &changed, commitment: id }, &how) {
                    Ok(s) if s.standing != Standing::Alike => {
                        found = Some(s.records);
                        break;
                    }
                    Ok(_) => {}
                    Err(_) => refused = true,
                }
            }
            let name = format!("{}\t{}", policy.id, mutant.id);
            tally.tried += 1;
            let said = match (found, is_listed, refused) {
                (None, false, true) => {
                    tally.refused += 1;
                    "refused".to_owned()
                }
                (Some(_), true, _) => {
                    tally.wrongly_listed.push(name.clone());
                    "LISTED, FOUND".to_owned()
                }
                (Some(records), false, _) => {
                    tally.found += 1;
                    format!("found in {records}")
                }
                (None, true, _) if is_limit => {
                    tally.beyond += 1;
                    "beyond its limits".to_owned()
                }
                (None, true, _) => {
                    tally.equivalent += 1;
                    "equivalent".to_owned()
                }
                (None, false, false) => {
                    tally.missed.push(name.clone());
                    "MISSED".to_owned()
                }
            };
            println!("{:>6.2} s  {said:14} {name}", begun.elapsed().as_secs_f64());
        }
    }
    println!(
        "{} changed copies: {} found, {} refused, {} equivalent, {} missed",
        tally.tried,
        tally.found,
        tally.refused,
        tally.equivalent,
        tally.missed.len()
    );
    tally
}
