//! The whole first policy over a record, every state and year, warm.
//!
//! `cargo bench -p comity-policy --profile dist` (or `--profile release`, the program's own).

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench is no library")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use comity_policy::document::Policy;
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};
use comity_record::{Preferences, Record, readers, starter};

fn main() {
    divan::main();
}

fn policy() -> Policy {
    parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap()
}

/// The starter and the published datasets, read once and held in memory.
fn full() -> Option<&'static Record> {
    static FULL: OnceLock<Option<Record>> = OnceLock::new();
    FULL.get_or_init(|| {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        if !data.is_dir() {
            println!("skipped: ../shared/data is not here");
            return None;
        }
        let folders = [
            "cow-states",
            "cow-mid",
            "atop",
            "cow-alliances",
            "cow-nmc",
            "ucdp",
            "cow-territorial-change",
            "icow",
            "cow-war",
        ];
        let paths: Vec<PathBuf> = folders.iter().map(|f| data.join(f)).collect();
        let mut bundles = starter::bundles();
        for found in readers::find(&paths).found {
            bundles.push(readers::read(&found).unwrap());
        }
        Some(Record::from_bundles(bundles, Preferences::default()).unwrap())
    })
    .as_ref()
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn starter_every_state(bencher: divan::Bencher<'_, '_>) {
    let (record, policy) = (Record::starter(), policy());
    bencher.bench_local(|| evaluate(&record, &policy, &Options::default()).unwrap());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_every_state(bencher: divan::Bencher<'_, '_>) {
    let (Some(record), policy) = (full(), policy()) else { return };
    bencher.bench_local(|| evaluate(record, &policy, &Options::default()).unwrap());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_report_of_one_state(bencher: divan::Bencher<'_, '_>) {
    report(bencher, |_| vec![710]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn full_record_report_of_every_state(bencher: divan::Bencher<'_, '_>) {
    report(bencher, |evaluation| evaluation.states_between(1949, evaluation.last_year()));
}

/// A report on states, from an evaluation that is there.
fn report(bencher: divan::Bencher<'_, '_>, states: fn(&Evaluation) -> Vec<i32>) {
    let Some(record) = full() else { return };
    let evaluation = evaluate(record, &policy(), &Options::default()).unwrap();
    let states = states(&evaluation);
    bencher.bench_local(|| evaluation.report(&states, None, None).unwrap());
}
