//! Fills a store with invented events, takes one more file in, and reads counts, to measure each: `bench/event-store.sh`.
//!
//! `cargo run --release -p comity-events --example event_store -- FOLDER fill LINES | add FILE… | counts | anew`

#![allow(clippy::print_stdout, reason = "it says what it made")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use comity_events::counts::daily::{Ask, Measure};
use comity_events::place::Placed;
use comity_events::read::Options;
use comity_events::store::Store;

#[path = "shared/invented.rs"]
mod invented;

/// Lines of the files that a store is filled with.
const FILE: u64 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (Some(folder), Some(what)) = (words.first(), words.get(1)) else {
        return Err("usage: event_store FOLDER fill LINES | add FILE… | counts | anew".into());
    };
    let store = Store::at(folder);
    let begun = Instant::now();
    match what.as_str() {
        "fill" => fill(&store, words.get(2).ok_or("how many lines?")?.parse()?)?,
        "add" => {
            for file in &words[2..] {
                let begun = Instant::now();
                let added = store.add(Path::new(file), &Options::default())?;
                println!("{} new in {:.3} s", added.new, begun.elapsed().as_secs_f64());
            }
        }
        "counts" => {
            let ask = Ask {
                measures: &[Measure::Events, Measure::Quad(4), Measure::Stories],
                ..Ask::default()
            };
            let daily = store.daily("gdelt2", &place(), &ask)?;
            let events: i64 = daily.reports.values().map(|r| r.events).sum();
            println!("{} rows of {} pairs, {events} events", daily.keys.len(), daily.pairs().len());
        }
        "anew" => {
            let counts = store.counts_anew("gdelt2", i32::MIN, i32::MAX)?;
            println!("{} rows", counts.len());
        }
        other => return Err(format!("`{other}` is no command").into()),
    }
    println!("{what}: {:.2} s", begun.elapsed().as_secs_f64());
    for (name, about) in store.sources()? {
        println!(
            "{name}: {} versions, {} bytes, {} parts",
            about.versions, about.bytes, about.parts
        );
    }
    Ok(())
}

/// Invented states, by the letters of their codes.
fn place() -> impl comity_events::place::Place {
    struct Letters;
    impl comity_events::place::Place for Letters {
        fn place(&self, _: &str, code: &str, _: i32) -> Placed {
            let ccode = code.bytes().fold(0, |sum, b| sum * 32 + i32::from(b % 32));
            Placed { ccode: Some(ccode), days: (i32::MIN, i32::MAX) }
        }
    }
    Letters
}

fn fill(store: &Store, lines: u64) -> Result<(), Box<dyn Error>> {
    let about = if store.exists() { store.sources()? } else { BTreeMap::default() };
    let mut at = about.get("gdelt2").map_or(0, |a| a.versions);
    let file: PathBuf = store.folder().with_extension("part.CSV");
    let mut text = String::new();
    while at < lines {
        let to = (at + FILE).min(lines);
        text.clear();
        (at..to).for_each(|n| invented::line(&mut text, n, 200_000));
        fs::write(&file, &text)?;
        let begun = Instant::now();
        store.add(&file, &Options::default())?;
        println!("{to} lines, the last {} in {:.2} s", to - at, begun.elapsed().as_secs_f64());
        at = to;
    }
    let _ = fs::remove_file(&file);
    Ok(())
}
