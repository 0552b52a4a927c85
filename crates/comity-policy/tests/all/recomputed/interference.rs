//! No interference, the breaches: in disputes, beside rebels, and by sanctions that were to unseat a government or change
//! its form. Support to rebels and interventions are not among the files read here.

use super::conflicts::JOINED;
use super::facts::{Facts, Found, Verdicts};
use super::files::within;
use super::sanctions::Sanctions;

/// Regime or government, among what a state sought to change.
const GOVERNMENT: i32 = 3;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    in_disputes(facts, &mut found);
    beside_rebels(facts, &mut found);
    by_sanctions(&mut found);
    found.verdicts(facts, |_| true)
}

/// "It sought to change another government by threat or force, as the side that acted first or by imposing the outcome".
fn in_disputes(facts: &Facts, found: &mut Found) {
    for dispute in &facts.disputes {
        for part in dispute.parts.iter().filter(|p| p.seeks(GOVERNMENT) && p.hostility >= 2) {
            let side = dispute.beside(part);
            for year in part.years() {
                let days = within(part.days, year);
                let subject = ("disputes", dispute.number);
                if (part.first || dispute.imposed_by_side_of(part))
                    && !facts.mandates.cover(subject, part.state, &side, days)
                {
                    found.breach((part.state, year));
                }
            }
        }
    }
}

fn beside_rebels(facts: &Facts, found: &mut Found) {
    for conflict in facts.conflicts.iter().filter(|c| c.kind == JOINED) {
        let days = ((conflict.year, 1, 1), (conflict.year, 12, 31));
        for state in &conflict.b.1 {
            let subject = ("armed_conflicts", conflict.id);
            if !facts.mandates.cover(subject, *state, &conflict.b.1, days) {
                found.breach((*state, conflict.year));
            }
        }
    }
}

fn by_sanctions(found: &mut Found) {
    let sanctions = Sanctions::read();
    let unseating = |o: &str| o.contains("destab_regime") || o.contains("democracy");
    for case in sanctions.cases().filter(|c| unseating(&c.objectives)) {
        for year in case.years.0..=case.years.1 {
            if sanctions.beyond_mandates(case, year).next().is_some() {
                for sender in sanctions.senders(case) {
                    found.breach((sender, year));
                }
            }
        }
    }
}
