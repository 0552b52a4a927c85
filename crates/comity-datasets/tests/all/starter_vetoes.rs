//! The starter's vetoes against the list of the Dag Hammarskjöld Library (1946 to September 2022), both ways.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use crate::published::{Row, coverage, number, read, starter_table};

const SOURCE: &str = "starter-vetoes";

/// How many vetoes each member cast on each day; on which day, not under which symbol: drafts without one were numbered here.
fn count(casts: impl Iterator<Item = (String, i32)>) -> BTreeMap<(String, i32), usize> {
    let mut days = BTreeMap::new();
    for cast in casts {
        *days.entry(cast).or_default() += 1;
    }
    days
}

/// The list has no vote of 13 December 1955; China's on Mongolia stands in the meeting record.
const NOT_LISTED: &str = "S/3502";

/// The starter's vetoes up to the last day of the list.
fn in_the_list() -> Vec<Row> {
    let mut rows = starter_table(SOURCE, "vetoes");
    rows.retain(|r| r["date"].as_str() < "2022-09-30" && r["draft"] != NOT_LISTED);
    rows
}

fn listed() -> Vec<(String, i32)> {
    let mut casts = Vec::new();
    for row in read("unsc-vetoes/unsc_vetoes_1946_sept2022.csv") {
        let parts: Vec<u32> = row["date"].split('/').map(|p| p.parse().expect("a date")).collect();
        let day = format!("{}-{:02}-{:02}", parts[2], parts[0], parts[1]);
        for column in ["member_veto1", "member_veto2", "member_veto3"] {
            let ccode = match row[column].as_str() {
                "" => continue,
                "USA" => 2,
                "UK" => 200,
                "France" => 220,
                "USSR" | "Russia" => 365,
                "China" => 710,
                other => panic!("who is {other}?"),
            };
            casts.push((day.clone(), ccode));
        }
    }
    casts
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_veto_is_in_the_librarys_list_and_none_of_it_is_left_out() {
    let listed = listed();
    let rows = in_the_list();
    let ours = count(rows.iter().map(|r| (r["date"].clone(), number(r, "ccode"))));
    assert_eq!(ours, count(listed.into_iter()));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn symbols_are_those_of_the_list_where_it_has_one() {
    let list = read("unsc-vetoes/unsc_vetoes_1946_sept2022.csv");
    let known: Vec<String> =
        list.iter().map(|r| format!("{} {}", r["draft"], r["meeting_record"])).collect();
    for row in in_the_list() {
        let symbol = row["draft"].split(" (").next().expect("a symbol").to_owned();
        assert!(known.iter().any(|k| k.contains(&symbol)), "{symbol} is not in the list");
    }
}

#[test]
fn seven_votes_were_needed_before_1966_and_nine_since() {
    for row in starter_table(SOURCE, "vetoes") {
        let wanted = if number(&row, "year") < 1966 { 7 } else { 9 };
        assert_eq!(number(&row, "needed"), wanted, "{}", row["draft"]);
        assert!([2, 200, 220, 365, 710, 713].contains(&number(&row, "ccode")), "{}", row["draft"]);
    }
}

#[test]
fn china_cast_what_is_known_and_1955_is_not_claimed() {
    let rows = starter_table(SOURCE, "vetoes");
    let of_713 = rows.iter().filter(|r| r["ccode"] == "713").map(|r| r["date"].as_str());
    assert_eq!(of_713.collect::<Vec<_>>(), ["1955-12-13"]);
    let years: Vec<i32> =
        rows.iter().filter(|r: &&Row| r["ccode"] == "710").map(|r| number(r, "year")).collect();
    let known = [
        1972, 1997, 1999, 2007, 2008, 2011, 2012, 2012, 2014, 2016, 2017, 2019, 2019, 2019, 2020,
        2020, 2022, 2023, 2024,
    ];
    assert_eq!(years, known);
    let claims = coverage(SOURCE, "vetoes");
    let covers = |ccode, year| claims.iter().any(|c| c.covers(ccode, year));
    assert!(covers(710, 1972) && !covers(365, 1955) && !covers(713, 1955) && !covers(365, 1972));
    assert!(!covers(710, 2022), "the list ends within 2022");
}
