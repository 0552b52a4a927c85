//! Datasets that the R packages peacesciencer and isard (Miller) publish or carry.

mod capitals;
mod further;
mod gml_mid;
mod grh_arms_races;
mod isard;
mod leader_willingness;
mod minimum_distance;
mod rivalries;
mod territorial_threat;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &capitals::DATASET,
    &further::DATASET,
    &gml_mid::DATASET,
    &grh_arms_races::DATASET,
    &isard::DATASET,
    &leader_willingness::DATASET,
    &minimum_distance::DATASET,
    &rivalries::THOMPSON,
    &rivalries::DREYER,
    &territorial_threat::DATASET,
];
