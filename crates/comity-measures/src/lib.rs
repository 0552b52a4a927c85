//! The measures of the field, as pure functions over slices.
//!
//! Nothing here reads a file, knows a table, SQL or Arrow, or prints. A function takes plain slices and gives plain values; what is not known
//! is `None` and stays so; what cannot be computed is an [`Error`] that says why. Results are the same on every run and for any number of
//! threads. Every public function documents shapes, units, nulls, errors and its source.

#![allow(
    clippy::doc_markdown,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::many_single_char_names,
    clippy::match_same_arms,
    clippy::neg_cmp_op_on_partial_ord,
    reason = "formulas have letters and authors have names; outcomes are exactly 0 or 1; a negated comparison refuses what is no number"
)]

pub mod conduct;
mod error;
pub mod forecast;
pub mod ideal;
pub mod models;
pub mod networks;
pub mod power;
pub mod races;
mod reference;
pub mod scores;
pub mod similarity;
pub mod tergm;
mod threads;
pub mod trade;
pub mod votes;

pub use error::Error;
pub use reference::Reference;
pub use threads::available as threads;
