//! Voting, vetoes and missions of the United Nations.

mod ideal_points;
mod missions;
mod vetoes;
mod votes;
mod voting_years;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] =
    &[&ideal_points::DATASET, &missions::DATASET, &vetoes::DATASET, &votes::DATASET];
