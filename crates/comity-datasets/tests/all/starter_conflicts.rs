//! The starter's wars, conflicts and mandates against the published data, in both directions.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use crate::published::path as published;
use crate::starter_support::{number, rows, starter};

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn parties_of_wars_agree_by_year_with_the_published_list_since_1946() {
    let file = published("cow-war/Inter-StateWarData_v4.0.csv");
    let mut theirs = BTreeSet::new();
    for row in rows(&file, b',') {
        let [war, ccode, side] = ["WarNum", "ccode", "Side"].map(|c| number(&row, c));
        let began = number(&row, "Initiator") == 1;
        for (start, end) in [("StartYear1", "EndYear1"), ("StartYear2", "EndYear2")] {
            let (start, end) = (number(&row, start), number(&row, end));
            if end >= 1946 {
                theirs.extend((start..=end).map(|year| (war, ccode, side, began, year)));
            }
        }
    }
    let ours: BTreeSet<_> = war_party_years()
        .into_iter()
        .filter(|p| p.4 <= LAST_YEAR_OF_THE_LIST)
        .map(|(war, ccode, side, began, year)| {
            (war.parse::<i32>().unwrap(), ccode, side, began, year)
        })
        .collect();
    assert!(theirs.len() > 150);
    assert_eq!(ours, theirs);
}

/// The last year of the published list of wars; from then on UCDP's years of war are the list.
const LAST_YEAR_OF_THE_LIST: i32 = 2007;
/// The last year of UCDP 25.1, to which an open war goes on.
const LAST_YEAR_OF_UCDP: i32 = 2024;

