//! Event data coded by machine: GDELT, ICEWS and KEDS.

mod coded_event;
mod gdelt;
mod icews;
mod keds;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&gdelt::DATASET, &icews::DATASET, &keds::DATASET];
