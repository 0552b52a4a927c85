//! Tests of the measures against published numbers.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and is written to be read"
)]

mod forecast;
mod ideal_invented;
mod ideal_published;
mod models;
mod objects;
mod published;
mod tergm;
mod votes_invented;
mod votes_published;
mod votes_table;
