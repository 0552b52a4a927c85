//! Acts of the starter, taken out and put back. `examples/round_trip.rs` does the same over any record.

use comity_policy::SHIPPED;

use super::rounds::rounds;

#[test]
fn acts_taken_out_and_put_back_give_the_same_findings() {
    let record = comity_datasets::starter::record();
    let (policy, _) = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text);
    let all = rounds(&record, &policy.unwrap(), 2, None);
    let wrong: Vec<&String> = all.values().flat_map(|r| &r.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let tried: usize = all.values().map(|r| r.tried).sum();
    assert!(tried >= 10, "{all:#?}");
    assert!(all.values().any(|r| r.with_findings > 0), "{all:#?}");
}
