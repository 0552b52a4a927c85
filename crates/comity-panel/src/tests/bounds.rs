//! Hostile records and requests: refused by name, or bounded; nothing becomes another value, and nothing panics.

use comity_record::{Preferences, Record, Relation};

use super::invented::{Facts, PLAIN, record, source};
use super::types::{spec, ways};
use crate::build::Panel;
use crate::error::PanelError;
use crate::groups::GROUPS;
use crate::request::Request;
use crate::spec::Spec;
use crate::system::Codes;
use crate::unit::Unit;

const UNITS: [Unit; 5] = [
    Unit::StateYears,
    Unit::DyadYears,
    Unit::LeaderYears,
    Unit::LeaderDyadYears,
    Unit::DisputeYears,
];

#[test]
fn impossible_years_and_numbers_are_refused_or_left_out() {
    // A record takes years from 1 to 9999, and days of any year.
    for (years, days, number) in [
        ((1, 9999), (-9999, 9999), i32::MAX),
        ((1950, 9999), (1950, 9999), i32::MIN),
        ((1, 1955), (-9999, 1955), 70_000),
    ] {
        let record = record(Facts { years, days, number, ..PLAIN });
        for way in GROUPS.iter().flat_map(|group| ways(group)) {
            for unit in UNITS {
                let panel = Panel::prepare(&record, &spec(unit, Codes::Cow, true, &way));
                match panel.and_then(|panel| panel.batches()) {
                    Ok(batches) => assert!(batches.iter().all(|b| b.num_rows() < 1_000)),
                    Err(error) => assert!(!error.message.contains("declares"), "{error}"),
                }
            }
        }
    }
}

#[test]
fn a_state_that_begins_before_all_calendars_is_refused_with_its_row() {
    let facts = Facts { days: (-9_999, 1960), ..PLAIN };
    let system = source("mine", Relation::Complement, &["states"], 1, facts);
    let record =
        Record::from_bundles_in(comity_datasets::catalogue(), vec![system], Preferences::default())
            .unwrap();
    let error = Panel::prepare(&record, &Spec::new(Unit::DyadYears)).unwrap_err().to_string();
    assert!(error.contains("from -9999 to 1960 (source mine-1, row line 0 of mine-1)"), "{error}");
}

#[test]
fn an_id_that_is_no_number_becomes_no_other_number() {
    let record = record(Facts { id: Some("B-2"), ..PLAIN });
    let made = |unit: Unit, group: &str, choice: &str| -> Result<usize, PanelError> {
        let way = (group.to_owned(), Some(choice.to_owned()));
        let panel = Panel::prepare(&record, &spec(unit, Codes::Cow, true, &way))?;
        Ok(panel.batches()?.iter().map(arrow::array::RecordBatch::num_rows).sum())
    };
    for (unit, group, choice, column, table, of) in [
        (Unit::DyadYears, "disputes", "cow", "dispnum", "dispute_parties", "cow-mid-1"),
        (Unit::DyadYears, "disputes", "gml", "dispnum", "dyadic_disputes", "gml-mid-1"),
        (Unit::DisputeYears, "disputes", "gml", "dispnum", "dyadic_disputes", "gml-mid-1"),
        (Unit::LeaderDyadYears, "disputes", "gml", "dispnum", "dispute_parties", "gml-mid-1"),
        (Unit::DyadYears, "rivalries", "tss", "tssr_id", "rivalries", "tss-rivalries-1"),
        (Unit::StateYears, "wars", "intra", "warnum", "war_parties", "cow-war-intra-1"),
    ] {
        let error = made(unit, group, choice).unwrap_err().to_string();
        let wanted = format!("the id `B-2` in the table `{table}` (source {of}, row line ");
        assert!(error.contains(&wanted) && error.contains(&format!("`{column}`")), "{error}");
    }
    // Where there is no column of numbers, or a column of texts, an id is what it is.
    for (unit, group, choice) in [
        (Unit::StateYears, "disputes", "cow"),
        (Unit::StateYears, "rivalries", "tss"),
        (Unit::DyadYears, "wars", "inter"),
        (Unit::StateYears, "ucdp", "all"),
    ] {
        assert!(made(unit, group, choice).unwrap() > 0);
    }
}

#[test]
fn a_value_that_its_column_cannot_hold_is_refused() {
    let record = record(Facts { number: 300, ..PLAIN });
    let way = ("contiguity".to_owned(), None);
    let error = Panel::prepare(&record, &spec(Unit::DyadYears, Codes::Cow, false, &way));
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("`conttype` cannot hold 300") && error.contains("contiguity"),
        "{error}"
    );
}

#[test]
fn too_much_and_the_same_twice_are_refused_before_any_work() {
    // Nothing is in the record: whatever is read would be refused for that.
    let empty =
        Record::from_bundles_in(comity_datasets::catalogue(), Vec::new(), Preferences::default())
            .unwrap();
    let many = |word: &str| vec![word.to_owned(); 5_000];
    let request = || Request { unit: "dyad-years".into(), ..Request::default() };
    for request in [
        Request { with: many("nmc"), ..request() },
        Request { columns: many("cinc1"), ..request() },
        Request { add: many("lag(cinc1,1)"), ..request() },
        Request { states: many("Atlantis"), ..request() },
        Request { rules: Some(many("first")), ..request() },
    ] {
        let error = request.spec(&empty).unwrap_err().to_string();
        assert!(error.starts_with("5000 ") && error.contains("2000 at most"), "{error}");
    }
    let twice = |word: &str| vec![word.to_owned(); 2];
    let refused = |request: Request| {
        let spec = request.spec(&empty).unwrap();
        Panel::prepare(&empty, &spec).unwrap_err().to_string()
    };
    assert!(
        refused(Request { with: twice("nmc"), ..request() }).contains("`nmc` is requested twice")
    );
    let usual = vec!["disputes".to_owned(), "disputes:cow".to_owned()];
    assert!(
        refused(Request { with: usual, ..request() }).contains("`disputes` is requested twice")
    );
    let columns = refused(Request { columns: twice("cinc1"), ..request() });
    assert!(columns.contains("`cinc1` is requested twice"), "{columns}");
    let derived = refused(Request { add: twice("lag(cinc1,1)"), ..request() });
    assert!(derived.contains("`cinc1_lag1` is requested twice"), "{derived}");
}
