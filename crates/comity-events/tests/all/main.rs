//! Tests of stores, counts, detection and replay.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and is written to be read"
)]

mod failing;
mod formats;
mod gdelt;
mod lines;
mod orders;
mod published;
