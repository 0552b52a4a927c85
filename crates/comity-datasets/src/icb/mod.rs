//! The International Crisis Behavior Project.

mod crises;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&crises::DATASET];
