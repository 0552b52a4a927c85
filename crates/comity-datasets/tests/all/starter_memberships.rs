//! The starter's members of the United Nations against who voted in the General Assembly, both ways.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::published::{Comparison, comparisons, number, starter_table, whole, year_of};

const SOURCE: &str = "starter-memberships";

/// Years of membership per state.
fn members() -> BTreeMap<i32, Vec<(i32, i32)>> {
    let mut spells: BTreeMap<i32, Vec<(i32, i32)>> = BTreeMap::new();
    for row in starter_table(SOURCE, "memberships") {
        assert_eq!(row["kind"], "full");
        if row["organization"] != "UN" {
            continue;
        }
        let end = whole(&row, "end_year").unwrap_or(9999);
        spells.entry(number(&row, "ccode")).or_default().push((number(&row, "start_year"), end));
    }
    spells
}

fn on(year: i32) -> BTreeSet<i32> {
    let within = |s: &[(i32, i32)]| s.iter().any(|(a, b)| (*a..=*b).contains(&year));
    members().iter().filter(|(_, s)| within(s)).map(|(c, _)| *c).collect()
}

/// Who cast a vote in which year, as far as two members' pairwise comparisons tell.
fn voters() -> BTreeMap<i32, BTreeSet<i32>> {
    let mut years: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for Comparison { header, records, .. } in comparisons() {
        let states: Vec<Option<i32>> = header.iter().map(|h| h.parse().ok()).collect();
        for record in &records {
            let voters = years.entry(year_of(&header, record)).or_default();
            for (ccode, cell) in states.iter().zip(record) {
                if let (Some(ccode), "2" | "-1" | "-2") = (ccode, cell) {
                    voters.insert(*ccode);
                }
            }
        }
    }
    years
}

#[test]
fn fifty_one_founded_it_and_one_hundred_and_ninety_three_are_members() {
    assert_eq!(on(1945).len(), 51);
    assert_eq!(on(2024).len(), 193);
    assert!(on(1970).contains(&713) && !on(1970).contains(&710));
    assert!(on(1972).contains(&710) && !on(1972).contains(&713));
    assert!(!on(2001).contains(&225) && on(2003).contains(&225), "Switzerland joined in 2002");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn nobody_votes_who_is_not_a_member() {
    let voters = voters();
    for (year, states) in voters {
        let members = on(year);
        for ccode in states {
            // The votes number Germany and Yemen in the last weeks of 1990 as the Federal Republic and the Arab Republic.
            assert!(
                members.contains(&ccode) || year == 1990 && [260, 678].contains(&ccode),
                "{ccode} in {year}"
            );
        }
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_member_votes_within_four_years_of_its_admission() {
    let voters = voters();
    for (ccode, spells) in members() {
        for (from, to) in spells {
            // Dominica cast its first vote four years after it was admitted; most do in months.
            let years = from..=(from + 4).min(to).min(2020);
            let voted = years.clone().any(|y| voters.get(&y).is_some_and(|s| s.contains(&ccode)));
            assert!(voted, "{ccode} did not vote in {years:?}");
        }
    }
}
