//! The whole first policy over a record, every state and year, warm.
//!
//! `cargo bench --workspace --bench audit`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench is no library")]

use std::sync::OnceLock;

use comity_policy::document::Policy;
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};
use comity_record::Record;

#[path = "../tests/all/published.rs"]
mod published;

fn main() {
    divan::main();
}

fn policy() -> Policy {
    parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap()
}

/// The starter and the published datasets, read once and held in memory.
#[cfg(published)]
fn full() -> &'static Record {
    static FULL: OnceLock<Record> = OnceLock::new();
    FULL.get_or_init(published::first)
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn starter_every_state(bencher: divan::Bencher<'_, '_>) {
    let (record, policy) = (comity_datasets::starter::record(), policy());
    bencher.bench_local(|| evaluate(&record, &policy, &Options::default()).unwrap());
}

#[cfg(published)]
#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_every_state(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    bencher.bench_local(|| evaluate(full(), &policy, &Options::default()).unwrap());
}

#[cfg(published)]
#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_report_of_one_state(bencher: divan::Bencher<'_, '_>) {
    report(bencher, |_| vec![710]);
}

#[cfg(published)]
#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_report_of_every_state(bencher: divan::Bencher<'_, '_>) {
    report(bencher, |evaluation| evaluation.states_between(1949, evaluation.last_year()));
}

/// A report on states, from an evaluation that is there.
#[cfg(published)]
fn report(bencher: divan::Bencher<'_, '_>, states: fn(&Evaluation) -> Vec<i32>) {
    let evaluation = evaluate(full(), &policy(), &Options::default()).unwrap();
    let states = states(&evaluation);
    bencher.bench_local(|| evaluation.report(&states, None, None).unwrap());
}
