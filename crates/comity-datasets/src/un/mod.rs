//! Voting, vetoes, missions, contributions to these, and treaties of the United Nations.

mod ideal_points;
mod missions;
pub(crate) mod participation;
mod peacekeeping;
mod treaties;
mod vetoes;
mod votes;
mod voting_years;
mod wipo;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &ideal_points::DATASET,
    &missions::DATASET,
    &peacekeeping::DATASET,
    &treaties::DATASET,
    &vetoes::DATASET,
    &votes::DATASET,
    &wipo::DATASET,
];
