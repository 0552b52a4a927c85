//! Changed copies of the policies that ship, told from them by search: `mutants COUNT-OF-EACH [NAME]`. Exits with 1 where one is missed.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    dead_code,
    reason = "shared with the tests, and written to be read"
)]

#[path = "../tests/all/mutants.rs"]
mod mutants;
#[path = "../tests/all/trial.rs"]
mod trial;

use std::time::Duration;

fn main() {
    let mut args = std::env::args().skip(1);
    let of_each = args.next().and_then(|n| n.parse().ok()).unwrap_or(150);
    let only = args.next();
    let longest = Duration::from_secs(60);
    let tally =
        trial::tried(&trial::Trial { of_each, only: only.as_deref(), records: 6_000, longest });
    if !(tally.missed.is_empty() && tally.wrongly_listed.is_empty()) {
        std::process::exit(1);
    }
}
