//! What the starter has from openly licensed sources and public lists (treaty participation, members of the World Trade Organization, personnel,
//! growth, bases), against the published files, both ways.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use comity_record::source::SourceBundle;

use crate::published::{self, Row, coverage, number, read, starter_table, whole};

pub fn published_rows(folder: &str, source: &str, table: &str) -> Vec<Row> {
    let search = comity_datasets::find(&[published::path(folder)]);
    let found = search.found.into_iter().find(|f| f.source_id() == source).unwrap();
    let bundle: SourceBundle = comity_datasets::read(&found).unwrap();
    cells(bundle.table(table).unwrap())
}

fn cells(batch: &RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    cells_of(batch, &names)
}

fn cells_of(batch: &RecordBatch, names: &[&str]) -> Vec<Row> {
    let cell = |r: usize, n: &str| {
        let column = batch.column_by_name(n).unwrap();
        arrow::util::display::array_value_to_string(column, r).unwrap()
    };
    (0..batch.num_rows())
        .map(|r| names.iter().map(|n| ((*n).to_owned(), cell(r, n))).collect())
        .collect()
}

/// Who is what in which treaty and year: treaty, state, status, year.
type Years = BTreeSet<(String, i32, String, i32)>;

fn participation(rows: &[Row], last: impl Fn(&str) -> i32) -> Years {
    let mut years = Years::new();
    for r in rows.iter().filter(|r| whole(r, "ccode").is_some()) {
        let (Some(from), to) = (whole(r, "start_year"), whole(r, "end_year")) else { continue };
        let until = last(&r["treaty_id"]);
        let key = |y| (r["treaty_id"].clone(), number(r, "ccode"), r["status"].clone(), y);
        years.extend((from..=to.unwrap_or(until).min(until)).map(key));
    }
    years
}

