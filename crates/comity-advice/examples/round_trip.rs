//! Takes acts of a record out, one at a time, puts each back as an act, and compares the audits:
//! `cargo run --release -p comity-advice --example round_trip -- RECORD [MOST OF A KIND]`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a table for people; it stops where it cannot go on"
)]

#[allow(clippy::pedantic, dead_code, reason = "written for the tests")]
#[path = "../tests/all/rounds.rs"]
mod rounds;

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let most: usize = std::env::args().nth(2).map_or(20, |n| n.parse().unwrap());
    let store = comity_record::Store::at(folder, comity_datasets::catalogue());
    let record = store.open().unwrap();
    let (policy, _) =
        comity_policy::parse(comity_policy::SHIPPED[0].file, comity_policy::SHIPPED[0].text);
    let all = rounds::rounds(&record, &policy.unwrap(), most, None);
    println!(
        "| act | in the record | tried | with findings | unknown | different |\n|---|---|---|---|---|---|"
    );
    let (mut tried, mut wrong) = (0, 0);
    for (kind, round) in &all {
        println!(
            "| {kind} | {} | {} | {} | {} | {} |",
            round.in_record,
            round.tried,
            round.with_findings,
            round.unknown,
            round.wrong.len()
        );
        tried += round.tried;
        wrong += round.wrong.len();
    }
    println!("{tried} acts, {wrong} differences");
    for line in all.values().flat_map(|r| &r.wrong).take(20) {
        println!("{line}");
    }
}
