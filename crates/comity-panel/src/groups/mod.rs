//! Covariates: the list of groups. Each is one declaration in a file of its own, with the tables it reads, its columns, and how they are
//! made; what declarations are made of is beside this folder, so that no group reads this file.

mod capability;
mod codes;
mod contiguity;
mod dispute_list;
mod dispute_rows;
mod disputes;
mod distance;
mod dyadic_wars;
mod leader_disputes;
pub(super) mod leaders;
mod names;
mod onsets;
mod organizations;
mod pledges;
mod power;
mod powers;
mod relevance;
mod rivalries;
mod similarity;
mod society;
mod spells;
mod terrain;
mod ties;
mod ucdp;
mod verdicts;
mod votes;
mod war_list;
mod wars;
mod wars_of_states;

use super::group::Group;

pub use verdicts::VERDICTS;

/// Every group, in the order they are listed to people.
pub static GROUPS: &[&Group] = &[
    &codes::CODES,
    &names::NAMES,
    &names::REGIONS,
    &powers::MAJORS,
    &pledges::PLEDGES,
    &disputes::DISPUTES,
    &similarity::SIMILARITY_GROUP,
    &contiguity::CONTIGUITY,
    &distance::DISTANCE,
    &capability::NMC,
    &power::POWER,
    &organizations::IGOS,
    &rivalries::RIVALRIES,
    &wars::WARS,
    &ucdp::UCDP,
    &onsets::ONSETS,
    &capability::DEMOCRACY,
    &capability::GDP,
    &leaders::LEADERS,
    &leaders::TRAITS_GROUP,
    &ties::TRADE,
    &ties::AGREEMENTS,
    &ties::SANCTIONS,
    &ties::CLAIMS,
    &ties::ARMS_RACES,
    &ties::EMBASSIES,
    &votes::VOTES,
    &capability::THREAT,
    &society::FRACTIONALIZATION,
    &terrain::TERRAIN,
    &relevance::RELEVANCE,
    &verdicts::VERDICTS,
    &spells::PEACE_YEARS,
];

/// The group of that name.
pub fn group(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|g| g.name == name).copied()
}
