//! Trade agreements and what they provide.

mod desta;
mod provisions;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &desta::DATASET,
    &desta::INDICES_DATASET,
    &provisions::TREND,
    &provisions::LABPTA,
    &provisions::GPTAD,
];
