//! No military bloc: a promise to fight shared among three or more is a breach where the treaty has an integrated
//! command, or a standing organisation and troops in each other's countries; any other promise to fight is a strain.

use std::collections::BTreeSet;

use super::facts::{Class, Facts, Found, Verdicts};
use super::system::StateYear;
use super::treaties::{LAST, Member, pairs};

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    let mut open: BTreeSet<StateYear> = BTreeSet::new();
    for (_, one, _, (from, to)) in pairs(&facts.treaties) {
        if !(one.defense || one.offense) {
            continue;
        }
        for year in from.0..=to.0.min(LAST) {
            match integrated(one) {
                Some(breach) => found.add((one.state, year), breach && !one.bilateral),
                None if one.bilateral => found.strain((one.state, year)),
                None => {
                    found.strain((one.state, year));
                    open.insert((one.state, year));
                }
            }
        }
    }
    let mut verdicts = found.verdicts(facts, |(_, year)| year <= LAST);
    for (at, class) in &mut verdicts {
        if *class == Class::Strained && open.contains(at) {
            *class = Class::StrainedOrWorse;
        }
    }
    verdicts
}

/// Whether the treaty has a command or bases of its own; none where that is not known.
fn integrated(member: &Member) -> Option<bool> {
    let standing = member.standing_organisation;
    match (member.integrated_command, member.troops_abroad) {
        (Some(true), _) => Some(true),
        (Some(false), Some(troops)) => Some(standing && troops),
        (Some(false), None) if !standing => Some(false),
        _ => None,
    }
}
