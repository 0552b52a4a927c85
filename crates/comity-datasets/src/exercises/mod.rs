//! Joint military exercises.

mod jme;
mod mme;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&jme::DATASET, &mme::DATASET];
