//! The starter's territorial changes against the Correlates of War's list (1946-2018), both ways.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use crate::published::{explained, in_system, number, read, starter_table, system, whole};

const SOURCE: &str = "starter-territorial-changes";
const BESIDE: &str = "starter-annexations";

struct Change {
    key: String,
    year: i32,
    gainer: i32,
    loser: Option<i32>,
    procedure: i32,
    conflict: bool,
    independence: bool,
}

fn ours() -> Vec<Change> {
    of(SOURCE)
}

fn of(source: &str) -> Vec<Change> {
    starter_table(source, "territorial_changes")
        .iter()
        .map(|r| Change {
            key: r["change_id"].clone(),
            year: number(r, "year"),
            gainer: number(r, "gainer"),
            loser: whole(r, "loser"),
            procedure: number(r, "procedure"),
            conflict: r["conflict"] == "true",
            independence: r["independence"] == "true",
        })
        .collect()
}

fn theirs() -> Vec<Change> {
    let rows = read("cow-territorial-change/tc2018.csv");
    let changes = rows.iter().filter(|r| whole(r, "gainer").is_some()).map(|r| Change {
        key: format!("no. {}", r["number"]),
        year: number(r, "year"),
        gainer: number(r, "gainer"),
        loser: whole(r, "loser"),
        procedure: number(r, "procedur"),
        conflict: r["conflict"] == "1",
        independence: r["indep"] == "1",
    });
    changes.collect()
}

/// The same transfer; the sources date a transfer by its treaty or by its carrying out.
fn same(a: &Change, b: &Change) -> bool {
    a.gainer == b.gainer && a.loser == b.loser && (a.year - b.year).abs() <= 1
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn what_the_starter_says_is_in_the_list_or_explained() {
    let list = theirs();
    let explained = explained("territorial_changes");
    for change in ours() {
        let agreed = list.iter().any(|t| {
            same(t, &change) && t.procedure == change.procedure && t.conflict == change.conflict
        });
        assert!(agreed || explained.contains(&change.key), "{} is not in the list", change.key);
        assert!(!agreed || !explained.contains(&change.key), "{} needs no excuse", change.key);
        assert!(!change.independence, "{} is outside the scope", change.key);
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn no_transfer_between_states_is_left_out() {
    let list = theirs();
    let (ours, explained, system) = (ours(), explained("territorial_changes"), system());
    let by_gainer: BTreeSet<(i32, i32)> = ours.iter().map(|c| (c.gainer, c.year)).collect();
    let mut missing = Vec::new();
    for t in list.iter().filter(|t| (1946..=2018).contains(&t.year)) {
        let Some(loser) = t.loser else { continue };
        let between_states =
            in_system(&system, t.gainer, t.year) && in_system(&system, loser, t.year);
        if !between_states || !(1..=3).contains(&t.procedure) || t.independence {
            continue;
        }
        let found = ours.iter().any(|c| same(t, c)) || explained.contains(&t.key);
        // Transfers whose loser or year is told differently are explained under the starter's own key.
        let differently = ours.iter().any(|c| {
            c.gainer == t.gainer
                && explained.contains(&c.key)
                && (c.loser.is_none() || c.loser == t.loser)
                && (c.year - t.year).abs() <= 4
        });
        if !found && !differently {
            missing.push(format!("{} {} {} <- {loser}", t.key, t.year, t.gainer));
        }
    }
    assert!(missing.is_empty(), "left out: {missing:#?}");
    assert!(by_gainer.contains(&(365, 2014)) && by_gainer.contains(&(710, 2008)));
}

#[test]
fn takings_by_force_are_those_that_are_known() {
    // A golden list: conquest, or annexation with a conflict, from another state.
    let taken: Vec<String> = ours()
        .into_iter()
        .filter(|c| c.procedure == 1 || (c.procedure == 2 && c.conflict))
        .map(|c| c.key)
        .collect();
    for known in ["goa-1961", "sinai-1967", "cyprus-1974", "timor-1976", "crimea-2014"] {
        assert!(taken.iter().any(|k| k == known), "{known}");
    }
    assert!(!taken.iter().any(|k| k == "bakassi-2008"), "Bakassi followed a court");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_taking_of_the_paracels_is_in_the_claims_data() {
    let claims = read("icow/icow_ext2017_v2.csv");
    let taken = claims.iter().any(|r| {
        whole(r, "claimdy") == Some(94607) && whole(r, "resolved") == Some(7) && r["endviol"] == "1"
    });
    assert!(taken, "the reason given in differences.csv");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn what_stands_beside_the_list_is_not_in_it() {
    let list = theirs();
    for change in of(BESIDE) {
        let listed = list.iter().any(|t| same(t, &change) && matches!(t.procedure, 1 | 2));
        assert!(!listed, "{} is in the list", change.key);
    }
}

#[test]
fn proclaimed_annexations_are_those_that_a_resolution_declared_void() {
    let rows = starter_table(BESIDE, "territorial_changes");
    let of_resolutions: Vec<(&str, &str)> = rows
        .iter()
        .filter(|r| r["source_row"].contains("/RES/"))
        .map(|r| (r["change_id"].as_str(), r["loser"].as_str()))
        .collect();
    let known = [
        ("walvis-bay-1977", ""),
        ("east-jerusalem-1980", "663"),
        ("golan-law-1981", "652"),
        ("kuwait-1990", "690"),
        ("ukraine-2022", "369"),
    ];
    assert_eq!(of_resolutions, known);
    // The others were taken from holders that were no state: none of them has a loser.
    let others = rows.iter().filter(|r| !r["source_row"].contains("/RES/"));
    assert!(others.clone().all(|r| r["loser"].is_empty()) && others.count() == 4);
}
