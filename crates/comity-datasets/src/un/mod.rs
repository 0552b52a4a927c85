//! Voting, vetoes, missions, contributions to these, and treaties of the United Nations.

mod council_terms;
mod council_votes;
mod ideal_points;
mod library;
mod library_votes;
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
    &council_terms::DATASET,
    &council_votes::DATASET,
    &ideal_points::DATASET,
    &library_votes::DATASET,
    &missions::DATASET,
    &peacekeeping::DATASET,
    &treaties::DATASET,
    &vetoes::DATASET,
    &votes::DATASET,
    &wipo::DATASET,
];
