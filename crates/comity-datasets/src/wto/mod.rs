//! The World Trade Organization: its members, and the regional trade agreements that are notified to it.

mod agreements;
mod members;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&agreements::DATASET, &members::DATASET];
