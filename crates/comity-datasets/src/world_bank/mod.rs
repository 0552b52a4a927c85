//! The World Bank.

mod databank;
mod indicators;
mod packages;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&indicators::DATASET];
