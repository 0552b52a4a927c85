//! `AidData`: development finance.

mod development_finance;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&development_finance::DATASET];
