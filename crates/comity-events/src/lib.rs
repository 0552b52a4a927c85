//! Coded events: stores for many rows, counts by day and directed pair of states, detection of turns, and replay of the past.
//!
//! An alarm is not a verdict: nothing here judges a state. The caller places actors (the codes of publishers are not known here) and says
//! what to look at.

#![cfg_attr(test, allow(clippy::float_cmp, reason = "what is exact is compared as such"))]

pub mod alarm;
pub mod detect;
pub mod replay;
pub mod score;
