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
mod levant;
#[path = "../../examples/replay/onsets.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod onsets;
mod published;
#[path = "../../examples/replay/series.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod series;
