//! Every seed goes through its target.

use std::fs;
use std::path::Path;

fn run(target: &str, with: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut seeds = 0;
    for entry in fs::read_dir(&folder).expect("a folder of seeds") {
        with(&fs::read(entry.expect("a seed").path()).expect("a seed"));
        seeds += 1;
    }
    assert!(seeds > 0, "no seeds for {target}");
}

#[test]
fn every_seed_is_answered() {
    for target in ["text", "xls", "r", "dta", "parquet", "archives"] {
        run(target, comity_fuzz::table);
    }
    run("xlsx", comity_fuzz::workbook);
    run("recognition", comity_fuzz::recognition);
    run("tally", comity_fuzz::tally);
    run("manifest", comity_fuzz::manifest);
}

#[cfg(feature = "sql")]
#[test]
fn every_seed_of_documents_and_queries_is_answered() {
    run("policy", comity_fuzz::policy);
    run("sql", comity_fuzz::sql);
}