/// To which year a treaty is answered.
fn answered() -> BTreeMap<String, i32> {
    let claims = coverage("starter-participation", "treaty_participation");
    let treaties =
        claims.iter().flat_map(|c| c.only["treaty_id"].iter().map(|t| (t.clone(), c.to)));
    treaties.collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn participation_is_that_of_the_lists_but_for_who_left() {
    let answered = answered();
    let last = |treaty: &str| answered.get(treaty).copied().unwrap_or(0);
    let mut theirs: Vec<Row> = Vec::new();
    let search = comity_datasets::find(&[
        published::path("un-treaties"),
        published::path("un-treaty-collection-2015"),
    ]);
    let found = search.found.into_iter().find(|f| f.source_id() == "un-treaties-2026-02").unwrap();
    theirs.extend(cells(
        comity_datasets::read(&found).unwrap().table("treaty_participation").unwrap(),
    ));
    theirs.retain(|r| answered.contains_key(&r["treaty_id"]));
    let theirs = participation(&theirs, last);
    let ours = participation(&starter_table("starter-participation", "treaty_participation"), last);
    assert!(theirs.len() > 150_000, "{}", theirs.len());
    // Days on which a withdrawal took effect, which the lists do not have.
    let left = [
        ("IV-5", 51),
        ("IV-5", 52),
        ("IV-5", 370),
        ("XXVI-4", 365),
        ("XXVI-5", 366),
        ("XXVI-5", 367),
        ("XXVI-5", 368),
        ("XXVI-5", 375),
        ("XXVI-6", 368),
    ];
    let explained =
        |p: &&(String, i32, String, i32)| left.iter().any(|(t, s)| (*t, *s) == (p.0.as_str(), p.1));
    let differ: Vec<_> = ours.symmetric_difference(&theirs).filter(|p| !explained(p)).collect();
    assert!(differ.is_empty(), "{} such as {:?}", differ.len(), &differ[..differ.len().min(10)]);
}

#[test]
fn who_left_a_treaty_is_a_party_to_that_day() {
    let rows = starter_table("starter-participation", "treaty_participation");
    let spell = |treaty: &str, state: &str, status: &str| {
        let of =
            |r: &&Row| r["treaty_id"] == treaty && r["ccode"] == state && r["status"] == status;
        rows.iter().filter(of).map(|r| (r["start"].clone(), r["end"].clone())).collect::<Vec<_>>()
    };
    let day = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
    assert_eq!(spell("XXVI-4", "365", "party"), day("2000-06-30", "2023-11-03"));
    assert_eq!(spell("XXVI-4", "365", "signatory").last().unwrap().0, "2023-11-03");
    assert_eq!(spell("XXVI-5", "367", "party"), day("2005-07-01", "2025-12-27"));
    assert_eq!(spell("XXVI-5", "2", "party"), []);
    assert_eq!(spell("IV-11", "2", "party"), [], "signed and not bound");
    assert_eq!(
        spell("XXVI-3", "651", "party"),
        [],
        "Egypt is outside the chemical weapons convention"
    );
    assert_eq!(spell("XXI-6", "710", "party"), day("1996-06-07", ""));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn members_of_the_trade_organization_are_those_of_its_list() {
    let list = published_rows("wto", "wto-members-2024-08", "treaty_participation");
    let theirs: BTreeSet<(i32, String)> =
        list.iter().filter_map(|r| Some((whole(r, "ccode")?, r["start"].clone()))).collect();
    let ours: BTreeSet<(i32, String)> = starter_table("starter-memberships", "memberships")
        .iter()
        .filter(|r| r["organization"] == "WTO")
        .map(|r| (number(r, "ccode"), r["start"].clone()))
        .collect();
    assert_eq!((ours.len(), &ours), (163, &theirs));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn agreements_are_those_notified_with_their_signatories() {
    let key = |r: &Row| {
        let cells = ["agreement_id", "ccode", "kind", "start_year", "end_year"];
        cells.map(|c| r[c].clone())
    };
    let list = published_rows("wto", "wto-rta-2026-02", "trade_agreements");
    let dated = list.iter().filter(|r| !r["ccode"].is_empty() && !r["start_year"].is_empty());
    let theirs: BTreeSet<_> = dated.map(key).collect();
    let ours: BTreeSet<_> =
        starter_table("starter-agreements", "trade_agreements").iter().map(key).collect();
    assert!(ours.len() > 2_000, "{}", ours.len());
    assert_eq!(ours, theirs);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn growth_is_the_world_banks_to_a_hundredth() {
    let value = |r: &Row| r["gdp_growth"].parse::<f64>().ok();
    let theirs: BTreeMap<(i32, i32), f64> = published_rows("wdi", "wdi-download", "economy")
        .iter()
        .filter_map(|r| Some(((whole(r, "ccode")?, number(r, "year")), value(r)?)))
        .filter(|((_, year), _)| *year <= 2024)
        .collect();
    let ours: BTreeMap<(i32, i32), f64> = starter_table("starter-economy", "economy")
        .iter()
        .map(|r| ((number(r, "ccode"), number(r, "year")), value(r).unwrap()))
        .collect();
    assert!(ours.len() > 9_000);
    assert!(ours.keys().eq(theirs.keys()));
    assert!(ours.iter().all(|(at, v)| (v - theirs[at]).abs() <= 0.005_001));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn personnel_are_the_means_of_the_years_that_are_claimed_and_of_no_other() {
    let claims = coverage("starter-peacekeeping", "peacekeeping");
    let mut theirs: BTreeMap<i32, f64> = BTreeMap::new();
    for row in read("un-peacekeeping-contributions/CountryByYear.csv") {
        if let Ok(persons) = row["Total"].parse::<f64>() {
            *theirs.entry(number(&row, "Year")).or_default() += persons;
        }
    }
    let mut ours: BTreeMap<i32, f64> = BTreeMap::new();
    for row in starter_table("starter-peacekeeping", "peacekeeping") {
        *ours.entry(number(&row, "year")).or_default() += row["personnel"].parse::<f64>().unwrap();
    }
    let years: Vec<i32> = ours.keys().copied().collect();
    assert_eq!(years, [2013, 2014, 2015, 2016, 2018, 2019, 2020]);
    assert!((2000..2030).all(|y| claims.iter().any(|c| c.covers(2, y)) == years.contains(&y)));
    for (year, persons) in ours {
        // Contributors that are no states of the system give a handful.
        assert!((theirs[&year] - persons).abs() < 0.001 * persons, "{year}: {persons}");
    }
}

#[test]
fn bases_to_be_right_about() {
    let rows = starter_table("starter-bases", "deployments");
    let there = |sender: &str, host: &str, year: &str| {
        rows.iter().any(|r| r["ccode"] == sender && r["host"] == host && r["year"] == year)
    };
    assert!(there("2", "640", "2024") && !there("2", "640", "1950"), "Incirlik");
    assert!(there("365", "710", "1955") && !there("365", "710", "1956"), "Port Arthur");
    assert!(there("710", "522", "2017") && !there("710", "522", "2016"), "Djibouti");
    assert!(there("365", "369", "2014") && !there("365", "369", "2015"), "Sevastopol");
    assert!(!rows.iter().any(|r| r["host"] == "225"), "Switzerland hosts nobody");
    assert!(coverage("starter-bases", "deployments").is_empty(), "nothing follows from silence");
    for row in &rows {
        assert_ne!(row["ccode"], row["host"]);
        assert!((1946..=2024).contains(&number(row, "year")) && row["bases"] == "1");
    }
}
