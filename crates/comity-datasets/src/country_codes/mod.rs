//! Lists of country codes of several publishers.

pub(crate) mod code_lists;
mod countrycode;
mod cow2iso;
mod datopian;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] =
    &[&countrycode::DATASET, &cow2iso::DATASET, &datopian::DATASET];
