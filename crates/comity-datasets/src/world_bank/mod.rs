//! The World Bank.

mod indicators;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&indicators::DATASET];
