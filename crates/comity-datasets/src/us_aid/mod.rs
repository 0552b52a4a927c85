//! Overseas loans and grants of the United States.

mod greenbook;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&greenbook::DATASET];
