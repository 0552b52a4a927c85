//! Gibler and Miller: Militarized Interstate Events.

mod events;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&events::DATASET];
