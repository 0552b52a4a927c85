//! A watcher that late reports can correct.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{Against, Told, Watcher};
use crate::detect::{Observed, Refused};

/// What came late to a period that was taken in before: to be added to what was counted then; below 0 where an event was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Late {
    /// The period that it belongs to.
    pub period: i32,
    /// Events of the kind that is looked at.
    pub count: f64,
    /// Reports of any kind about the dyad.
    pub dyad: f64,
    /// All reports of the source.
    pub all: f64,
}

/// A watcher with the state of some periods ago and the periods since, so that a late report can be put where it belongs. Memory is
/// constant. What was told stays told: a correction changes what is said from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    before: Watcher,
    now: Watcher,
    since: VecDeque<Observed>,
    patience: usize,
    /// Whether an alarm was on when something was told last.
    on: bool,
}

impl Tracker {
    /// One that takes reports up to so many periods late.
    pub fn new(watcher: Watcher, patience: usize) -> Self {
        Self { before: watcher.clone(), now: watcher, since: VecDeque::new(), patience, on: false }
    }

    /// The watcher as it stands.
    pub fn watcher(&self) -> &Watcher {
        &self.now
    }

    /// Tests a period, and takes it in.
    ///
    /// # Errors
    /// As [`Watcher::step`].
    pub fn step(&mut self, observed: &Observed, world: Option<Against>) -> Result<Told, Refused> {
        let mut told = self.now.step(observed, world)?;
        // A correction may have raised an alarm in a period that was told before: it is new now.
        told.new = told.on && !self.on;
        self.on = told.on;
        if self.patience == 0 {
            return Ok(told);
        }
        self.since.push_back(*observed);
        if self.since.len() > self.patience
            && let Some(oldest) = self.since.pop_front()
        {
            self.before.step(&oldest, None)?;
        }
        Ok(told)
    }

    /// Puts late reports where they belong, and goes over the periods since. False: they are later than can be taken, and nothing was
    /// changed; the state is to be made anew from the counts where they matter.
    ///
    /// # Errors
    /// A period that would have fewer than no events; nothing is changed then.
    pub fn correct(&mut self, late: &[Late]) -> Result<bool, Refused> {
        let mut since = self.since.clone();
        for late in late {
            let Some(period) = since.iter_mut().find(|o| o.period == late.period) else {
                return Ok(false);
            };
            period.count += late.count;
            period.dyad += late.dyad;
            period.all += late.all;
        }
        let mut now = self.before.clone();
        for period in &since {
            now.step(period, None)?;
        }
        self.now = now;
        self.since = since;
        Ok(true)
    }

    /// Makes the state anew from a watcher that has seen nothing, and all periods as they are known now. What was told stays told.
    ///
    /// # Errors
    /// As [`Watcher::step`].
    pub fn again(&mut self, empty: Watcher, periods: &[Observed]) -> Result<(), Refused> {
        let on = self.on;
        *self = Self { on, ..Self::new(empty, self.patience) };
        for period in periods {
            self.step(period, None)?;
        }
        self.on = on;
        Ok(())
    }
}
