//! Scoring: forecasts beside what happened.

use std::collections::BTreeMap;

use super::write::{day, wrong};
use super::{Given, Row, Sealed};
use crate::Error;
use crate::forecast::{Score, score};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// To whom, as the forecast calls it.
    pub of: String,
    /// The first day of the period.
    pub from: String,
    /// How many, or 1 for an event and 0 for none.
    pub value: f64,
}

/// Forecasts beside what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched<'a> {
    /// Whether a period had begun before the day on which the file was made: no forecast then, but a hindcast.
    pub hindcast: bool,
    /// Forecasts with their outcome, in the order of the file.
    pub rows: Vec<(&'a Row, f64)>,
    /// Forecasts whose outcome is not known. They are not scored.
    pub unknown: Vec<&'a Row>,
    /// Outcomes of periods of the file that were not forecast. A maker who leaves out what is hard is seen here.
    pub unforecast: Vec<&'a Outcome>,
}

/// Amounts that were forecast, as the scores and calibrations take them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Amounts {
    /// Samples of each forecast, rising.
    pub samples: Vec<Vec<f64>>,
    /// What happened.
    pub outcomes: Vec<f64>,
    /// The scores.
    pub scores: Vec<Score>,
}

impl Sealed {
    /// Whether a period of the file had begun before the day on which it was made. (Made on the first day of a period, it is a forecast.)
    pub fn is_hindcast(&self) -> bool {
        self.first_hindcast().is_some()
    }

    fn first_hindcast(&self) -> Option<usize> {
        // Days were checked on reading; written so, they sort as text.
        self.rows.iter().position(|row| row.from < self.header.made_on)
    }

    /// The forecasts beside what happened.
    ///
    /// # Shape
    /// One outcome per unit and period; those of periods that the file does not forecast are passed over.
    ///
    /// # Nulls
    /// A forecast without an outcome is not scored; it is listed.
    ///
    /// # Errors
    /// A file made after a period had begun, unless `hindcasts` allows it; two outcomes of one unit and period; an outcome that is negative or
    /// not finite, or no 0 or 1 of an event; a day that is none.
    pub fn matched<'a>(
        &'a self,
        outcomes: &'a [Outcome],
        hindcasts: bool,
    ) -> Result<Matched<'a>, Error> {
        let begun = self.first_hindcast();
        if let (Some(at), false) = (begun, hindcasts) {
            let (from, made) = (&self.rows[at].from, &self.header.made_on);
            let what = format!("its period began on {from}, before it was made on {made}");
            let hint = "it is no forecast; allow hindcasts to score it as one";
            return Err(wrong(at + 2, what, hint));
        }
        let events = matches!(self.header.target, super::Target::Event);
        let mut by: BTreeMap<(&str, &str), (f64, &Outcome)> = BTreeMap::new();
        for (row, outcome) in outcomes.iter().enumerate() {
            day(row + 1, "the first day of an outcome", &outcome.from)?;
            let y = outcome.value;
            let amount = y.is_finite() && y >= 0.0;
            if !amount || (events && y != 0.0 && y != 1.0) {
                let wanted = if events { "0 or 1" } else { "a finite number that is not negative" };
                return Err(Error::Value { what: "the outcome".to_owned(), row, value: y, wanted });
            }
            if by.insert((&outcome.of, &outcome.from), (y, outcome)).is_some() {
                let wanted = "one outcome for each unit and period; this one stands twice";
                let what = format!("the outcome of {:?} from {}", outcome.of, outcome.from);
                return Err(Error::Value { what, row, value: y, wanted });
            }
        }
        let (mut rows, mut unknown) = (Vec::new(), Vec::new());
        for row in &self.rows {
            match by.remove(&(row.of.as_str(), row.from.as_str())) {
                Some((value, _)) => rows.push((row, value)),
                None => unknown.push(row),
            }
        }
        let periods: std::collections::BTreeSet<&str> =
            self.rows.iter().map(|row| row.from.as_str()).collect();
        let unforecast = by
            .into_values()
            .map(|(_, o)| o)
            .filter(|o| periods.contains(o.from.as_str()))
            .collect();
        Ok(Matched { hindcast: begun.is_some(), rows, unknown, unforecast })
    }
}

impl Matched<'_> {
    /// The scores of amounts; nothing where the file forecasts events.
    ///
    /// # Errors
    /// As [`score`].
    pub fn amounts(&self, alpha: f64) -> Result<Amounts, Error> {
        let mut found = Amounts::default();
        for (row, outcome) in &self.rows {
            if let Given::Samples(_) = row.given {
                let samples = row.given.samples();
                found.scores.push(score(&samples, *outcome, alpha)?);
                found.samples.push(samples);
                found.outcomes.push(*outcome);
            }
        }
        Ok(found)
    }

    /// Outcomes and probabilities of events, as [`brier`](crate::scores::brier), [`log_score`](crate::scores::log_score),
    /// [`auc`](crate::scores::auc) and [`reliability`](crate::scores::reliability) take them; nothing where the file forecasts amounts.
    pub fn events(&self) -> (Vec<f64>, Vec<f64>) {
        let of = |(row, outcome): &(&Row, f64)| match row.given {
            Given::Probability(p) => Some((*outcome, p)),
            Given::Samples(_) => None,
        };
        self.rows.iter().filter_map(of).unzip()
    }
}
