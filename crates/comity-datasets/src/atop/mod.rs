//! Alliance Treaty Obligations and Provisions (ATOP Project, Rice University).

mod dyads;
mod treaties;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&dyads::DATASET, &treaties::DATASET];
