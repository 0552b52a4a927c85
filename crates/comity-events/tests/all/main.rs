//! Tests of stores, counts, detection and replay.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and is written to be read"
)]

mod failing;
mod formats;
mod gdelt;
mod levant;
mod lines;
#[path = "../../examples/replay/onsets.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod onsets;
mod orders;
mod published;
#[path = "../../examples/replay/series.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod series;
