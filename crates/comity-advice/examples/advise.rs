//! How long advice takes: one act, asked of a record that is open, and a package of a thousand.
//! `cargo run --release -p comity-advice --example advise -- RECORD`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a table for people; it stops where it cannot go on"
)]

use std::time::Instant;

use comity_advice::acts::{Act, Vocabulary};
use comity_advice::{Advisor, Ask};
use comity_policy::{Options, SHIPPED};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let store = comity_record::Store::at(folder, comity_datasets::catalogue());
    let record = store.open().unwrap();
    let policy = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let vocabulary = Vocabulary::shipped();
    let advisor = Advisor::new(&record, &policy, vocabulary, Options::default()).unwrap();
    let say = |actor: i32, sentence: &str| Act::say(&record, vocabulary, actor, sentence).unwrap();
    let bare = Ask { precedents: 0, reciprocal: false, ..Ask::default() };
    println!("| asked | first, s | again, s |\n|---|---|---|");
    for sentence in [
        "defense pact with RUS from 2026",
        "impose trade sanctions on IND in 2026",
        "use force against IND in 2026",
        "go to war with IND in 2026",
        "annex territory of IND in 2026",
        "join ICC in 2026",
        "veto a draft in 2026",
    ] {
        let Ok(act) = Act::say(&record, vocabulary, 710, sentence) else { continue };
        let mut times = Vec::new();
        for _ in 0..4 {
            let start = Instant::now();
            if advisor.advise(std::slice::from_ref(&act), &bare).is_err() {
                break;
            }
            times.push(start.elapsed().as_secs_f64());
        }
        let Some((first, again)) = times.split_first() else { continue };
        let again = again.iter().copied().fold(f64::INFINITY, f64::min);
        println!("| {sentence} | {first:.2} | {again:.2} |");
    }
    let members = record.states().unwrap().members(record.last_year());
    let pairs =
        members.iter().flat_map(|a| members.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
    let package: Vec<Act> = pairs
        .step_by(19)
        .take(1000)
        .map(|(a, b)| say(a, &format!("nonaggression pact with {b} from 2026")))
        .collect();
    let start = Instant::now();
    let advice = advisor.advise(&package, &bare).unwrap();
    println!("| a package of {} pacts | {:.2} | |", package.len(), start.elapsed().as_secs_f64());
    println!("{} rows", advice.rows.len());
}
