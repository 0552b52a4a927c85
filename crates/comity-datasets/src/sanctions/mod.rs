//! Sanctions: the Global Sanctions Data Base, and EUSANCT.

mod european_union;
mod eusanct;
mod gsdb;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&eusanct::DATASET, &gsdb::DATASET];
