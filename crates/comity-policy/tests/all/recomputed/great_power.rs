//! No alliance with a great power: "having promised to fight, in defence or in attack, is a breach. Having promised
//! less, to stand aside or to talk in a crisis, is a strain".

use super::facts::{Facts, Found, Verdicts};
use super::files::shared_days;
use super::treaties::{LAST, Member, pairs};

/// The settlement on Laos of 1962, whose duty to consult falls on every signer.
const LAOS: i32 = 3460;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    for (treaty, one, other, days) in pairs(&facts.treaties) {
        for great in facts.system.great.get(&other.state).into_iter().flatten() {
            if let Some((from, to)) = shared_days(days, *great) {
                for year in from.0..=to.0.min(LAST) {
                    if promises_to_fight(one) {
                        found.breach((one.state, year));
                    } else if one.neutrality || one.consultation && treaty != LAOS {
                        found.strain((one.state, year));
                    }
                }
            }
        }
    }
    found.verdicts(facts, |(_, year)| year <= LAST)
}

fn promises_to_fight(member: &Member) -> bool {
    member.defense || member.offense
}
