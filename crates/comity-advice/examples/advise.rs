//! How long advice takes of a record that is open and a policy that was evaluated once: one act by kind, alone and with all that advice has
//! beside it, a package of a thousand, and a thousand one after the other: `cargo run --release -p comity-advice --example advise -- RECORD [RUNS]`.

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

const ACTS: [&str; 20] = [
    "defense pact with RUS from 2026",
    "nonaggression pact with IND from 2026",
    "threaten IND in 2026",
    "use force against IND in 2026",
    "go to war with IND in 2026",
    "station 3000 troops in DJI from 2026",
    "raise military spending by 20 % from 2026",
    "claim territory of IND in 2026",
    "annex territory of IND in 2026",
    "submit dispute with IND to arbitration in 2026",
    "impose trade sanctions on IND in 2026",
    "cut trade with IND by 50 % from 2026",
    "trade agreement with IND from 2026",
    "give 50 aid to KEN from 2026",
    "leave WTO in 2026",
    "leave ICC in 2026",
    "open relations with IND from 2026",
    "veto a draft in 2026",
    "vote against majority in 2026",
    "contribute 1000 peacekeepers from 2026",
];

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let runs: usize = std::env::args().nth(2).map_or(5, |n| n.parse().unwrap());
    let store = comity_record::Store::at(folder, comity_datasets::catalogue());
    let record = store.open().unwrap();
    let policy = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let vocabulary = Vocabulary::shipped();
    let start = Instant::now();
    let advisor = Advisor::new(&record, &policy, vocabulary, Options::default()).unwrap().warm();
    let say = |actor: i32, sentence: &str| Act::say(&record, vocabulary, actor, sentence).unwrap();
    let bare = Ask { precedents: 0, reciprocal: false, ..Ask::default() };
    advisor.advise(&[say(710, ACTS[0])], &bare).unwrap();
    println!(
        "the first act, with the policy evaluated before it: {:.2} s",
        start.elapsed().as_secs_f64()
    );
    println!("\n| act | alone, s | with the reverse and precedents, s |\n|---|---|---|");
    for sentence in ACTS {
        let Ok(act) = Act::say(&record, vocabulary, 710, sentence) else {
            println!("| {sentence} | not in this record | |");
            continue;
        };
        let timed = |ask: &Ask| -> Option<f64> {
            let mut times = Vec::new();
            // The first of a kind reads tables that later ones have.
            for run in 0..=runs {
                let start = Instant::now();
                if let Err(error) = advisor.advise(std::slice::from_ref(&act), ask) {
                    println!("| {sentence} | {error} | |");
                    return None;
                }
                times.extend((run > 0).then(|| start.elapsed().as_secs_f64()));
            }
            Some(median(times))
        };
        if let (Some(alone), Some(all)) = (timed(&bare), timed(&Ask::default())) {
            println!("| {sentence} | {alone:.3} | {all:.3} |");
        }
    }
    let members = record.states().unwrap().members(record.last_year());
    let pairs =
        members.iter().flat_map(|a| members.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
    let kinds =
        ["nonaggression pact with {}", "impose trade sanctions on {}", "use force against {}"];
    let of = |(at, (a, b)): (usize, (i32, i32))| {
        say(a, &format!("{} in 2026", kinds[at % kinds.len()].replace("{}", &b.to_string())))
    };
    let package: Vec<Act> = pairs.step_by(17).take(1000).enumerate().map(of).collect();
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..runs.min(3) {
        let start = Instant::now();
        rows = advisor.advise(&package, &bare).unwrap().rows.len();
        times.push(start.elapsed().as_secs_f64());
    }
    println!("\na package of {} acts ({rows} rows): {:.2} s", package.len(), median(times));
    let start = Instant::now();
    let done = package.iter().filter(|a| advisor.advise(&[(*a).clone()], &bare).is_ok()).count();
    println!("{done} acts one after the other: {:.1} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let act = say(710, "impose trade sanctions on IND in 2026");
    let found = advisor.find(&[act], &|_, _| {}).unwrap();
    println!("a search of {} acts: {:.2} s", found.tried, start.elapsed().as_secs_f64());
}
