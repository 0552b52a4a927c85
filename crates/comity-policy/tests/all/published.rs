//! Records of published datasets, read once in place and held in memory: for tests and benchmarks.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each user takes a part, and a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use comity_datasets::starter;
use comity_record::{Preferences, Record};

/// The folders and datasets that the first golden facts stand on.
pub const FOLDERS: &[&str] = &[
    "atop",
    "cow-alliances",
    "cow-mid",
    "cow-nmc",
    "cow-states",
    "cow-territorial-change",
    "cow-war",
    "icow",
    "ucdp/UcdpPrioConflict_v25_1.csv",
];
const DATASETS: &[&str] = &[
    "atop",
    "cow-alliances",
    "cow-mid",
    "cow-nmc",
    "cow-states",
    "cow-territorial-change",
    "cow-war-extra",
    "cow-war-inter",
    "icow",
    "icow-territorial",
    "ucdp-acd",
];

/// The starter and the datasets of the first golden facts.
pub fn first() -> Record {
    record(FOLDERS, |id| DATASETS.contains(&id))
}

/// The same with the disputes as Gibler, Miller and Little have them.
pub fn with_rival_disputes() -> Record {
    let folders: Vec<&str> = FOLDERS.iter().copied().chain(["peacesciencer"]).collect();
    record(&folders, |id| DATASETS.contains(&id) || id == "gml-mid")
}

/// The same with ATOP 5.1 by pair and year.
pub fn with_pledges_by_pair() -> Record {
    let folders: Vec<&str> = FOLDERS.iter().copied().chain(["peacesciencer"]).collect();
    record(&folders, |id| DATASETS.contains(&id) || id == "atop-dyads")
}

/// The files that facts of history are compared with (`tests/facts`).
pub fn of_facts() -> Record {
    let files = [
        "atop-5.1/atop5_1a.csv",
        "atop-5.1/atop5_1m.csv",
        "cow-alliances",
        "cow-diplomatic-exchange",
        "cow-igo/state_year_format3.rda",
        "cow-mid/MIDA 5.0.csv",
        "cow-mid/MIDB 5.0.csv",
        "cow-nmc/NMC-60-abridged.csv",
        "cow-states",
        "cow-territorial-change/tc2018.csv",
        "cow-war/Extra-StateWarData_v4.0.csv",
        "cow-war/Inter-StateWarData_v4.0.csv",
        "gsdb",
        "icow",
        "imi",
        "peacesciencer/grh_arms_races.rda",
        "peacesciencer/td_rivalries.rda",
        "peacesciencer/tss_rivalries.rda",
        "sipri/SIPRI-Milex-data-1949-2024_2.xlsx",
        "ucdp/UcdpPrioConflict_v25_1.csv",
        "ucdp/ucdp-esd-ay-181.xlsx",
        "un-peacekeeping-contributions",
        "unsc-vetoes",
        "us-troops-bases-exercises/troopdata-rebuild-country-year.csv",
    ];
    record(&files, |_| true)
}

/// The starter alone.
pub fn starter_alone() -> Record {
    Record::from_bundles_in(
        comity_datasets::catalogue(),
        starter::bundles(),
        Preferences::default(),
    )
    .unwrap()
}

/// The files that commitments are recomputed over: one account of each kind of fact, all of them plain text.
pub fn recomputed() -> Record {
    let files = [
        "atop-5.1/atop5_1a.csv",
        "atop-5.1/atop5_1m.csv",
        "cow-mid/MIDA 5.0.csv",
        "cow-mid/MIDB 5.0.csv",
        "cow-nmc/NMC-60-abridged.csv",
        "cow-states",
        "cow-territorial-change/tc2018.csv",
        "cow-war/Extra-StateWarData_v4.0.csv",
        "cow-war/Inter-StateWarData_v4.0.csv",
        "gsdb/GSDB_V4.csv",
        "icow/ICOWclaimdy.csv",
        "icow/ICOWsettle.csv",
        "icow/icow_ext2017_v2.csv",
        "ucdp/UcdpPrioConflict_v25_1.csv",
        "unsc-vetoes",
    ];
    record(&files, |_| true)
}

/// The same with sanctions, memberships, interventions and support to rebels.
pub fn with_conduct() -> Record {
    let more = ["gsdb", "cow-igo", "imi", "ucdp-esd"];
    let folders = ["gsdb", "cow-igo", "imi", "ucdp/ucdp-esd-ay-181.xlsx"];
    let folders: Vec<&str> = FOLDERS.iter().copied().chain(folders).collect();
    record(&folders, |id| DATASETS.contains(&id) || more.contains(&id))
}

/// The folder of published datasets.
pub fn folder() -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    // Tests and benchmarks that need it are left out where it is absent (`build/published.rs`).
    assert!(data.is_dir(), "{} does not exist, and this test reads it", data.display());
    data
}

fn record(folders: &[&str], wanted: impl Fn(&str) -> bool) -> Record {
    let data = folder();
    let paths: Vec<PathBuf> = folders.iter().map(|f| data.join(f)).collect();
    let mut bundles = starter::bundles();
    for found in comity_datasets::find(&paths).found {
        if wanted(found.dataset.id) {
            let read = comity_datasets::read(&found);
            bundles.push(read.unwrap_or_else(|e| panic!("{}: {e}", found.source_id())));
        }
    }
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}
