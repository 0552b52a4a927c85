//! The measures of the field, as pure functions over slices.
//!
//! Nothing here reads a file, knows a table, SQL or Arrow, or prints. A function takes plain slices and gives plain values; what is not known
//! is `None` and stays so; what cannot be computed is an [`Error`] that says why. Results are the same on every run and for any number of
//! threads. Every public function documents shapes, units, nulls, errors and its source.

mod error;
pub mod ideal;
mod reference;
#[allow(dead_code)]
mod threads;
pub mod votes;

pub use error::Error;
pub use reference::Reference;
