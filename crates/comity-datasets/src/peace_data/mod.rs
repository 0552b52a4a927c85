//! Peace data: Goertz, Diehl and Balas.

mod peace_scale;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&peace_scale::DATASET];
