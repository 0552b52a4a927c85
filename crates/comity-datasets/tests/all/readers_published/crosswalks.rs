//! Lists of country codes: `code_crosswalks`, and what is known and not read.

use std::collections::BTreeMap;

use comity_datasets::{self, Why};
use comity_record::source::SourceBundle;

use crate::published;

use super::{at, bundle, cell, nulls, rows};

const TABLE: &str = "code_crosswalks";

/// Rows by list.
fn lists(bundle: &SourceBundle) -> BTreeMap<String, usize> {
    let batch = bundle.table(TABLE).unwrap();
    let mut lists = BTreeMap::new();
    for row in 0..batch.num_rows() {
        *lists.entry(cell(batch, row, "list")).or_default() += 1;
    }
    lists
}

/// What a list says of a state in a year, in one scheme: code and years.
fn said(bundle: &SourceBundle, list: &str, scheme: &str, ccode: i32, year: i32) -> Vec<String> {
    let batch = bundle.table(TABLE).unwrap();
    let number = |row, column: &str| cell(batch, row, column).parse::<i32>().ok();
    (0..batch.num_rows())
        .filter(|r| cell(batch, *r, "list") == list && cell(batch, *r, "scheme") == scheme)
        .filter(|r| number(*r, "ccode") == Some(ccode))
        .filter(|r| number(*r, "start_year").is_none_or(|y| y <= year))
        .filter(|r| number(*r, "end_year").is_none_or(|y| y >= year))
        .map(|r| ["code", "start_year", "end_year"].map(|c| cell(batch, r, c)).join(" "))
        .collect()
}

/// Rows without a state are those that were counted.
fn counted(bundle: &SourceBundle) -> usize {
    let unplaced: usize =
        bundle.source.unplaced.iter().filter(|u| u.table == TABLE).map(|u| u.rows).sum();
    assert_eq!(nulls(bundle, TABLE, "ccode"), unplaced);
    assert!(bundle.source.coverage.iter().filter(|c| c.table == TABLE).all(|c| c.context));
    unplaced
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_dictionary_of_countrycode_undated_and_by_year() {
    let b = bundle("crosswalks", "countrycode-2026-04");
    let by_list: Vec<(String, usize)> = lists(&b).into_iter().collect();
    let expected = [
        ("codelist", 13_221),
        ("codelist_panel", 24_742),
        ("countryhood", 55),
        ("data_cow", 729),
        ("data_gw", 428),
        ("data_iso", 1_245),
        ("data_regions", 518),
        ("data_un", 1_446),
        ("data_un_names", 1_158),
    ];
    assert_eq!(by_list, expected.map(|(list, n)| (list.to_owned(), n)));
    assert_eq!(counted(&b), 17_484);
    let panel = |scheme, ccode, year| said(&b, "codelist_panel", scheme, ccode, year);
    // Yugoslavia has no ISO code in the panel, and others it has.
    assert!(panel("iso3c", 345, 1995).is_empty());
    assert_eq!(panel("imf", 345, 1995), ["188 1944 2020"]);
    assert_eq!(panel("iso3c", 260, 1970), ["DEU 1955 1989"]);
    assert_eq!(panel("gwn", 255, 2000), ["260 1990 2020"]);
    assert_eq!(panel("iso2c", 565, 2000), ["NA 1990 2020"]);
    assert!(panel("iso3c", 2, 2021).is_empty());
    assert_eq!(said(&b, "codelist", "iso3n", 700, 2000), ["4  "]);
    assert_eq!(said(&b, "data_gw", "gwn", 345, 2010), ["340 2006 2017"]);
    assert_eq!(
        at(&b, TABLE, "iso3c=ALA", &["list", "name", "code", "ccode", "start_year", "end_year"]),
        ["countryhood", "Aland Islands", "ALA", "", "1920", ""]
    );
    assert_eq!(
        at(&b, TABLE, "country.name.en=Yugoslavia year=1878", &["name", "ccode", "start_year"]),
        ["Yugoslavia", "345", "1878"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_same_dictionary_as_text() {
    let found = super::found("crosswalks", "countrycode-2026-04");
    let only = |role: &str| {
        let mut found = found.clone();
        found.files.retain(|f| f.role == role);
        comity_datasets::read(&found).unwrap()
    };
    let (one, other) = (only("codelist"), only("codelist without CLDR"));
    let said = |b: &SourceBundle| {
        let batch = b.table(TABLE).unwrap();
        let line = |r| ["list", "name", "scheme", "code", "ccode"].map(|c| cell(batch, r, c));
        let mut all: Vec<_> = (0..batch.num_rows()).map(line).collect();
        all.sort();
        all
    };
    assert_eq!(said(&one).len(), 13_221);
    assert_eq!(said(&one), said(&other));
    assert_eq!(counted(&one), 1_910);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn country_codes_and_cow2iso() {
    let b = bundle("crosswalks", "country-codes-2026-05");
    assert_eq!(rows(&b, TABLE), 6_525);
    counted(&b);
    assert_eq!(said(&b, "country-codes", "iso2c", 565, 2026), ["NA  "]);
    assert_eq!(said(&b, "country-codes", "fips", 710, 2026), ["CH  "]);
    let b = bundle("crosswalks", "cow2iso-2024-05");
    assert_eq!(rows(&b, TABLE), 1_504);
    assert_eq!(counted(&b), 200);
    assert_eq!(said(&b, "cow2iso", "iso3c", 345, 1980), ["YUG 1962 1991"]);
    assert_eq!(said(&b, "cow2iso", "iso3n", 2, 1995), ["842 1981 "]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn numbers_of_both_systems_by_year() {
    let b = bundle("isard", "isard-2026-06");
    assert_eq!(counted(&b), 124);
    let numbers = |scheme, ccode, year| said(&b, "cw_gw_panel", scheme, ccode, year);
    assert_eq!(numbers("gwn", 345, 1995), ["345 1944 2005"]);
    assert_eq!(rows(&b, TABLE), 631);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_crosswalk_is_read_or_known_with_a_reason() {
    let search = comity_datasets::find(&[published::path("crosswalks")]);
    let left: Vec<String> = search
        .unrecognised
        .iter()
        .filter(|u| !u.path.ends_with("SOURCE.md"))
        .map(|u| format!("{:?} {} {}", u.why, u.path.display(), u.reason))
        .collect();
    let known = search.unrecognised.iter().filter(|u| u.why == Why::Nothing).count();
    // Regular expressions, and a copy of COW's states.
    assert_eq!((known, left.len()), (2, 2), "{left:#?}");
}
