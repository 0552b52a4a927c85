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
mod among;
mod arena;
mod arrange;

mod bits;
mod build;
mod calendar;
mod cells;
mod chunk;
mod column;
mod computed;
mod condition;
mod crosswalk;
mod days;
mod declared;
mod derive;
mod describe;
mod error;
mod gather;
mod grain;
mod group;
mod groups;
mod handed;
mod ids;
mod join_states;
mod joined;
mod keep;
mod keys;
mod laid;
mod make;
mod measure;
mod measured;
mod measures;
mod named;
mod office;
mod own_table;
mod portfolios;
mod region;
mod register;
mod request;
mod rows;
mod rules;
mod sources;
mod spec;
mod sphere;
mod system;
mod tables;
#[cfg(test)]
mod tests;
mod ties;
mod unit;
mod wanted;
mod write;

pub use about::About;

pub use build::{Listed, Panel};
pub use cells::Kind;
pub use condition::{Comparison, Condition, Operand};
pub use declared::Declared;
pub use derive::{Change, Derived};
pub use error::PanelError;
pub use group::{Choice, Group};
pub use groups::{GROUPS, VERDICTS, group};
pub use handed::{Handed, HandedColumn, HandedValues};
pub use joined::JoinReport;
pub use measure::{Computed, Measure, MeasureRequest, Measured, Parameter, Subject, Takes};
pub use measures::{MEASURES, measure};
pub use own_table::Joined;
pub use register::{Arg, Argument, FUNCTIONS, Function, Type, Values, WrongArguments, registered};
pub use request::Request;
pub use rules::{Gaps, Rule};
pub use spec::Spec;
pub use system::Codes;
pub use unit::Unit;
