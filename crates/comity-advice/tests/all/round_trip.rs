//! Acts of the starter, taken out and put back. `examples/round_trip.rs` does the same over any record.

use comity_policy::SHIPPED;

use super::rounds::{Round, rounds};

#[test]
#[allow(clippy::print_stdout, reason = "a table for who asks")]
fn acts_taken_out_and_put_back_give_the_same_findings() {
    let record = comity_datasets::starter::record();
    let (policy, _) = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text);
    // More with `ROUND_TRIP=30 cargo test -p comity-advice --test all round_trip -- --nocapture`.
    let most = std::env::var("ROUND_TRIP").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let all = rounds(&record, &policy.unwrap(), most, None);
    for (kind, r) in all.iter().filter(|(_, r)| r.tried > 0) {
        let Round { in_record, tried, with_findings, unknown, .. } = r;
        println!(
            "| {kind} | {in_record} | {tried} | {with_findings} | {unknown} | {} |",
            r.wrong.len()
        );
    }
    let wrong: Vec<&String> = all.values().flat_map(|r| &r.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let tried: usize = all.values().map(|r| r.tried).sum();
    assert!(tried >= 10, "{all:#?}");
    assert!(all.values().any(|r| r.with_findings > 0), "{all:#?}");
}
