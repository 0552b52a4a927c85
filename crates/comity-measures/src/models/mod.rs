//! Statistical models: from a formula and columns to coefficients with their errors.
//!
//! [`Formula`] is what is asked; [`Sample`] puts it together with columns; [`fit`] and its kin estimate; a [`Fit`] is the result.

mod covariance;
mod design;
pub mod distributions;
mod family;
mod fit;
pub mod formula;
mod glm;
mod groups;
mod rows;
mod sample;

pub use covariance::Errors;
pub use design::{CONSTANT, Collinear, Design, Omitted};
pub use family::Family;
pub use fit::{Estimate, Fit, Wald};
pub use formula::Formula;
pub use glm::{Options, fit};
pub use groups::Groups;
pub use sample::{Sample, Table, Values};
