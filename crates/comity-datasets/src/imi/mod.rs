//! International Military Intervention.

mod interventions;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&interventions::DATASET];
