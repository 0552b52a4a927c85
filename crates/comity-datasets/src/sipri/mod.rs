//! The Stockholm International Peace Research Institute.

mod arms_deliveries;
mod arms_register;
mod milex;
mod terms;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] =
    &[&arms_deliveries::DATASET, &arms_register::DATASET, &milex::DATASET];
