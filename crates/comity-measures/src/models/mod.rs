//! Statistical models: from a formula and columns to coefficients with their errors.
//!
//! [`Formula`] is what is asked; [`Sample`] puts it together with columns; [`fit`] and its kin estimate; a [`Fit`] is the result.

#![allow(clippy::float_cmp, reason = "indicators, codes and ties are compared as they are")]
#![allow(clippy::many_single_char_names, reason = "the letters of the formulas")]

mod absorb;
mod conditional;
mod covariance;
mod design;
pub mod distributions;
mod family;
mod fit;
mod fixed_effects;
pub mod formula;
mod gee;
mod glm;
mod groups;
mod intervals;
mod peace_years;
pub mod references;
mod rows;
mod sample;
mod tail;

pub use conditional::conditional_logit;
pub use covariance::Errors;
pub use design::{CONSTANT, Collinear, Design, Omitted};
pub use family::Family;
pub use fit::{Estimate, Fit, Wald};
pub use fixed_effects::fit_absorbed;
pub use formula::Formula;
pub use gee::{Correlation, Panels, gee};
pub use glm::{Options, fit};
pub use groups::Groups;
pub use intervals::{Interval, rate_interval, share_interval};
pub use peace_years::{cubic, natural_splines, peace_years};
pub use sample::{Sample, Table, Values};
pub use tail::{
    Kind as TailKind, Tail, Uncertainty, tail, tail_from, tail_goodness, tail_uncertainty,
};
