//! Counts of events by day and directed pair.

pub mod series;