/// The starter's parties of wars by year: war, state, side, whether it began, year.
fn war_party_years() -> BTreeSet<(String, i32, i32, bool, i32)> {
    let columns = ["war_id", "ccode", "side", "initiator", "start_year", "end_year"];
    let mut years = BTreeSet::new();
    for row in starter("starter-wars", "war_parties", &columns) {
        let int = |i: usize| row[i].parse::<i32>().unwrap();
        let end = if row[5].is_empty() { LAST_YEAR_OF_UCDP } else { int(5) };
        let party = |y| (row[0].clone(), int(1), int(2), row[3] == "true", y);
        years.extend((int(4)..=end).map(party));
    }
    years
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars_after_the_published_list_are_the_conflicts_between_states_at_the_level_of_war_of_ucdp() {
    let file = published("ucdp/UcdpPrioConflict_v25_1.csv");
    let mut theirs = BTreeSet::new();
    for row in rows(&file, b';') {
        let (year, kind) = (number(&row, "year"), number(&row, "type_of_conflict"));
        if year <= LAST_YEAR_OF_THE_LIST || kind != 2 || number(&row, "intensity_level") != 2 {
            continue;
        }
        for (side, column) in
            [("a", "gwno_a"), ("a", "gwno_a_2nd"), ("b", "gwno_b"), ("b", "gwno_b_2nd")]
        {
            for gw in row[column].split(',').filter_map(|g| g.trim().parse().ok()) {
                if let Some(ccode) = of_the_system(gw, year) {
                    theirs.insert((row["conflict_id"].clone(), side, ccode, year));
                }
            }
        }
    }
    // The UCDP conflict of each war and which of its sides is our side 1; UCDP does not code who began.
    let conflict = |war: &str| match war {
        "2022-ukraine" => ("13243".to_owned(), ["a", "b"]),
        other => panic!("{other}: which UCDP conflict is this war?"),
    };
    let later: Vec<_> =
        war_party_years().into_iter().filter(|p| p.4 > LAST_YEAR_OF_THE_LIST).collect();
    let ours: BTreeSet<_> = later
        .iter()
        .map(|(war, ccode, side, _, year)| {
            let (id, sides) = conflict(war);
            (id, sides[*side as usize - 1], *ccode, *year)
        })
        .collect();
    assert!(!theirs.is_empty());
    assert_eq!(ours, theirs);
    for (war, ..) in &later {
        assert!(later.iter().any(|p| p.0 == *war && p.3), "{war}: nobody began");
    }
}

#[test]
fn every_war_has_parties_and_every_party_a_war() {
    let wars: BTreeSet<String> =
        starter("starter-wars", "wars", &["war_id"]).into_iter().map(|r| r[0].clone()).collect();
    assert_eq!(wars, war_party_years().into_iter().map(|p| p.0).collect());
}

/// The number of the state system for a Gleditsch-Ward number in a year of fighting.
fn of_the_system(gw: i32, year: i32) -> Option<i32> {
    match (gw, year) {
        (678, 1990..) => Some(679),
        (260, 1991..) => Some(255),
        (340, _) => Some(345),
        (972, _) => Some(955),
        (973, _) => Some(947),
        (970, _) => Some(946),
        (971, _) => Some(970),
        // Hyderabad is not a state of the system.
        (751, _) => None,
        (other, _) => Some(other),
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn conflict_years_and_their_states_are_all_of_ucdp() {
    let file = published("ucdp/UcdpPrioConflict_v25_1.csv");
    let mut years = BTreeSet::new();
    let mut parties = BTreeSet::new();
    for row in rows(&file, b';') {
        let (id, year, kind) =
            (row["conflict_id"].clone(), number(&row, "year"), number(&row, "type_of_conflict"));
        // The file breaks one row in two (conflict 11349, inside China, in 2008).
        if kind == 0 || id.is_empty() {
            continue;
        }
        years.insert((id.clone(), year, kind, number(&row, "intensity_level")));
        for (role, column) in
            [("a", "gwno_a"), ("b", "gwno_b"), ("a2", "gwno_a_2nd"), ("b2", "gwno_b_2nd")]
        {
            for gw in row[column].split(',').filter_map(|g| g.trim().parse().ok()) {
                if let Some(ccode) = of_the_system(gw, year) {
                    parties.insert((id.clone(), year, ccode, role.to_owned()));
                }
            }
        }
    }
    years.insert(("11349".to_owned(), 2008, 3, 1));
    parties.insert(("11349".to_owned(), 2008, 710, "a".to_owned()));
    let int = |cell: &str| cell.parse::<i32>().unwrap();
    let ours: BTreeSet<_> = starter(
        "starter-conflicts",
        "armed_conflicts",
        &["conflict_id", "year", "conflict_type", "intensity"],
    )
    .into_iter()
    .map(|r| (r[0].clone(), int(&r[1]), int(&r[2]), int(&r[3])))
    .collect();
    assert!(ours.len() > 2_700);
    assert_eq!(ours, years);
    let ours: BTreeSet<_> =
        starter("starter-conflicts", "conflict_parties", &["conflict_id", "year", "ccode", "role"])
            .into_iter()
            .map(|r| (r[0].clone(), int(&r[1]), int(&r[2]), r[3].clone()))
            .collect();
    assert_eq!(ours, parties);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_mandate_covers_a_subject_that_exists_in_years_of_the_mandate() {
    let file = published("cow-mid/MIDB 5.0.csv");
    let disputes: BTreeSet<(String, i32)> = rows(&file, b',')
        .iter()
        .flat_map(|r| {
            let years = number(r, "styear")..=number(r, "endyear");
            years.map(|y| (r["dispnum"].clone(), y)).collect::<Vec<_>>()
        })
        .collect();
    let conflicts: BTreeSet<(String, i32)> =
        starter("starter-conflicts", "armed_conflicts", &["conflict_id", "year"])
            .into_iter()
            .map(|r| (r[0].clone(), r[1].parse().unwrap()))
            .collect();
    let extra_state = rows(&published("cow-war/Extra-StateWarData_v4.0.csv"), b',');
    let wars: BTreeSet<String> = starter("starter-wars", "wars", &["war_id"])
        .into_iter()
        .map(|r| r[0].clone())
        .chain(extra_state.into_iter().map(|r| r["WarNum"].clone()))
        .collect();
    let columns =
        ["resolution", "subject_table", "subject_id", "start_year", "end_year", "adopted", "start"];
    for row in starter("starter-authorizations", "authorizations", &columns) {
        assert!(row[0].starts_with("S/RES/"), "{row:?}");
        assert!(row[5] <= row[6], "in force before it was adopted: {row:?}");
        let mut years = row[3].parse::<i32>().unwrap()..=row[4].parse().unwrap_or(2024);
        let fits = match row[1].as_str() {
            "disputes" => years.any(|y| disputes.contains(&(row[2].clone(), y))),
            "armed_conflicts" => {
                // UNITAF: the fighting of 1992-1995 counts as internal, the number is that of the conflict.
                row[0] == "S/RES/794" || years.any(|y| conflicts.contains(&(row[2].clone(), y)))
            }
            "wars" => wars.contains(&row[2]),
            // `starter_sanctions.rs` looks at these.
            "sanctions" => true,
            _ => false,
        };
        assert!(fits, "{row:?}");
    }
}
