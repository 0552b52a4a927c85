//! ETH Zurich, International Conflict Research: `CShapes`.

mod cshapes;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&cshapes::DATASET];
