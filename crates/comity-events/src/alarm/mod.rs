//! Alarms: what a person needs to check one by hand.
//!
//! A [`Watcher`] is a detector that knows whether its alarm is on; a [`Tracker`] is one that late reports can correct. An alarm is no verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::detect::{Grade, Method, Period, Sight, as_date, date};

mod tracker;
mod watcher;

pub use tracker::{Late, Tracker};
pub use watcher::{Told, Watcher, World};

/// Two states: who acts, and against whom. Both directions together where it is not directed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dyad {
    /// The actor; of an undirected dyad the lower number.
    pub actor: i32,
    /// The target.
    pub target: i32,
    /// Whether only what the actor does to the target counts.
    pub directed: bool,
}

impl Dyad {
    /// What the first does to the second.
    pub fn directed(actor: i32, target: i32) -> Self {
        Self { actor, target, directed: true }
    }

    /// What either does to the other.
    pub fn undirected(one: i32, other: i32) -> Self {
        Self { actor: one.min(other), target: one.max(other), directed: false }
    }

    /// The same pair without direction.
    #[must_use]
    pub fn pair(self) -> Self {
        Self::undirected(self.actor, self.target)
    }
}

/// A count beside what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// Events in the period.
    pub observed: f64,
    /// The events that the baseline lets one expect.
    pub expected: f64,
}

impl Against {
    /// How many times the usual. Half an event is added to both, so that nothing is divided by nearly nothing.
    pub fn times(&self) -> f64 {
        (self.observed + 0.5) / (self.expected + 0.5)
    }
}

/// An alarm that is on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Who.
    pub dyad: Dyad,
    /// How it was found.
    pub method: Method,
    /// What is counted and tested at a time.
    pub period: Period,
    /// How grave it is, as declared.
    pub grade: Grade,
    /// The first day of the period in which the turn began: the method's own, or that in which the alarm was raised.
    #[serde(with = "as_date")]
    pub since: i32,
    /// The first day of the period in which the alarm was raised.
    #[serde(with = "as_date")]
    pub raised: i32,
    /// The last day of the period that was tested.
    #[serde(with = "as_date")]
    pub until: i32,
    /// The method's value.
    pub value: f64,
    /// The value from which on it is an alarm.
    pub threshold: f64,
    /// The count beside the dyad's own past.
    pub own: Against,
    /// By how many standard deviations it is above that.
    pub deviation: f64,
    /// The same kind of events of all dyads beside their past; null where it was not given.
    pub world: Option<Against>,
    /// What can be seen of the dyad.
    pub sight: Sight,
    /// The reports that the count is a share of.
    pub exposure: f64,
    /// Reports of any kind about the dyad in the baseline.
    pub baseline_reports: f64,
    /// Periods in the baseline.
    pub baseline_periods: u32,
}

impl Alarm {
    /// How many times the usual, as against how many times the world's usual: near 1 where everyone is in the same news.
    pub fn against_world(&self) -> Option<f64> {
        self.world.map(|world| self.own.times() / world.times())
    }

    /// In a sentence or two, with names for the numbers of states.
    pub fn told(&self, name: impl Fn(i32) -> String) -> String {
        let Self { method, period, grade, value, threshold, own, .. } = self;
        let arrow = if self.dyad.directed { "→" } else { "–" };
        let mut text = format!(
            "{grade}: {} {arrow} {}, since {} (raised {}): {method} {value:.2}, threshold {threshold}. In the {period} to {}: {} events where {:.1} are usual ({:.1} times), {:.1} standard deviations above, among {} reports.",
            name(self.dyad.actor),
            name(self.dyad.target),
            date(self.since),
            date(self.raised),
            date(self.until),
            own.observed,
            own.expected,
            own.times(),
            self.deviation,
            self.exposure,
        );
        if let Some(world) = self.world {
            text += &format!(
                " All dyads: {} where {:.1} are usual ({:.1} times).",
                world.observed,
                world.expected,
                world.times()
            );
        }
        let periods = self.baseline_periods;
        text += &match self.sight {
            Sight::Clear => format!(
                " The usual is that of {periods} {period}s with {} reports of any kind about the two.",
                self.baseline_reports
            ),
            Sight::Thin | Sight::Blind => format!(
                " Little is reported about the two: {} reports of any kind in {periods} {period}s of baseline; what is usual is hardly known.",
                self.baseline_reports
            ),
        };
        text
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(|ccode| ccode.to_string()))
    }
}

#[cfg(test)]
mod tests;
