//! Datasets that the R packages peacesciencer and isard (Miller) publish or carry.

mod capitals;
mod creg;
mod further;
mod gml_mid;
mod grh_arms_races;
mod hief;
mod isard;
mod leader_willingness;
mod minimum_distance;
mod rivalries;
mod terrain;
mod territorial_threat;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &capitals::DATASET,
    &creg::DATASET,
    &further::DATASET,
    &gml_mid::DATASET,
    &grh_arms_races::DATASET,
    &hief::DATASET,
    &isard::DATASET,
    &leader_willingness::DATASET,
    &minimum_distance::DATASET,
    &rivalries::THOMPSON,
    &rivalries::DREYER,
    &terrain::DATASET,
    &territorial_threat::DATASET,
];
