//! Detection of turns in a series of counts: one period in, one reading out, constant memory for each dyad.
//!
//! Four methods ([`Method`]). All compare the count of a period with a baseline of past periods that ends before it
//! ([`Settings::guard`]), as a share of all reports of the source ([`Share`]), so that a growing volume of news is no crisis. With
//! x the events that are looked at and n the reports, the baseline of W periods gives
//!
//! ```text
//! rate        ρ = (Σ x + ½) / Σ n
//! expected    e = ρ n            (n of the tested period)
//! dispersion  φ = max(1, 1/(W−1) Σ (x − ρ n)² / (ρ n))
//! variance    σ² = max(1, φ e (1 + n / Σ n))
//! deviation   z = (x − e) / σ
//! ```
//!
//! A method never looks ahead, draws no random numbers, and gives the same on every run.

mod change_point;
mod cusum;
mod distribution;
mod fit;
mod negative_binomial;
mod news;
mod period;
mod reference;
mod settings;
mod window;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use change_point::CHANGE_POINT;
pub use cusum::CUSUM;
pub use negative_binomial::NEGATIVE_BINOMIAL;
pub use news::NEWS;
pub(crate) use period::as_date;
pub use period::{Period, date, day};
pub use reference::Reference;
pub use settings::{AttributeError, Grade, Settings, Share};

use window::{Cell, Past, Window};

/// How a turn is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Cumulated sums of standardised counts: [`CUSUM`].
    Cusum,
    /// How improbable the count is under a baseline with trend and weekday: [`NEGATIVE_BINOMIAL`].
    NegativeBinomial,
    /// The probability that the rate has just changed: [`CHANGE_POINT`].
    ChangePoint,
    /// How many times the usual share of the news is about conflict: [`NEWS`].
    News,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cusum, Self::NegativeBinomial, Self::ChangePoint, Self::News];

    /// Its name as attributes have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cusum => "cusum",
            Self::NegativeBinomial => "negative-binomial",
            Self::ChangePoint => "change-point",
            Self::News => "news",
        }
    }

    /// What its value is.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cusum => "cumulated standard deviations",
            Self::NegativeBinomial => {
                "minus the decimal logarithm of the probability of as many events"
            }
            Self::ChangePoint => "probability that the rate has risen within 8 periods",
            Self::News => "doublings of the usual share of reports",
        }
    }

    /// Where it comes from.
    pub fn reference(self) -> &'static Reference {
        match self {
            Self::Cusum => &CUSUM,
            Self::NegativeBinomial => &NEGATIVE_BINOMIAL,
            Self::ChangePoint => &CHANGE_POINT,
            Self::News => &NEWS,
        }
    }

    /// The value from which on it is an alarm, where nothing else is declared.
    pub fn threshold(self) -> f64 {
        match self {
            Self::Cusum => 5.0,
            Self::NegativeBinomial => 3.0,
            Self::ChangePoint => 0.5,
            Self::News => 2.0,
        }
    }

    /// The highest threshold that can be declared.
    fn most(self) -> f64 {
        match self {
            Self::ChangePoint => 1.0,
            _ => 1000.0,
        }
    }

    /// The shortest baseline that it can work with.
    fn least_baseline(self, period: Period) -> usize {
        match (self, period) {
            (Self::NegativeBinomial, Period::Day) => 28,
            (Self::NegativeBinomial, _) => 5,
            _ => 3,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was seen of one dyad in one period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// The number of the period ([`Period::of`]).
    pub period: i32,
    /// Events of the kind that is looked at.
    pub count: f64,
    /// Reports of any kind about the dyad.
    pub dyad: f64,
    /// All reports of the source. None: the source was silent, and nothing is known of the period.
    pub all: f64,
}

/// What can be seen of a dyad in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sight {
    /// The baseline is full and has enough reports of the dyad: no alarm means that nothing out of the usual was reported.
    Clear,
    /// The baseline is not full, or has few reports of the dyad: an alarm counts, and no alarm says nothing.
    Thin,
    /// There is no report that a count could be a share of: nothing is known.
    Blind,
}

/// How a period was read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The number of the period.
    pub period: i32,
    /// Events of the kind that is looked at.
    pub count: f64,
    /// The reports that the count is a share of.
    pub exposure: f64,
    /// The events that the baseline lets one expect; null without one.
    pub expected: Option<f64>,
    /// By how many standard deviations the count is above that; null without a baseline.
    pub deviation: Option<f64>,
    /// The method's value ([`Method::unit`]); null where nothing can be said.
    pub value: Option<f64>,
    /// The period in which the turn began, where the method has one.
    pub since: Option<i32>,
    /// What can be seen.
    pub sight: Sight,
    /// Reports of any kind about the dyad in the baseline.
    pub baseline_reports: f64,
    /// Periods in the baseline.
    pub baseline_periods: u32,
}

/// What a reading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Too little is known to say anything.
    CannotSee,
    /// Nothing out of the usual was reported.
    Quiet,
    /// The value is at the threshold or above it.
    Alarm,
}

impl Reading {
    /// What it says at a threshold. A dyad of which little is reported is never [`State::Quiet`].
    pub fn state(&self, threshold: f64) -> State {
        match self.value {
            Some(value) if value >= threshold => State::Alarm,
            Some(_) if self.sight == Sight::Clear => State::Quiet,
            _ => State::CannotSee,
        }
    }
}

/// More than any source reports in a year; squares of it are still exact enough.
const MOST_COUNT: f64 = 1e12;

