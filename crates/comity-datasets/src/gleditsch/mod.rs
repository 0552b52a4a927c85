//! Gleditsch and co-authors: the list of states of Gleditsch and Ward, and Archigos, with what was added to it.

mod archigos;
mod states;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&archigos::DATASET, &archigos::LEAD, &states::DATASET];
