//! The Global Sanctions Data Base.

mod european_union;
mod gsdb;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&gsdb::DATASET];
