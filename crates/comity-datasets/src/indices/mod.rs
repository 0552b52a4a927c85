//! Indices of countries and the world, each in rows of one table.

mod covered;
mod geopolitical_risk;
mod globalisation;

use crate::dataset::Dataset;

/// The datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[&geopolitical_risk::DATASET, &globalisation::DATASET];
