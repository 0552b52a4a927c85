//! What states had, beside what would be expected of one in their place.

use arrow::array::{AsArray, RecordBatch};
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
            Ok(rows) => said.all.extend(read(&rows, what, states)),
            Err(error) => said.missing.push(format!("{what}: {}", error.message)),
        }
    }
    progress(OUTCOMES.len(), OUTCOMES.len());
    // In the order of the states, as they were asked for.
    let place = |name: &str| states.iter().position(|(_, known)| known == name);
    said.all.sort_by_key(|one| place(&one.state));
    Ok(said)
}

fn read(rows: &RecordBatch, what: &'static str, states: &[(i32, String)]) -> Vec<Expected> {
    let int = |name: &str, row: usize| -> i32 {
        let column = rows.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int32Type>());
        column.map_or(0, |c| c.value(row))
    };
    let real = |name: &str, row: usize| -> f64 {
        let column = rows.column_by_name(name).and_then(|c| c.as_primitive_opt::<Float64Type>());
        column.map_or(0.0, |c| c.value(row))
    };
    let around = |model: &str, row: usize| Around {
        expected: real(&format!("expected_{model}"), row),
        interval: (
            int(&format!("low_{model}"), row).unsigned_abs(),
            int(&format!("high_{model}"), row).unsigned_abs(),
        ),
    };
    let one = |row: usize| {
        let (_, name) = states.iter().find(|(ccode, _)| *ccode == int("ccode", row))?;
        Some(Expected {
            state: name.clone(),
            what,
            years: (int("from_year", row), int("to_year", row)),
            observed: int("observed", row).unsigned_abs(),
            geography: around("geography", row),
            full: around("full", row),
            left_out: int("pairs_left_out", row).unsigned_abs(),
        })
    };
    (0..rows.num_rows()).filter_map(one).collect()
}
