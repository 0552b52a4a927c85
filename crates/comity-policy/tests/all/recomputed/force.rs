//! No use of force: disputes, wars and armed conflicts, "each where it sees best".

use super::conflicts::{BETWEEN_STATES, ConflictYear, JOINED};
use super::disputes::{Dispute, LAST, Part};
use super::facts::{Facts, Found, Verdicts};
use super::files::within;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    in_disputes(facts, &mut found);
    in_wars(facts, &mut found);
    for conflict in &facts.conflicts {
        in_conflict(facts, conflict, &mut found);
    }
    found.verdicts(facts, |(_, year)| year <= LAST)
}

/// Force below war: a breach of whoever began it, but for seizures; "everything else, above all defence, is a strain".
fn in_disputes(facts: &Facts, found: &mut Found) {
    for dispute in &facts.disputes {
        for part in dispute.parts.iter().filter(|p| p.force()) {
            let side = dispute.beside(part);
            for year in part.years() {
                let days = within(part.days, year);
                let subject = ("disputes", dispute.number);
                if part_of_a_war(facts, dispute, part, year)
                    || facts.mandates.cover(subject, part.state, &side, days)
                {
                    continue;
                }
                found.add((part.state, year), dispute.began(part) && !part.seizure());
            }
        }
    }
}

/// "In the years of a war the lesser clashes with the same enemy are part of it", and level 5 is the war itself.
fn part_of_a_war(facts: &Facts, dispute: &Dispute, part: &Part, year: i32) -> bool {
    if part.hostility == 5 && facts.wars.at_war(part.state, year) {
        return true;
    }
    let mut others = dispute.against(part).filter(|o| o.years().contains(&year)).peekable();
    others.peek().is_some() && others.all(|o| facts.wars.at_war_with(part.state, o.state, year))
}

/// "All states on a side that holds an initiator are in breach; the other side is attacked".
fn in_wars(facts: &Facts, found: &mut Found) {
    for war in &facts.wars.all {
        for fighter in &war.fighters {
            let side = war.beside(fighter);
            for year in fighter.years() {
                let days = within(fighter.days, year);
                if !facts.mandates.cover(("wars", war.number), fighter.state, &side, days) {
                    found.add((fighter.state, year), war.began(fighter));
                }
            }
        }
    }
}

/// "Fighting between states is a strain; so are own troops in another state's internal war on the side of its
/// government. Troops on the rebels' side are force against that state, and a breach."
fn in_conflict(facts: &Facts, conflict: &ConflictYear, found: &mut Found) {
    for (side, rebels) in [(&conflict.a, false), (&conflict.b, true)] {
        let beside: Vec<i32> = side.0.iter().chain(&side.1).copied().collect();
        let (acting, breach) = match conflict.kind {
            BETWEEN_STATES => (&beside, false),
            JOINED => (&side.1, rebels),
            _ => continue,
        };
        for state in acting {
            let days = ((conflict.year, 1, 1), (conflict.year, 12, 31));
            let subject = ("armed_conflicts", conflict.id);
            if !facts.mandates.cover(subject, *state, &beside, days) {
                found.add((*state, conflict.year), breach);
            }
        }
    }
}
