//! No hegemony: force, or an imposed outcome, against a state with less than a tenth of its capability; a colonial or
//! imperial war; or, as strains, an armed conflict with such a state of which it is not coded who began, and by far the
//! strongest in pacts with three or more of them.

use std::collections::{BTreeMap, BTreeSet};

use super::conflicts::{BETWEEN_STATES, EXTRASYSTEMIC, JOINED};
use super::disputes::{Dispute, LAST, Part};
use super::facts::{Facts, Found, Verdicts};
use super::files::{shared, shared_days, within};
use super::system::StateYear;
use super::treaties::{LAST as LAST_TREATIES, pairs};
use super::wars::spells;

/// Colonial and imperial wars among the extra-state wars.
const COLONIAL: [i32; 2] = [2, 3];
/// Governments beside the foreign army that the war is about, by war: Cambodia, Afghanistan twice, Iraq.
const ON_ITS_OWN_SOIL: [(i32, i32); 4] = [(475, 811), (476, 700), (481, 700), (482, 645)];
const WEAK_ALLIES: usize = 3;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    in_disputes(facts, &mut found);
    in_wars(facts, &mut found);
    beside_rebels(facts, &mut found);
    in_conflicts(facts, &mut found);
    colonial(facts, &mut found);
    patrons(facts, &mut found);
    found.verdicts(facts, |(_, year)| year <= LAST)
}

fn in_disputes(facts: &Facts, found: &mut Found) {
    for dispute in &facts.disputes {
        for part in &dispute.parts {
            let side = dispute.beside(part);
            for other in dispute.against(part) {
                let Some(days) = Dispute::together(part, other) else { continue };
                for year in days.0.0..=days.1.0 {
                    let subject = ("disputes", dispute.number);
                    let days = within(part.days, year);
                    if facts.capabilities.far_weaker(part.state, other.state, year)
                        && !facts.mandates.cover(subject, part.state, &side, days)
                        && (forced(facts, dispute, (part, other), year)
                            || imposed(dispute, part, year))
                    {
                        found.breach((part.state, year));
                    }
                }
            }
        }
    }
}

/// "Used force, in breach of the commitment above", on this state.
fn forced(facts: &Facts, dispute: &Dispute, (part, other): (&Part, &Part), year: i32) -> bool {
    part.force()
        && !(part.hostility == 5 && facts.wars.at_war(part.state, year))
        && !facts.wars.at_war_with(part.state, other.state, year)
        && dispute.began(part)
        && !part.seizure()
}

/// "Imposed the outcome", in the year in which the dispute ended: who had left before did not.
fn imposed(dispute: &Dispute, part: &Part, year: i32) -> bool {
    dispute.imposed_by_side_of(part) && year == dispute.end_year && part.days.1.0 == year
}

fn in_wars(facts: &Facts, found: &mut Found) {
    for war in &facts.wars.all {
        for fighter in war.fighters.iter().filter(|f| war.began(f)) {
            let side = war.beside(fighter);
            for other in war.against(fighter) {
                let Some((from, to)) = shared_days(fighter.days, other.days) else { continue };
                for year in from.0..=to.0 {
                    let days = within(fighter.days, year);
                    let subject = ("wars", war.number);
                    if facts.capabilities.far_weaker(fighter.state, other.state, year)
                        && !facts.mandates.cover(subject, fighter.state, &side, days)
                    {
                        found.breach((fighter.state, year));
                    }
                }
            }
        }
    }
}

/// Troops on the rebels' side are force against that state.
fn beside_rebels(facts: &Facts, found: &mut Found) {
    for conflict in facts.conflicts.iter().filter(|c| c.kind == JOINED) {
        let year = conflict.year;
        for state in &conflict.b.1 {
            let days = ((year, 1, 1), (year, 12, 31));
            let subject = ("armed_conflicts", conflict.id);
            let weak = |other: &i32| facts.capabilities.far_weaker(*state, *other, year);
            if conflict.a.0.iter().any(weak)
                && !facts.mandates.cover(subject, *state, &conflict.b.1, days)
            {
                found.breach((*state, year));
            }
        }
    }
}

/// A conflict "over a territory that it ruled outside its own state, at the head of that side or beside it", is a
/// breach; one between states, with a far weaker one, "is a strain where the source of conflicts does not say who began".
fn in_conflicts(facts: &Facts, found: &mut Found) {
    for conflict in &facts.conflicts {
        let year = conflict.year;
        let days = ((year, 1, 1), (year, 12, 31));
        let subject = ("armed_conflicts", conflict.id);
        let all = |side: &(Vec<i32>, Vec<i32>)| -> Vec<i32> {
            side.0.iter().chain(&side.1).copied().collect()
        };
        let (a, b) = (all(&conflict.a), all(&conflict.b));
        for (side, against, ruling) in [(&a, &b, true), (&b, &a, false)] {
            for state in side {
                if facts.mandates.cover(subject, *state, side, days) {
                    continue;
                }
                let weak = |other: &i32| facts.capabilities.far_weaker(*state, *other, year);
                match conflict.kind {
                    EXTRASYSTEMIC if ruling => found.breach((*state, year)),
                    BETWEEN_STATES if against.iter().any(weak) => found.strain((*state, year)),
                    _ => {}
                }
            }
        }
    }
}

/// "The side that fights a colonial or imperial war is side A"; not a government on its own soil, nor under a mandate.
fn colonial(facts: &Facts, found: &mut Found) {
    let file = shared("cow-war/Extra-StateWarData_v4.0.csv");
    let wars: Vec<_> = file.rows().filter(|row| COLONIAL.contains(&row.code("WarType"))).collect();
    for row in wars.iter().filter(|row| row.code("ccode1") > 0) {
        let (war, state) = (row.code("WarNum"), row.code("ccode1"));
        if ON_ITS_OWN_SOIL.contains(&(war, state)) {
            continue;
        }
        let beside = wars.iter().filter(|other| other.code("WarNum") == war);
        let side: Vec<i32> = beside.map(|other| other.code("ccode1")).collect();
        for (from, to) in spells(row) {
            for year in from.0..=to.0 {
                let days = within((from, to), year);
                if !facts.mandates.cover(("wars", war), state, &side, days) {
                    found.breach((state, year));
                }
            }
        }
    }
}

fn patrons(facts: &Facts, found: &mut Found) {
    let mut weak: BTreeMap<StateYear, BTreeSet<i32>> = BTreeMap::new();
    for (_, one, other, (from, to)) in pairs(&facts.treaties) {
        let unequal = one.asymmetric || other.asymmetric;
        if !(one.defense && (one.bilateral || unequal)) {
            continue;
        }
        for year in from.0..=to.0.min(LAST_TREATIES) {
            for (strong, far) in [(one.state, other.state), (other.state, one.state)] {
                if facts.capabilities.far_weaker(strong, far, year) {
                    weak.entry((strong, year)).or_default().insert(far);
                }
            }
        }
    }
    for (at, allies) in weak {
        if allies.len() >= WEAK_ALLIES {
            found.strain(at);
        }
    }
}
