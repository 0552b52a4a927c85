//! Panels against frames of the peer (peacesciencer 1.2.9), cell by cell and by key. Where the peer is wrong, the difference is asserted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::fs::File;
use std::sync::OnceLock;

use crate::published;
use arrow::array::{Array, AsArray, Float64Array, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type};
use comity_panel::{Codes, Gaps, Panel, Rule, Spec, Unit};
use comity_record::Record;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// What the frames were made from.
const FOLDERS: &[&str] = &[
    "cow-states",
    "cow-mid",
    "cow-contiguity",
    "cow-igo",
    "peacesciencer",
    "isard",
    "crosswalks/gwstates.rda",
];

/// The record that the frames are compared on.
fn record() -> &'static Record {
    static RECORD: OnceLock<Record> = OnceLock::new();
    RECORD.get_or_init(|| published::record(FOLDERS, |_| true))
}

fn gold(name: &str) -> RecordBatch {
    let file = File::open(published::gold(&format!("{name}.parquet"))).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn spec(unit: Unit, with: &[&str]) -> Spec {
    let with = with.iter().map(|w| match w.split_once(':') {
        Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
        None => ((*w).to_owned(), None),
    });
    Spec { with: with.collect(), ..Spec::new(unit) }
}

fn made(record: &Record, spec: &Spec) -> RecordBatch {
    let panel = Panel::prepare(record, spec).unwrap();
    let batches = panel.batches().unwrap();
    concat_batches(&panel.schema(), &batches).unwrap()
}

fn numbers(batch: &RecordBatch, name: &str) -> Float64Array {
    let column = batch
        .column_by_name(name)
        .unwrap_or_else(|| panic!("no column {name} in {:?}", batch.schema()));
    cast(column, &DataType::Float64).unwrap().as_primitive::<Float64Type>().clone()
}

fn keys(batch: &RecordBatch, columns: &[&str]) -> Vec<Vec<i64>> {
    let columns: Vec<Float64Array> = columns.iter().map(|c| numbers(batch, c)).collect();
    (0..batch.num_rows()).map(|row| columns.iter().map(|c| c.value(row) as i64).collect()).collect()
}

/// A cell that differs: its key, column, the peer's value and ours.
type Difference = (Vec<i64>, String, Option<f64>, Option<f64>);

/// Every cell of the frame that differs from ours; the rows must be the same.
fn differences(ours: &RecordBatch, theirs: &RecordBatch, by: &[&str]) -> Vec<Difference> {
    assert_eq!(ours.num_rows(), theirs.num_rows(), "rows");
    let at: HashMap<Vec<i64>, usize> =
        keys(ours, by).into_iter().enumerate().map(|(r, k)| (k, r)).collect();
    assert_eq!(at.len(), ours.num_rows(), "keys are unique");
    let rows: Vec<(Vec<i64>, usize)> = keys(theirs, by)
        .into_iter()
        .map(|k| {
            let row = *at.get(&k).unwrap_or_else(|| panic!("no row {k:?}"));
            (k, row)
        })
        .collect();
    let mut differences = Vec::new();
    for field in theirs.schema().fields() {
        let name = field.name();
        if by.contains(&name.as_str()) {
            continue;
        }
        if *field.data_type() == DataType::Utf8 {
            let theirs = theirs.column_by_name(name).unwrap().as_string::<i32>();
            let ours = cast(ours.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
            let ours = ours.as_string::<i32>();
            for (row, (key, at)) in rows.iter().enumerate() {
                assert_eq!(ours.value(*at), theirs.value(row), "{name} of {key:?}");
            }
            continue;
        }
        let (ours, theirs) = (numbers(ours, name), numbers(theirs, name));
        for (row, (key, at)) in rows.iter().enumerate() {
            let theirs = (!theirs.is_null(row)).then(|| theirs.value(row));
            let ours = (!ours.is_null(*at)).then(|| ours.value(*at));
            let same = match (theirs, ours) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                (a, b) => a == b,
            };
            if !same {
                differences.push((key.clone(), name.clone(), theirs, ours));
            }
        }
    }
    differences
}

fn assert_same(ours: &RecordBatch, theirs: &RecordBatch, by: &[&str]) {
    let found = differences(ours, theirs, by);
    assert!(found.is_empty(), "{} cells differ: {:?}", found.len(), &found[..found.len().min(12)]);
}

const DYAD: &[&str] = &["ccode1", "ccode2", "year"];
const STATE: &[&str] = &["ccode", "year"];

/// The peer's frames go on to 2025.
fn extended(spec: Spec) -> Spec {
    Spec { extend_to: Some(2025), ..spec }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn states_and_dyads_of_both_systems() {
    let record = record();
    assert_same(&made(record, &spec(Unit::StateYears, &[])), &gold("base_cow_sy_nomry"), STATE);
    let directed = Spec { directed: true, ..spec(Unit::DyadYears, &[]) };
    assert_same(&made(record, &directed), &gold("base_cow_ddy_nomry"), DYAD);
    assert_same(&made(record, &extended(spec(Unit::DyadYears, &[]))), &gold("base_cow_ndy"), DYAD);
    let gw = Spec { codes: Codes::Gw, ..spec(Unit::StateYears, &[]) };
    assert_same(&made(record, &gw), &gold("base_gw_sy_nomry"), &["gwcode", "year"]);
    // Counts of the peer's frames that are not kept here.
    let gw = Spec { directed: true, codes: Codes::Gw, ..spec(Unit::DyadYears, &[]) };
    assert_eq!(Panel::prepare(record, &gw).unwrap().years_of_units(), 2_445_018);
    assert_eq!(
        Panel::prepare(record, &Spec { extend_to: Some(2025), ..gw }).unwrap().years_of_units(),
        2_638_078
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn great_powers_pledges_contiguity_and_capitals() {
    let record = record();
    let directed = Spec { directed: true, ..extended(spec(Unit::DyadYears, &["majors"])) };
    assert_same(&made(record, &directed), &gold("ddy_majors"), DYAD);
    for (group, frame) in [
        ("pledges", "ndy_atop"),
        ("contiguity", "ndy_contiguity"),
        ("distance:capital", "ndy_capdist"),
    ] {
        assert_same(&made(record, &extended(spec(Unit::DyadYears, &[group]))), &gold(frame), DYAD);
    }
    assert_same(
        &made(record, &extended(spec(Unit::StateYears, &["contiguity"]))),
        &gold("sy_contiguity"),
        STATE,
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn capabilities_and_organisations() {
    let record = record();
    let keep = ["milex1", "cinc1", "milex2", "cinc2"].map(str::to_owned).to_vec();
    let nmc = Spec { columns: keep, ..extended(spec(Unit::DyadYears, &["nmc"])) };
    assert_same(&made(record, &nmc), &gold("ndy_nmc_keep"), DYAD);
    assert_same(&made(record, &extended(spec(Unit::StateYears, &["nmc"]))), &gold("sy_nmc"), STATE);
    assert_same(
        &made(record, &extended(spec(Unit::StateYears, &["igos"]))),
        &gold("sy_igos"),
        STATE,
    );
    assert_same(
        &made(record, &extended(spec(Unit::DyadYears, &["igos"]))),
        &gold("ndy_igos"),
        DYAD,
    );
}

/// The peer leaves the code for `missing` in place; here it is null.
fn missing_code((_, _, theirs, ours): &Difference) -> bool {
    *theirs == Some(-9.0) && ours.is_none()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn disputes_and_the_rules_that_choose_one() {
    let record = record();
    let ours = made(record, &extended(spec(Unit::DyadYears, &["disputes:cow"])));
    let found = differences(&ours, &gold("ndy_cow_mids"), DYAD);
    let (missing, other): (Vec<_>, Vec<_>) = found.into_iter().partition(missing_code);
    assert!(other.is_empty(), "{} differ: {:?}", other.len(), &other[..other.len().min(12)]);
    assert_eq!(missing.iter().filter(|d| d.1 == "fatality").count(), 671);
    let chain = Rule::ALL.iter().map(|(rule, ..)| *rule).collect::<Vec<_>>();
    for (rules, frame) in [
        (1, "whittle_cow_onsets"),
        (2, "whittle_cow_fatality"),
        (3, "whittle_cow_hostility"),
        (8, "whittle_cow_jds"),
    ] {
        let spec = Spec {
            directed: true,
            rules: Some(chain[..rules].to_vec()),
            ..spec(Unit::DisputeYears, &[])
        };
        let theirs = gold(frame);
        let known: Vec<usize> = theirs
            .schema()
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, f)| f.name() != "duplicated")
            .map(|(at, _)| at)
            .collect();
        let found = differences(
            &made(record, &spec),
            &theirs.project(&known).unwrap(),
            &["dispnum", "ccode1", "ccode2", "year"],
        );
        let other: Vec<_> = found.iter().filter(|d| !missing_code(d)).collect();
        assert!(
            other.is_empty(),
            "{frame}: {} differ: {:?}",
            other.len(),
            &other[..other.len().min(12)]
        );
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn peace_years() {
    let record = record();
    let both = extended(spec(Unit::DyadYears, &["disputes:cow", "disputes:gml", "peace-years"]));
    let theirs = gold("ndy_peaceyears");
    // Counted over rows, as the peer counts, everything is the same.
    assert_same(&made(record, &Spec { gaps: Gaps::Rows, ..both.clone() }), &theirs, DYAD);
    // Counted over the calendar, the years are more after a gap, and only there.
    let found = differences(&made(record, &both), &theirs, DYAD);
    assert!(!found.is_empty());
    for (key, column, theirs, ours) in &found {
        assert!(column.ends_with("spell") && ours > theirs, "{key:?} {column} {theirs:?} {ours:?}");
    }
    // United Kingdom and Netherlands: an event to 1939, none in 1940, apart until 1945.
    let at = |year: i64| {
        found.iter().find(|d| d.0 == [200, 210, year] && d.1 == "cowmidspell").map(|d| (d.2, d.3))
    };
    assert_eq!(at(1945), Some((Some(1.0), Some(5.0))));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn opponents_follow_from_the_days_of_their_participation() {
    let record = record();
    let plain = published::record(&["cow-states", "cow-mid"], |_| true);
    let every = Spec { directed: true, rules: Some(Vec::new()), ..spec(Unit::DisputeYears, &[]) };
    let (ours, listed) = (made(&plain, &every), made(record, &every));
    assert_eq!(ours.num_rows(), 11_390);
    // Finland enters dispute 4678 twice, on a day of 2013 and in May 2014; the list has one onset.
    let found = differences(&ours, &listed, &["dispnum", "ccode1", "ccode2", "year"]);
    let expected =
        |one, two| (vec![4678, one, two, 2014], "disponset".to_owned(), Some(0.0), Some(1.0));
    assert_eq!(found, [expected(365, 375), expected(375, 365)]);
}
