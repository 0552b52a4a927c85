//! A slow and obvious evaluator, loops over rows with no SQL engine, against the real one, over random small records
//! and policies. `COMITY_WORLDS=4000 cargo test -p comity-policy --test all verdicts -- --nocapture` runs many; the ordinary
//! run is a part of it with the same seeds.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_sign_loss,
    reason = "a test fails by panicking, and says what it ran"
)]

mod policy;
mod properties;
mod query;
mod random;
mod reference;
mod world;

use std::collections::BTreeMap;

use comity_policy::audit::Tally;
use comity_policy::{Evaluation, Options, check, evaluate, parse};

use self::policy::Policy;
use self::random::Random;
use self::reference::{Case, Judge};
use self::world::{FIRST, LAST, World};

const WORLDS: u64 = 16;

/// Compares one policy over one record; gives the verdicts by name.
fn compare(seed: u64) -> BTreeMap<&'static str, usize> {
    let r = &mut Random::new(seed);
    let crowded = seed % 6 == 5;
    let world = World::random(r, crowded);
    let policy = Policy::random(r, &world, crowded);
    let text = policy.text();
    let (parsed, diagnostics) = parse("made.md", &text);
    assert!(diagnostics.is_empty(), "seed {seed}: {diagnostics:#?}\n{text}");
    let parsed = parsed.unwrap();
    let record = world.record();
    let options = Options {
        without: policy.without.clone(),
        sources: policy.chosen.iter().map(|(f, s)| ((*f).to_owned(), s.clone())).collect(),
        ..Options::default()
    };
    let evaluation = evaluate(&record, &parsed, &options).unwrap_or_else(|e| {
        let found = check(&parsed, &record);
        panic!("seed {seed}: {e}\n{found:#?}\n{text}\n{world:#?}")
    });
    rows_are_those_of_the_audit(&evaluation, seed);
    let judge = Judge::new(&world, &policy);
    let mut verdicts = BTreeMap::new();
    for at in 0..policy.commitments.len() {
        let id = format!("c{at}");
        for state in world.states() {
            for year in FIRST - 3..=LAST + 1 {
                let real = evaluation.verdict(state, &id, year);
                let (slow, cases) = judge.verdict(at, state, year);
                let bounds: Vec<Case> = evaluation
                    .bounds(state, &id, year)
                    .into_iter()
                    .filter_map(|(_, b)| b)
                    .map(|b| Case { best: b.best as u8, worst: b.worst as u8, covered: b.covered })
                    .collect();
                assert_eq!(
                    (real, &bounds),
                    (slow, &cases),
                    "seed {seed}: {id}, state {state}, {year} (left: the program)\n{text}\n{world:#?}\n{policy:#?}"
                );
                *verdicts.entry(real.name()).or_insert(0) += 1;
            }
        }
    }
    verdicts
}

/// Rows, findings and counts say what a report of all states says.
fn rows_are_those_of_the_audit(evaluation: &Evaluation, seed: u64) {
    for (from, to) in [(None, None), (Some(FIRST - 3), None), (Some(FIRST + 2), Some(LAST - 1))] {
        let states = evaluation.all_states(from, to);
        if states.is_empty() {
            continue;
        }
        let report = evaluation.report(&states, from, to).unwrap();
        let rows = evaluation.verdict_rows(&[], from, to).unwrap();
        let (mut rows, mut said) = (rows.iter(), 0);
        let system = evaluation.record().states().unwrap();
        let mut findings = evaluation.finding_rows(&[], from, to).unwrap().into_iter();
        let mut counts = evaluation.count_rows(&[], from, to).unwrap().into_iter();
        for audit in &report.audits {
            let code = audit.state.ccode;
            for c in &audit.commitments {
                let mut own = Tally::default();
                for v in c.verdicts.iter().filter(|v| system.is_member(code, v.year)) {
                    let row = rows.next().unwrap();
                    let place = format!("seed {seed}: {code} {} {}", c.id, v.year);
                    let of = (row.ccode, row.year, &*row.commitment);
                    assert_eq!(of, (code, v.year, c.id.as_str()), "{place}");
                    let ours = (row.verdict, row.at_least, row.covered, row.looked);
                    assert_eq!(ours, (v.verdict, v.at_least, v.covered, v.looked), "{place}");
                    let found = c.findings.iter().filter(|f| f.year == v.year).count();
                    assert_eq!(row.findings.all() as usize, found, "{place}");
                    let several = v.readings.iter().filter(|_| v.readings.len() > 1);
                    let under: Vec<_> = several.map(|r| r.verdict).collect();
                    assert!(row.readings.iter().map(|r| r.1).eq(under), "{place}");
                    own.add(v.verdict, v.covered, v.at_least.is_some());
                    said += 1;
                }
                for f in &c.findings {
                    let row = findings.next().unwrap();
                    assert_eq!((row.ccode, &row.finding), (code, f), "seed {seed}");
                    let year = c.verdicts.iter().find(|v| v.year == f.year);
                    assert!(year.is_none_or(|v| v.verdict == row.verdict), "seed {seed}");
                }
                if c.judged {
                    let count = counts.next().unwrap();
                    own.mandated = count.own.mandated;
                    assert_eq!((count.ccode, count.own, count.all), (code, own, c.base_rate));
                }
            }
        }
        assert!(said > 0 && rows.next().is_none(), "seed {seed}");
        assert!(findings.next().is_none() && counts.next().is_none(), "seed {seed}");
    }
}

#[test]
fn the_program_and_the_slow_evaluator_agree_on_every_verdict() {
    let asked = std::env::var("COMITY_WORLDS").ok().and_then(|w| w.parse().ok());
    let asked = asked.or(std::env::var_os("COMITY_LONG").map(|_| 4_000));
    let worlds: u64 = asked.unwrap_or(WORLDS);
    let from: u64 = std::env::var("COMITY_SEED").ok().and_then(|w| w.parse().ok()).unwrap_or(0);
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in from..from + worlds {
        for (verdict, count) in compare(seed) {
            *all.entry(verdict).or_insert(0) += count;
        }
    }
    let cases: usize = all.values().sum();
    let there = cases - all.get("not-applicable").copied().unwrap_or(0);
    println!(
        "{worlds} records and policies, {cases} verdicts ({there} of them applicable), 0 differences: {all:?}"
    );
    if asked.is_none() {
        // Every verdict comes up, or the comparison says little.
        assert_eq!(all.len(), 7, "{all:?}");
    }
}