/// Reports can be weighted; less than this is no report.
const LEAST_REPORTS: f64 = 1e-6;

/// A period that cannot be taken in.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It was taken in before, or one after it was.
    #[error(
        "period {got} comes after period {last} was taken in: rebuild the state from the counts"
    )]
    Backwards {
        /// The last period that was taken in.
        last: i32,
        /// The one that came.
        got: i32,
    },
    /// A count is negative, too great or no number.
    #[error("period {period} has {value} {what}: a count is a number from 0 to 10^12")]
    NoCount {
        /// The period.
        period: i32,
        /// What the number is of.
        what: &'static str,
        /// The number.
        value: f64,
    },
}

/// A method at work on one dyad. It can be stored and taken up again.
///
/// # Shape
/// Periods come in their order; those that do not come were not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detector {
    settings: Settings,
    window: Window,
    last: Option<i32>,
    kept: Kept,
}

/// What a method keeps beside the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kept {
    Cusum(cusum::Sum),
    NegativeBinomial,
    ChangePoint(change_point::Runs),
    News,
}

/// A period beside its baseline: what a method is given.
pub(crate) struct Tested<'a> {
    settings: &'a Settings,
    window: &'a Window,
    past: Past,
    cell: Cell,
    deviation: f64,
}

/// What a method says.
pub(crate) struct Said {
    value: f64,
    expected: f64,
    since: Option<i32>,
}

impl Detector {
    /// One that has seen nothing.
    pub fn new(settings: Settings) -> Self {
        let kept = match settings.method {
            Method::Cusum => Kept::Cusum(cusum::Sum::default()),
            Method::NegativeBinomial => Kept::NegativeBinomial,
            Method::ChangePoint => Kept::ChangePoint(change_point::Runs::default()),
            Method::News => Kept::News,
        };
        let window = Window::new(settings.baseline, settings.guard);
        Self { settings, window, last: None, kept }
    }

    /// How it watches.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The last period that was taken in.
    pub fn last(&self) -> Option<i32> {
        self.last
    }

    /// Tests a period, and takes it in.
    ///
    /// # Errors
    /// A period that is not after the last one; a count that is none.
    pub fn step(&mut self, observed: &Observed) -> Result<Reading, Refused> {
        self.check(observed)?;
        let (reading, kept) = self.test(observed);
        if let Some(kept) = kept {
            self.kept = kept;
        }
        if reading.sight != Sight::Blind {
            self.window.push(self.cell(observed));
        }
        self.last = Some(observed.period);
        Ok(reading)
    }

    /// Tests a period that is still open, and takes nothing in: what [`Self::step`] would say if the period ended now.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn look(&self, observed: &Observed) -> Result<Reading, Refused> {
        self.check(observed)?;
        Ok(self.test(observed).0)
    }

    fn check(&self, observed: &Observed) -> Result<(), Refused> {
        let period = observed.period;
        if let Some(last) = self.last.filter(|last| *last >= period) {
            return Err(Refused::Backwards { last, got: period });
        }
        let counts = [
            ("events", observed.count),
            ("reports of the dyad", observed.dyad),
            ("reports in all", observed.all),
        ];
        match counts.into_iter().find(|(_, value)| !(0.0..=MOST_COUNT).contains(value)) {
            Some((what, value)) => Err(Refused::NoCount { period, what, value }),
            None => Ok(()),
        }
    }

    fn cell(&self, observed: &Observed) -> Cell {
        let exposure = match self.settings.share {
            Share::All => observed.all,
            Share::Dyad => observed.dyad,
        };
        Cell { period: observed.period, count: observed.count, exposure, dyad: observed.dyad }
    }

    fn test(&self, observed: &Observed) -> (Reading, Option<Kept>) {
        let cell = self.cell(observed);
        let sums = self.window.sums();
        let periods = sums.periods as usize;
        let mut reading = Reading {
            period: cell.period,
            count: cell.count,
            exposure: cell.exposure,
            expected: None,
            deviation: None,
            value: None,
            since: None,
            sight: Sight::Blind,
            baseline_reports: sums.reports,
            baseline_periods: sums.periods,
        };
        if cell.exposure < LEAST_REPORTS {
            return (reading, None);
        }
        let full = periods >= self.settings.baseline;
        let enough = reading.baseline_reports >= self.settings.minimum;
        reading.sight = if full && enough { Sight::Clear } else { Sight::Thin };
        // Half a baseline is the least to stand on.
        let Some(past) = self.window.past(&sums).filter(|_| 2 * periods >= self.settings.baseline)
        else {
            return (reading, None);
        };
        let above = cell.count - past.expected(cell.exposure);
        let deviation = above / past.variance(cell.exposure).sqrt();
        let tested =
            Tested { settings: &self.settings, window: &self.window, past, cell, deviation };
        let (said, kept) = match &self.kept {
            Kept::Cusum(sum) => {
                let (said, next) = cusum::test(&tested, sum);
                (said, Some(Kept::Cusum(next)))
            }
            Kept::NegativeBinomial => (negative_binomial::test(&tested), None),
            Kept::ChangePoint(runs) => {
                let (said, next) = change_point::test(&tested, runs);
                (said, Some(Kept::ChangePoint(next)))
            }
            Kept::News => (news::test(&tested), None),
        };
        reading.value = Some(said.value);
        reading.expected = Some(said.expected);
        reading.deviation = Some(deviation);
        reading.since = said.since;
        (reading, kept)
    }
}

#[cfg(test)]
mod tests;
