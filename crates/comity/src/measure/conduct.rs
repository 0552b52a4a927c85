//! What states had, beside what would be expected of one in their place.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type};
use comity_record::Record as Tables;
use comity_report::{Around, Expectations, Expected};

use super::{MeasureRequest, named, rows};
use crate::Error;

/// What is counted, as parameters of the measure `conduct` name it.
const OUTCOMES: [&str; 3] = ["disputes", "wars", "sanctions"];

/// Disputes, wars and sanctions of these states (number and name) in these years, beside those expected: the measure `conduct`, summed over
/// the years. What the record has too little for is said, and not left out in silence. `progress` is called with what is done, of how many.
///
/// ```
/// use comity::{Record, measure};
///
/// let record = Record::starter();
/// let all = measure::conduct(record.tables(), &[(710, "China".into())], (1990, 2000), |_, _| {})?;
/// // The starter has no figures of capability.
/// assert!(all.all.is_empty() && !all.missing.is_empty());
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// A damaged record.
pub fn conduct(
    record: &Tables,
    states: &[(i32, String)],
    years: (i32, i32),
    progress: impl Fn(usize, usize),
) -> Result<Expectations, Error> {
    let mut said = Expectations::default();
    let codes: Vec<String> = states.iter().map(|(ccode, _)| ccode.to_string()).collect();
    for (done, what) in OUTCOMES.into_iter().enumerate() {
        progress(done, OUTCOMES.len());
        let given = [
            ("outcome", what.to_owned()),
            ("by", "state".to_owned()),
            ("years", format!("{}-{}", years.0, years.1)),
            ("states", codes.join(",")),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value)).to_vec();
        match rows(record, named("conduct")?, &MeasureRequest { given, reading: None }) {
            Ok(rows) => {
                for one in read(&rows, what, states) {
                    match one {
                        Ok(one) => said.all.push(one),
                        Err(state) => {
                            said.missing.push(format!("{what} of {state}: no interval is known"));
                        }
                    }
                }
            }
            Err(error) => said.missing.push(format!("{what}: {}", error.message)),
        }
    }
    progress(OUTCOMES.len(), OUTCOMES.len());
    // In the order of the states, as they were asked for.
    let place = |name: &str| states.iter().position(|(_, known)| known == name);
    said.all.sort_by_key(|one| place(&one.state));
    Ok(said)
}

/// The rows of these states, or their name where a value is missing: what is not known is never zero.
fn read(
    rows: &RecordBatch,
    what: &'static str,
    states: &[(i32, String)],
) -> Vec<Result<Expected, String>> {
    let int = |name: &str, row: usize| -> Option<i32> {
        let column = rows.column_by_name(name)?.as_primitive_opt::<Int32Type>()?;
        column.is_valid(row).then(|| column.value(row))
    };
    let real = |name: &str, row: usize| -> Option<f64> {
        let column = rows.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
        column.is_valid(row).then(|| column.value(row))
    };
    let count = |name: &str, row: usize| int(name, row).and_then(|n| u32::try_from(n).ok());
    let around = |model: &str, row: usize| {
        let low = count(&format!("low_{model}"), row)?;
        let high = count(&format!("high_{model}"), row)?;
        let expected = real(&format!("expected_{model}"), row)?;
        Some(Around { expected, interval: (low, high) })
    };
    let known = |row: usize, name: &str| {
        Some(Expected {
            state: name.to_owned(),
            what,
            years: (int("from_year", row)?, int("to_year", row)?),
            observed: count("observed", row)?,
            geography: around("geography", row)?,
            full: around("full", row)?,
            left_out: count("pairs_left_out", row)?,
        })
    };
    let one = |row: usize| {
        let (_, name) = states.iter().find(|(ccode, _)| Some(*ccode) == int("ccode", row))?;
        Some(known(row, name).ok_or_else(|| name.clone()))
    };
    (0..rows.num_rows()).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int32Array};

    use super::*;

    #[test]
    fn a_value_that_is_missing_is_said_and_is_no_zero() {
        let ints =
            |values: [Option<i32>; 2]| -> ArrayRef { Arc::new(Int32Array::from(values.to_vec())) };
        let reals = |values: [Option<f64>; 2]| -> ArrayRef {
            Arc::new(Float64Array::from(values.to_vec()))
        };
        let both = |n: i32| ints([Some(n), Some(n)]);
        let rows = RecordBatch::try_from_iter([
            ("ccode", ints([Some(710), Some(750)])),
            ("from_year", both(1950)),
            ("to_year", both(1960)),
            ("observed", both(4)),
            ("pairs_left_out", both(0)),
            ("expected_geography", reals([Some(2.5), Some(2.5)])),
            ("low_geography", ints([Some(1), None])),
            ("high_geography", both(6)),
            ("expected_full", reals([Some(3.5), Some(3.5)])),
            ("low_full", both(1)),
            ("high_full", both(8)),
        ])
        .unwrap();
        let states = [(710, "China".to_owned()), (750, "India".to_owned())];
        let read = read(&rows, "disputes", &states);
        assert_eq!(read[0].as_ref().unwrap().geography.interval, (1, 6));
        assert_eq!(read[1], Err("India".to_owned()));
    }
}
