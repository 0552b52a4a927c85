//! No economic coercion, the breaches: "sanctions on trade or finance by a state that the source names as a sender",
//! but for the instruments and the years that a resolution prescribes.

use super::facts::{Facts, Found, Verdicts};
use super::sanctions::Sanctions;

const TRADE_AND_FINANCE: [&str; 6] =
    ["trade", "exp_part", "exp_compl", "imp_part", "imp_compl", "financial"];

/// "In a year that the source of sanctions does not claim to cover, a sanction that it lists may have had a mandate that it
/// does not list: India in 1949 is unknown."
const COVERED_FROM: i32 = 1950;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    let sanctions = Sanctions::read();
    for case in sanctions.cases() {
        for year in case.years.0.max(COVERED_FROM)..=case.years.1 {
            let mut judged = sanctions.beyond_mandates(case, year);
            if judged.any(|instrument| TRADE_AND_FINANCE.contains(&instrument)) {
                for sender in sanctions.senders(case) {
                    found.breach((sender, year));
                }
            }
        }
    }
    found.verdicts(facts, |_| true)
}
