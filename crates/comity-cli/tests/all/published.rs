//! Records of published datasets: those that the tests of policies read.

#[path = "../../../comity-policy/tests/all/published.rs"]
mod of_policies;

pub use of_policies::of_facts;
