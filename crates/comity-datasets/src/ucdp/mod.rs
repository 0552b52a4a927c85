//! The Uppsala Conflict Data Program.

mod candidates;
mod conflicts;
mod deaths;
mod dyadic;
mod events;
mod external_support;
mod onsets;
mod organized_violence;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &candidates::DATASET,
    &conflicts::DATASET,
    &deaths::DATASET,
    &dyadic::DATASET,
    &events::DATASET,
    &external_support::DATASET,
    &onsets::DATASET,
    &organized_violence::DATASET,
];
