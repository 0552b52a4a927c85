//! Tests of the measures against published numbers.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and is written to be read"
)]

mod models;
mod objects;
mod published;
mod tergm;
