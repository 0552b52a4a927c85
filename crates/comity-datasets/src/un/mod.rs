//! Voting, vetoes and missions of the United Nations.

mod council_terms;
mod council_votes;
mod ideal_points;
mod library;
mod library_votes;
mod missions;
mod vetoes;
mod votes;
mod voting_years;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &council_terms::DATASET,
    &council_votes::DATASET,
    &ideal_points::DATASET,
    &library_votes::DATASET,
    &missions::DATASET,
    &vetoes::DATASET,
    &votes::DATASET,
];
