//! Tests of the measures against published numbers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ideal_invented;
mod ideal_published;
mod votes_invented;
mod votes_published;
mod votes_table;
