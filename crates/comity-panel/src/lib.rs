//! Research panels: state-years, dyad-years and their kin with the covariates of the field, each from the sources of a record.
//!
//! Facts are laid out once by state and year, or by pair and year; each column of a panel is then a copy of runs of cells, so that
//! the cost grows with the cells written and nothing is joined.
//!
//! Invariants: rows are those of the list of states, in the order of their keys; a value is zero only where a source covers the
//! states and year, and null where nothing is known; a value is the same in every panel that has the unit and year.

#![allow(
    clippy::needless_for_each,
    clippy::similar_names,
    reason = "runs of cells are visited by closures; the field's names for a pair differ in one letter"
)]

mod about;
mod arena;
mod ask;
mod bits;
mod build;
pub(crate) mod calendar;
mod cells;
mod chunk;
mod crosswalk;
mod derive;
mod error;
mod expand;
mod groups;
mod keys;
mod office;
mod parallel;
mod system;
mod tables;
mod unit;
mod write;

pub use about::About;
pub use ask::Asked;

pub use build::{Panel, Spec};
pub use cells::Kind;
pub use derive::{Change, Derived};
pub use error::PanelError;
pub use groups::{Declared, GROUPS, Gaps, Group, Rule, group};
pub use system::Codes;
pub use unit::Unit;
