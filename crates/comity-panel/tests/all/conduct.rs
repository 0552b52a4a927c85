//! Conduct against what would be expected, on the published datasets: it is right on the whole on years that the models have not seen, and
//! better than the usual first model.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type};
use comity_panel::{MeasureRequest, Measured, measure};
use comity_record::Record;

use crate::published;

fn record() -> &'static Record {
    static RECORD: OnceLock<Record> = OnceLock::new();
    RECORD.get_or_init(|| {
        const WANTED: [&str; 8] = [
            "cow-states",
            "cow-contiguity",
            "cow-capitals",
            "cow-nmc-7",
            "atop-dyads",
            "cow-igo",
            "cow-mid-5",
            "cow-mid-dyads",
        ];
        let folders =
            ["cow-states", "cow-contiguity", "cow-igo", "cow-mid", "cow-nmc", "peacesciencer"];
        published::record(&folders, |found| {
            WANTED.iter().any(|id| found.source_id().starts_with(id))
        })
    })
}

fn rows(name: &str, given: &[(&str, &str)]) -> RecordBatch {
    let given = given.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
    let request = MeasureRequest { given, reading: None };
    let measured = Measured::prepare(record(), measure(name).unwrap(), &request);
    measured.unwrap().rows().unwrap()
}

fn real(rows: &RecordBatch, name: &str, row: usize) -> f64 {
    rows.column_by_name(name).unwrap().as_primitive::<Float64Type>().value(row)
}

fn whole(rows: &RecordBatch, name: &str) -> Vec<i32> {
    rows.column_by_name(name).unwrap().as_primitive::<Int32Type>().values().to_vec()
}

fn texts<'a>(rows: &'a RecordBatch, name: &str) -> Vec<&'a str> {
    rows.column_by_name(name).unwrap().as_string::<i32>().iter().map(Option::unwrap).collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn what_is_expected_is_right_on_the_whole_and_better_than_the_usual_model() {
    let check = rows("conduct_check", &[("outcome", "disputes")]);
    assert_eq!(texts(&check, "model"), ["geography", "full", "baseline"]);
    for model in [0, 1] {
        let (low, high) = (real(&check, "ratio_low", model), real(&check, "ratio_high", model));
        assert!(low < 1.0 && 1.0 < high, "model {model}: {low} to {high}");
    }
    let (score, area) = (|m| real(&check, "log_score", m), |m| real(&check, "auc", m));
    assert!(score(1) < score(2), "full {}, baseline {}", score(1), score(2));
    assert!(area(1) > area(2) && area(1) > 0.9, "full {}, baseline {}", area(1), area(2));
    assert!(area(0) > area(2), "geography {}, baseline {}", area(0), area(2));
    assert_eq!((whole(&check, "from_year")[0], whole(&check, "to_year")[0]), (1816, 2014));
    assert!(whole(&check, "pairs")[0] > 800_000, "{:?}", whole(&check, "pairs"));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn each_state_has_the_disputes_it_had_beside_those_expected() {
    let all = rows("conduct", &[("by", "state")]);
    let (states, observed) = (whole(&all, "ccode"), whole(&all, "observed"));
    let check: i32 = observed.iter().sum();
    // Each event is of two states, and over all of them as many are expected as happened.
    assert_eq!(check % 2, 0);
    let expected: f64 = (0..states.len()).map(|row| real(&all, "expected_full", row)).sum();
    assert!((expected / f64::from(check) - 1.0).abs() < 0.02, "{expected} for {check}");
    let of = |state: i32| states.iter().position(|s| *s == state).unwrap();
    let standing = texts(&all, "standing_geography");
    // With long borders, and without.
    assert!(real(&all, "expected_geography", of(365)) > real(&all, "expected_geography", of(390)));
    assert!(standing.iter().all(|s| ["more", "fewer", "as expected"].contains(s)));
    let of_its_kind = standing.iter().filter(|s| **s == "as expected").count();
    assert!(of_its_kind * 10 >= states.len() * 8, "{of_its_kind} of {}", states.len());
}
