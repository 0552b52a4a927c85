//! Tests of acts and advice over the starter and over records invented here.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and is written to be read"
)]

mod advice;
mod beside;
mod mutants;
mod rewritings;
mod round_trip;
mod rounds;
mod search;
mod trial;
