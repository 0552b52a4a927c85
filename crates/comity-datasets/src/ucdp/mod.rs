//! The Uppsala Conflict Data Program.

mod conflicts;
mod deaths;
mod dyadic;
mod events;
mod external_support;
mod onsets;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &conflicts::DATASET,
    &deaths::DATASET,
    &dyadic::DATASET,
    &events::DATASET,
    &external_support::DATASET,
    &onsets::DATASET,
];
