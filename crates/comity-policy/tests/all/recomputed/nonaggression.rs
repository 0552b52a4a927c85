//! Non-aggression kept: "against a state to which it owed non-aggression on the day".

use std::collections::BTreeMap;

use super::disputes::{Dispute, LAST, Part};
use super::facts::{Facts, Found, Verdicts};
use super::files::{Day, shared_days, within};
use super::treaties::pairs;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    let owed = Owed::of(facts);
    in_disputes(facts, &owed, &mut found);
    in_wars(facts, &owed, &mut found);
    found.verdicts(facts, |(_, year)| year <= LAST)
}

/// The spells in which one owed non-aggression to another.
struct Owed(BTreeMap<(i32, i32), Vec<(Day, Day)>>);

impl Owed {
    fn of(facts: &Facts) -> Self {
        let mut owed: BTreeMap<(i32, i32), Vec<(Day, Day)>> = BTreeMap::new();
        for (_, one, other, days) in pairs(&facts.treaties) {
            if one.nonaggression {
                owed.entry((one.state, other.state)).or_default().push(days);
            }
        }
        Self(owed)
    }

    fn on(&self, state: i32, other: i32, days: (Day, Day)) -> bool {
        let spells = self.0.get(&(state, other)).into_iter().flatten();
        spells.into_iter().any(|spell| shared_days(*spell, days).is_some())
    }
}

fn in_disputes(facts: &Facts, owed: &Owed, found: &mut Found) {
    for dispute in &facts.disputes {
        for part in dispute.parts.iter().filter(|p| p.hostility >= 2) {
            let side = dispute.beside(part);
            for other in dispute.against(part) {
                let Some(days) = Dispute::together(part, other) else { continue };
                for year in days.0.0..=days.1.0 {
                    let days = within(days, year);
                    let subject = ("disputes", dispute.number);
                    if owed.on(part.state, other.state, days)
                        && !facts.mandates.cover(subject, part.state, &side, days)
                        && let Some(breach) = judged(facts, dispute, part, year)
                    {
                        found.add((part.state, year), breach);
                    }
                }
            }
        }
    }
}

/// Force of whoever began it is a breach; a first threat, force in answer and a seizure are strains; of a state at war,
/// level 5 is the war, which its initiator decides.
fn judged(facts: &Facts, dispute: &Dispute, part: &Part, year: i32) -> Option<bool> {
    if part.threat() {
        return part.first.then_some(false);
    }
    if part.hostility == 5 && facts.wars.at_war(part.state, year) {
        return None;
    }
    Some(dispute.began(part) && !part.seizure())
}

fn in_wars(facts: &Facts, owed: &Owed, found: &mut Found) {
    for war in &facts.wars.all {
        for fighter in &war.fighters {
            let side = war.beside(fighter);
            for other in war.against(fighter) {
                let Some(days) = shared_days(fighter.days, other.days) else { continue };
                for year in days.0.0..=days.1.0 {
                    let days = within(days, year);
                    let subject = ("wars", war.number);
                    if owed.on(fighter.state, other.state, days)
                        && !facts.mandates.cover(subject, fighter.state, &side, days)
                    {
                        found.add((fighter.state, year), war.began(fighter));
                    }
                }
            }
        }
    }
}
