//! Adds up an event file by day and pair: `bench/event-store.sh`.
//!
//! `cargo run --release -p comity-events --example event_counts -- FILE THREADS`

#![allow(clippy::print_stdout, reason = "it says what it made")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use comity_events::counts::{self, Sums};
use comity_events::read::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, threads] = &words[..] else { return Err("usage: event_counts FILE THREADS".into()) };
    let begun = Instant::now();
    let counted = counts::of_file(Path::new(file), &Options::default(), threads.parse()?)?;
    let took = begun.elapsed();
    for report in &counted.reports {
        println!("{report}");
    }
    for (source, counts) in &counted.counts {
        println!("{source}: {} rows in {took:.2?}", counts.len());
        let rows = counts.rows_by_known();
        let sum = |of: fn(&Sums) -> i64| -> i64 { rows.iter().map(|(_, sums)| of(sums)).sum() };
        println!("sums {} {} {}", rows.len(), sum(Sums::events), sum(Sums::stories));
    }
    Ok(())
}
