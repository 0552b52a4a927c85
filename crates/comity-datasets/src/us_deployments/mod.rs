//! Deployments and bases of the United States.

mod deployments;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&deployments::DATASET];
