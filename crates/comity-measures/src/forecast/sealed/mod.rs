//! What is written before a period, so that it can be scored when the period is over.
//!
//! A file of forecasts is lines of JSON: a header, one line per forecast, and a last line with the SHA-256 of all bytes before it. Text goes in
//! and comes out; who reads and writes the file is the caller's. A changed byte, a torn file or an added line is found on reading.
//!
//! The seal says that the file is as it was made. That it was made when it says so, only others can witness: publish the file, or its last
//! line alone, before the period begins.

mod matched;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use matched::{Amounts, Matched, Outcome};
pub use read::open;
pub use write::seal;

/// What the first line says about itself.
const FORMAT: &str = "comity-forecast";
/// The version of the format.
const VERSION: u32 = 1;
/// The most samples that the forecasts of a file may have together: they are laid out to be scored.
const MOST_SAMPLES: u64 = 30_000_000;

/// What is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// How many, as samples of a distribution.
    Amount,
    /// Whether, as a probability.
    Event,
}

/// One source of what a forecast rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What it is (`ucdp-organized-violence 25.1`).
    pub name: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// What holds for all forecasts of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What is counted, in words: `state-based fatalities, UCDP best estimate`.
    pub outcome: String,
    /// Amounts or events.
    pub target: Target,
    /// What one forecast is of: `country-year`, `country-month`, `directed dyad-year`.
    pub unit: String,
    /// The model.
    pub model: String,
    /// Its version, and its settings in words.
    pub model_version: String,
    /// The seed of its random draws; none where nothing is drawn.
    pub seed: Option<u64>,
    /// The day on which it was made (2026-11-28), as its maker says.
    pub made_on: String,
    /// The last day of which anything was known to it.
    pub known_to: String,
    /// What it rests on.
    pub inputs: Vec<Input>,
}

/// What was forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Each different sample in rising order, and how many there are of it.
    Samples(Vec<(f64, u64)>),
    /// The probability of the event.
    Probability(f64),
}

impl Given {
    /// Samples in rising order, as a file holds them: each different one with its number.
    pub fn of_samples(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64));
        Self::Samples(runs.collect())
    }

    /// All samples, rising; none where a probability was given.
    pub fn samples(&self) -> Vec<f64> {
        match self {
            Self::Probability(_) => Vec::new(),
            Self::Samples(runs) => {
                runs.iter().flat_map(|(x, n)| std::iter::repeat_n(*x, *n as usize)).collect()
            }
        }
    }
}

/// One forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Whose: a code (`530`), or two of them (`2-365`: the first toward the second).
    pub of: String,
    /// The first day of its period.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What was forecast.
    pub given: Given,
}

/// A file of forecasts that is as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// What holds for all.
    pub header: Header,
    /// The forecasts, in the order of the file.
    pub rows: Vec<Row>,
    /// The SHA-256 of the lines before the last one.
    pub seal: Seal,
}

/// A SHA-256 in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seal(String);

impl fmt::Display for Seal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl Seal {
    fn of(text: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let bytes = Sha256::digest(text.as_bytes());
        Self(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }
}

/// The first line of a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    format: String,
    version: u32,
    /// How many forecasts follow.
    forecasts: usize,
    header: Header,
}

/// The last one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    sha256: Seal,
}
