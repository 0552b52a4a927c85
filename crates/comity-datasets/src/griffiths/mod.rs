//! Griffiths and Butcher: the International System(s) Dataset.

mod isd;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&isd::DATASET];
