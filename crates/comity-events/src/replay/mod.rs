//! Replay: the watch of today run over the past, and scored.
//!
//! The past is gone through period by period with the code that watches now ([`crate::alarm::Tracker`]). Each period is judged on what was
//! known at its end: a report that came later is put in when it came. What follows is compared with dated onsets of crises:
//!
//! * *hits*: alarms raised within the horizon before an onset; *noticed*: raised within some weeks after it began;
//! * *false alarms*: no onset within the horizon, and no crisis under way; those raised during a crisis are counted apart;
//! * the values of all dyad-periods outside crises, ranked against whether an onset followed (ROC, precision and recall), beside the base
//!   rate and what happened last month and last year;
//! * probabilities made from values by what had followed such values *so far* (Brier).
//!
//! Intervals are by block bootstrap over calendar years ([`crate::score::Draws`]).

mod forecast;
mod onsets;
mod outcome;
mod past;
mod report;
mod run;
mod table;

pub use forecast::Forecaster;
pub use onsets::{Onset, Onsets, Risk};
pub use outcome::{Alarms, Outcomes};
pub use past::{CameLate, Past};
pub use report::{AlarmLine, Report, ValueLine, replay, scored, watches};
pub use run::{Seen, Trace, run};

/// What is asked of a replay.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Days ahead within which an onset makes an alarm a hit.
    pub horizon: i32,
    /// Days after an onset within which an alarm notices it.
    pub notice: i32,
    /// Days without a crisis before the next one of the dyad is an onset of its own.
    pub calm: i32,
    /// The first day on which onsets are recorded.
    pub from: i32,
    /// The last day on which onsets are recorded.
    pub until: i32,
    /// Of all random numbers.
    pub seed: u64,
    /// Draws of the bootstrap.
    pub draws: u32,
    /// Threads.
    pub threads: usize,
}

#[cfg(test)]
mod tests;
