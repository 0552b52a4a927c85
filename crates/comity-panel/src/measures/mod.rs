//! Measures: the list. Each is one declaration, in a file of its subject, that adapts a function of `comity-measures` to the tables of a
//! record; what declarations are made of is beside this folder, so that no file of it reads this list.

pub(crate) mod conduct;
pub(crate) mod networks;
pub(crate) mod power;
pub(crate) mod races;
pub(crate) mod similarity;
pub(crate) mod tergm;
pub(crate) mod trade;
mod universe;
pub(crate) mod voting;

use super::measure::Measure;

/// Every measure, in the order they are listed to people.
pub static MEASURES: &[&Measure] = &[
    &similarity::SIMILARITY,
    &similarity::S_SCORE,
    &similarity::KAPPA,
    &similarity::SCOTT_PI,
    &similarity::TAU_B,
    &voting::AGREEMENT,
    &voting::ATTENDANCE,
    &voting::IDEAL_POINTS,
    &power::CINC,
    &power::CON,
    &power::CAPABILITY_RATIO,
    &power::CAPABILITY_LOG_RATIO,
    &power::CAPABILITY_SHARE,
    &power::PARITY,
    &power::PREPONDERANCE,
    &conduct::CONDUCT,
    &conduct::CONDUCT_CHECK,
    &races::ARMS_RACE,
    &races::LISTED_ARMS_RACE,
    &races::RICHARDSON_MODEL,
    &trade::TRADE_STRUCTURE,
    &networks::BLOCS,
    &networks::CENTRALITY,
    &networks::GEODESIC,
    &tergm::ALLIANCE_TERGM,
];

/// The measure of that name, in SQL or on the command line.
pub fn measure(name: &str) -> Option<&'static Measure> {
    let name = name.replace('-', "_");
    MEASURES.iter().find(|m| m.name == name).copied()
}
