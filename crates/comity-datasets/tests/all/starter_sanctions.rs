//! The starter's sanctions of the Security Council, and who stood apart from those of organisations, against the Global Sanctions Data Base.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::published::{Row, number, read, starter_table, whole};

/// Cases of the United Nations without a binding resolution, or about no state: the head of the file says why.
const LEFT_OUT: [i32; 16] =
    [22, 26, 94, 113, 118, 300, 321, 428, 548, 690, 918, 919, 936, 1002, 1016, 1285];

fn binding() -> Vec<Row> {
    let rows = starter_table("starter-authorizations", "authorizations");
    rows.into_iter().filter(|r| r["subject_table"] == "sanctions").collect()
}

fn positions() -> Vec<Row> {
    starter_table("starter-organization-positions", "organization_positions")
}

#[test]
fn what_only_calls_or_recommends_is_no_mandate() {
    for row in binding() {
        assert!(row["resolution"].starts_with("S/RES/"), "{row:?}");
        assert!(!LEFT_OUT.contains(&number(&row, "subject_id")), "{row:?}");
        assert!(row["adopted"] <= row["start"], "in force before it was adopted: {row:?}");
    }
    let of = |case: &str| -> Vec<(Option<i32>, Option<i32>)> {
        let rows = binding().into_iter().filter(|r| r["subject_id"] == case);
        rows.map(|r| (whole(&r, "start_year"), whole(&r, "end_year"))).collect()
    };
    assert_eq!(of("217"), [(Some(1977), Some(1994))], "South Africa, arms");
    assert_eq!(of("449"), [(Some(1992), Some(1999))], "Libya, to the suspension");
    assert_eq!(of("907"), [(Some(2011), None)], "Libya, in force");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_binding_case_of_the_united_nations_has_its_resolution_and_its_years() {
    let cases: BTreeMap<i32, Row> = read("gsdb/GSDB_V4.csv")
        .into_iter()
        .filter(|r| r["sanctioning_state"] == "UN")
        .map(|r| (number(&r, "case_id"), r))
        .collect();
    let mut seen: BTreeSet<i32> = LEFT_OUT.into();
    for row in binding() {
        let id = number(&row, "subject_id");
        let case = cases.get(&id).unwrap_or_else(|| panic!("{row:?}"));
        assert!(seen.insert(id), "twice: {row:?}");
        let (begin, end) = (number(case, "begin"), number(case, "end"));
        // The arms embargo of 2004 on Iraq but for its government is coded anew in 2010.
        let since = number(&row, "start_year");
        assert!((since - begin).abs() <= 1 || id == 862, "{row:?} {case:?}");
        // The measures on Libya of 1992 and 1993 were suspended in 1999 and ended in 2003.
        let until = whole(&row, "end_year").unwrap_or(2023);
        assert!(until >= end - 1 || [449, 488].contains(&id), "{row:?} {case:?}");
    }
    assert_eq!(seen, cases.keys().copied().collect());
}

#[test]
fn who_is_suspended_or_apart_is_no_member_of_a_group_and_says_why() {
    for row in positions() {
        match row["position"].as_str() {
            "member" => assert!(row["decision"].is_empty() && row["target"].is_empty(), "{row:?}"),
            "suspended" => {
                assert!(!row["decision"].is_empty() && row["target"].is_empty(), "{row:?}")
            }
            "apart" => assert!(!row["decision"].is_empty() && !row["target"].is_empty(), "{row:?}"),
            _ => panic!("{row:?}"),
        }
    }
    let count = |group: &str, year: i32| {
        let rows = positions().into_iter().filter(|r| {
            r["organization"] == group
                && r["position"] == "member"
                && number(r, "start_year") <= year
                && whole(r, "end_year").is_none_or(|y| y >= year)
        });
        rows.count()
    };
    assert_eq!(count("Kimberley Process", 2013), 81, "54 participants, the Union as one");
    assert_eq!(count("G7", 1975), 6);
    assert_eq!(count("G7", 1980), 7);
    assert_eq!(count("G8", 2000), 8);
    assert_eq!(count("UNASUR", 2012), 12);
    assert_eq!(count("CoCom", 1993), 17);
    assert_eq!(count("Paris Agreements 1991", 1992), 19);
}
