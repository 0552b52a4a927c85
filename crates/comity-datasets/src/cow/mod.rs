//! The Correlates of War Project.

mod alliances;
pub(crate) mod contiguity;
mod contiguity_colonial;
mod contiguity_spells;
mod diplomatic_exchange;
mod dyadic_mid;
mod igo;
mod igo_counts;
mod mid;
mod mid_dyads;
mod mid_locations;
mod nmc;
mod states;
mod terms;
mod territorial_change;
mod trade;
mod war_dyadic;
mod war_extra;
mod war_inter;
mod war_intra;
mod war_nonstate;
mod wars;

use crate::dataset::Dataset;

/// Its datasets, by id.
pub(crate) static DATASETS: &[&Dataset] = &[
    &alliances::DATASET,
    &contiguity::DATASET,
    &contiguity_colonial::DATASET,
    &contiguity_spells::DATASET,
    &diplomatic_exchange::DATASET,
    &dyadic_mid::DATASET,
    &igo::DATASET,
    &igo_counts::DATASET,
    &mid::DATASET,
    &mid_dyads::DATASET,
    &mid_locations::DATASET,
    &nmc::DATASET,
    &states::DATASET,
    &territorial_change::DATASET,
    &trade::DATASET,
    &war_dyadic::DATASET,
    &war_extra::DATASET,
    &war_inter::DATASET,
    &war_intra::DATASET,
    &war_nonstate::DATASET,
];
