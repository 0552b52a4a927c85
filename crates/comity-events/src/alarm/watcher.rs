//! Whether the alarm of a dyad is on, period by period.

use serde::{Deserialize, Serialize};

use super::{Against, Alarm, Dyad};
use crate::detect::{Detector, Method, Observed, Reading, Refused, Settings, Share, Sight, State};

/// A detector on one dyad, and whether its alarm is on: from the first period at the threshold until [`Settings::rest`] periods below it. It
/// can be stored and taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watcher {
    dyad: Dyad,
    detector: Detector,
    on: Option<On>,
}

/// An alarm that is on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct On {
    raised: i32,
    since: i32,
    /// Periods below the threshold, one after the other.
    below: u32,
}

/// What a period told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The reading.
    pub reading: Reading,
    /// What it says.
    pub state: State,
    /// Whether an alarm is on.
    pub on: bool,
    /// The alarm that is on, also where this period alone is below the threshold; null in a period of which nothing is known.
    pub alarm: Option<Alarm>,
    /// Whether the alarm was raised by this period.
    pub new: bool,
}

impl Watcher {
    /// One that has seen nothing.
    pub fn new(dyad: Dyad, settings: Settings) -> Self {
        Self { dyad, detector: Detector::new(settings), on: None }
    }

    /// Who is watched.
    pub fn dyad(&self) -> Dyad {
        self.dyad
    }

    /// How it watches.
    pub fn settings(&self) -> &Settings {
        self.detector.settings()
    }

    /// The last period that was taken in.
    pub fn last(&self) -> Option<i32> {
        self.detector.last()
    }

    /// Tests a period, and takes it in. `world` is the same kind of events of all dyads ([`World::step`]).
    ///
    /// # Errors
    /// As [`Detector::step`].
    pub fn step(&mut self, observed: &Observed, world: Option<Against>) -> Result<Told, Refused> {
        let reading = self.detector.step(observed)?;
        let (told, on) = self.tell(reading, world);
        self.on = on;
        Ok(told)
    }

    /// Tests a period that is still open, and takes nothing in.
    ///
    /// # Errors
    /// As [`Detector::look`].
    pub fn look(&self, observed: &Observed, world: Option<Against>) -> Result<Told, Refused> {
        Ok(self.tell(self.detector.look(observed)?, world).0)
    }

    fn tell(&self, reading: Reading, world: Option<Against>) -> (Told, Option<On>) {
        let settings = self.settings();
        let state = reading.state(settings.threshold);
        let period = reading.period;
        let on = match (state, self.on) {
            (State::Alarm, Some(on)) => Some(On { below: 0, ..on }),
            (State::Alarm, None) => {
                Some(On { raised: period, since: reading.since.unwrap_or(period), below: 0 })
            }
            // A period of which nothing is known ends nothing.
            (_, Some(on)) if reading.sight == Sight::Blind => Some(on),
            (_, Some(on)) => {
                Some(On { below: on.below + 1, ..on }).filter(|on| on.below < settings.rest)
            }
            (_, None) => None,
        };
        let new = self.on.is_none() && on.is_some();
        let alarm = on.and_then(|on| self.alarm(&reading, on, world));
        (Told { reading, state, on: on.is_some(), alarm, new }, on)
    }

    /// The alarm as it stands; none in a period of which nothing is known.
    fn alarm(&self, reading: &Reading, on: On, world: Option<Against>) -> Option<Alarm> {
        let settings = self.settings();
        Some(Alarm {
            dyad: self.dyad,
            method: settings.method,
            period: settings.period,
            grade: settings.grade,
            since: settings.period.first_day(on.since),
            raised: settings.period.first_day(on.raised),
            until: settings.period.last_day(reading.period),
            value: reading.value?,
            threshold: settings.threshold,
            own: Against { observed: reading.count, expected: reading.expected? },
            deviation: reading.deviation?,
            world,
            sight: reading.sight,
            exposure: reading.exposure,
            baseline_reports: reading.baseline_reports,
            baseline_periods: reading.baseline_periods,
        })
    }
}

/// The same kind of events of all dyads together, beside their own past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World(Detector);

impl World {
    /// With the baseline of the watch that it is for.
    pub fn new(settings: &Settings) -> Self {
        Self(Detector::new(Settings {
            method: Method::News,
            share: Share::All,
            ..settings.clone()
        }))
    }

    /// Takes a period in: events of the kind that is looked at, and all reports. Null before half of a baseline, or without reports.
    ///
    /// # Errors
    /// As [`Detector::step`].
    pub fn step(&mut self, period: i32, count: f64, all: f64) -> Result<Option<Against>, Refused> {
        Ok(against(self.0.step(&Observed { period, count, dyad: all, all })?))
    }

    /// The same, without taking it in.
    ///
    /// # Errors
    /// As [`Detector::look`].
    pub fn look(&self, period: i32, count: f64, all: f64) -> Result<Option<Against>, Refused> {
        Ok(against(self.0.look(&Observed { period, count, dyad: all, all })?))
    }
}

fn against(reading: Reading) -> Option<Against> {
    Some(Against { observed: reading.count, expected: reading.expected? })
}
