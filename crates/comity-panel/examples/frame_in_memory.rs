//! Builds the frame of `bench/panel.sh` in memory and says how long it took: `frame_in_memory RECORD`.

#![allow(clippy::print_stdout, reason = "the benchmark reads the line")]

use std::error::Error;
use std::time::Instant;

use arrow::array::RecordBatch;
use comity_panel::{Panel, Spec, Unit};
use comity_record::Store;

const GROUPS: [(&str, Option<&str>); 9] = [
    ("pledges", None),
    ("disputes", Some("cow")),
    ("contiguity", None),
    ("distance", Some("capital")),
    ("majors", None),
    ("nmc", None),
    ("igos", None),
    ("rivalries", None),
    ("peace-years", None),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("frame_in_memory RECORD")?;
    let spec = Spec {
        directed: true,
        extend_to: Some(2025),
        with: GROUPS.map(|(g, c)| (g.to_owned(), c.map(str::to_owned))).to_vec(),
        ..Spec::new(Unit::DyadYears)
    };
    for _ in 0..if std::env::args().nth(2).is_some() { 5 } else { 1 } {
        let begun = Instant::now();
        let record = Store::at(folder.clone(), comity_datasets::catalogue()).open()?;
        let opened = begun.elapsed().as_secs_f64();
        let panel = Panel::prepare(&record, &spec)?;
        let prepared = begun.elapsed().as_secs_f64();
        let batches = panel.batches()?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        println!(
            "comity {rows} x {} in {:.3} s (record open at {opened:.3}, prepared at {prepared:.3})",
            panel.schema().fields().len(),
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
