//! Scores of predictions: of events that happen or do not ([`log_score`], [`brier`], [`auc`]), and of amounts that were given as a
//! distribution ([`crps`], [`ignorance`], [`interval_score`]); whether the probabilities of either mean what they say ([`reliability`],
//! [`pit`], [`coverage`]); and how far a mean score would move with other countries ([`by_groups`]).

mod calibration;
mod events;
mod groups;
pub mod references;
mod samples;

pub use calibration::{Coverage, Pit, Reliability, coverage, pit, reliability};
pub use events::{auc, brier, log_score};
pub use groups::{Mean, by_groups};
pub use samples::{VIEWS_BINS, crps, ignorance, interval_score, quantile};
