//! Sealing: checks and writing. What is checked here is checked on reading too.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{FORMAT, First, Given, Header, Last, MOST_SAMPLES, Row, Seal, Target, VERSION};
use crate::Error;

/// The text of a file of forecasts, sealed.
///
/// # Shape
/// One row per unit and period; the file keeps their order.
///
/// # Units
/// Days are written `2026-11-28`.
///
/// # Errors
/// No rows; two of one unit and period; a row that does not fit the target, samples that do not rise or are negative, a probability outside
/// 0 to 1; days that are none; data known after the day it was made, or on a day of a period that is forecast; no inputs, or inputs without a
/// SHA-256. [`Error::Sealed`] has the line of the file.
pub fn seal(header: &Header, rows: &[Row]) -> Result<String, Error> {
    check(header, rows)?;
    let first = First {
        format: FORMAT.to_owned(),
        version: VERSION,
        forecasts: rows.len(),
        header: header.clone(),
    };
    let mut text = line(&first, 1)?;
    for (at, row) in rows.iter().enumerate() {
        text += &line(row, at + 2)?;
    }
    let last = Last { sha256: Seal::of(&text) };
    text += &line(&last, rows.len() + 2)?;
    Ok(text)
}

fn line<T: serde::Serialize>(value: &T, line: usize) -> Result<String, Error> {
    match serde_json::to_string(value) {
        Ok(text) => Ok(text + "\n"),
        Err(why) => Err(wrong(line, why.to_string(), "give values that JSON can hold")),
    }
}

pub(super) fn wrong(line: usize, what: String, hint: &'static str) -> Error {
    Error::Sealed { line, what, hint }
}

/// Whether header and rows can be a file of forecasts.
pub(super) fn check(header: &Header, rows: &[Row]) -> Result<(), Error> {
    let made_on = day(1, "made_on", &header.made_on)?;
    let known_to = day(1, "known_to", &header.known_to)?;
    if known_to > made_on {
        let what = format!("it knows of {known_to} and was made on {made_on}");
        return Err(wrong(1, what, "a forecast cannot know of days after the one it was made on"));
    }
    if header.inputs.is_empty() {
        let hint = "name what the forecasts rest on, each with its SHA-256";
        return Err(wrong(1, "no inputs are named".to_owned(), hint));
    }
    for input in &header.inputs {
        let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if input.sha256.len() != 64 || !input.sha256.chars().all(digits) {
            let what = format!("the SHA-256 of {:?} is {:?}", input.name, input.sha256);
            return Err(wrong(1, what, "it has 64 hexadecimal digits in small letters"));
        }
    }
    if rows.is_empty() {
        let hint = "a file has one line per forecast between the first and the last";
        return Err(wrong(2, "there are no forecasts".to_owned(), hint));
    }
    let (mut seen, mut samples) = (BTreeMap::new(), 0_u64);
    for (at, row) in rows.iter().enumerate() {
        let line = at + 2;
        let (from, to) = (day(line, "from", &row.from)?, day(line, "to", &row.to)?);
        if to < from {
            let what = format!("the period ends on {to}, before it begins on {from}");
            return Err(wrong(line, what, "give its first day and its last"));
        }
        if from <= known_to {
            let what = format!("the period begins on {from}, and days up to {known_to} are known");
            return Err(wrong(line, what, "a period must begin after the last day that is known"));
        }
        if let Some(before) = seen.insert((&row.of, from), line) {
            let what = format!("{:?} from {from} stands in line {before} already", row.of);
            return Err(wrong(line, what, "give one forecast for each unit and period"));
        }
        samples = samples.saturating_add(given(line, header.target, &row.given)?);
        if samples > MOST_SAMPLES {
            let what = format!("the forecasts have more than {MOST_SAMPLES} samples together");
            return Err(wrong(line, what, "a thousand each are usual: make several files"));
        }
    }
    Ok(())
}

/// How many samples it has.
fn given(line: usize, target: Target, given: &Given) -> Result<u64, Error> {
    match (target, given) {
        (Target::Event, Given::Probability(p)) if (0.0..=1.0).contains(p) => Ok(0),
        (Target::Event, Given::Probability(p)) => {
            Err(wrong(line, format!("the probability is {p}"), "give a number from 0 to 1"))
        }
        (Target::Amount, Given::Samples(runs)) => samples(line, runs),
        (Target::Event, Given::Samples(_)) => {
            let what = "samples are given of an event".to_owned();
            Err(wrong(line, what, "give its probability"))
        }
        (Target::Amount, Given::Probability(_)) => {
            let what = "a probability is given of an amount".to_owned();
            Err(wrong(line, what, "give samples of its distribution"))
        }
    }
}

fn samples(line: usize, runs: &[(f64, u64)]) -> Result<u64, Error> {
    let rising = runs.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let amounts = runs.iter().all(|(x, n)| x.is_finite() && *x >= 0.0 && *n > 0);
    if !rising || !amounts {
        let what = "its samples do not rise, are below zero or are counted as none".to_owned();
        return Err(wrong(line, what, "give each different sample once, rising, with its number"));
    }
    match runs.iter().fold(0_u64, |sum, (_, n)| sum.saturating_add(*n)) {
        0 => Err(wrong(line, "it has no samples".to_owned(), "a thousand are usual")),
        all => Ok(all),
    }
}

/// A day, written in the one way that a file has for it.
pub(super) fn day(line: usize, name: &str, text: &str) -> Result<Date, Error> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        _ => {
            let what = format!("{name} is {text:?}");
            Err(wrong(line, what, "give a day as 2026-11-28"))
        }
    }
}
