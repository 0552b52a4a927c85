//! Coded events: stores for many rows, counts by day and directed pair of states, detection of turns, and replay of the past.
//!
//! An alarm is not a verdict: nothing here judges a state. The caller places actors (the codes of publishers are not known here) and says
//! what to look at.
//!
//! | step | module | what it gives |
//! |---|---|---|
//! | files to events | [`read`] | every line read, or left out with its reason and number |
//! | events kept | [`store`] | sorted Parquet files by source and month, one manifest, every version with when it was known |
//! | events counted | [`counts`] | sums by day and directed pair of published codes, as known on any day |
//! | codes to states | [`place`] | pairs of states, and what could not be placed, by code |
//!
//! Detection reads [`Series`]: what one directed pair of states did each day, beside all reports of that day.

#![cfg_attr(test, allow(clippy::float_cmp, reason = "what is exact is compared as such"))]

pub mod alarm;
pub mod counts;
pub mod detect;
mod error;
pub mod event;
pub mod place;
pub mod read;
pub mod replay;
pub mod score;
pub mod store;

pub use counts::series::Series;
pub use error::Error;
pub use event::Event;
pub use store::Store;
