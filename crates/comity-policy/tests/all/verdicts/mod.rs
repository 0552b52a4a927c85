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

use comity_policy::{Options, check, evaluate, parse};

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
