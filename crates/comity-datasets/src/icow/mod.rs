//! The Issue Correlates of War Project.

mod claims;
mod colonial;
mod territorial;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] =
    &[&claims::DATASET, &colonial::DATASET, &territorial::DATASET];
