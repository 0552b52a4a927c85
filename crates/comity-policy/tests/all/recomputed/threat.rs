//! No threat of force: "a breach when it was on the side that acted first in a dispute and its gravest act was a
//! threat, an alert, a mobilization, a show of force, or a border violation"; under a mandate it is no strain.

use super::disputes::LAST;
use super::facts::{Facts, Found, Verdicts};
use super::files::within;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    for dispute in &facts.disputes {
        for part in dispute.parts.iter().filter(|p| p.first && p.threat()) {
            let side = dispute.beside(part);
            for year in part.years() {
                let days = within(part.days, year);
                if !facts.mandates.cover(("disputes", dispute.number), part.state, &side, days) {
                    found.breach((part.state, year));
                }
            }
        }
    }
    found.verdicts(facts, |(_, year)| year <= LAST)
}
