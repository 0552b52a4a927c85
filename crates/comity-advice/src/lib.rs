//! Advice before an act: what it would move in a policy, what happened when it was done before, and what else could be done.
//!
//! An act is rows in the canonical tables, laid over a record in memory. The very same audit runs with and without them; the difference is
//! the advice. Nothing is judged by special rules, nothing is written, and nothing is called a forecast.

pub mod acts;
pub mod advice;
pub mod compare;
mod error;
pub mod find;
pub mod forks;
mod history;
pub mod moves;
pub mod precedents;
pub mod search;
pub mod standing;
pub mod what_if;

pub use advice::{Advice, Advisor, Answer, Ask};
pub use error::Error;
