//! The starter's states, codes and great powers against the published lists, in both directions.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::published::path as published;
use crate::starter_support::{date, explained, number, rows, starter};

type Spells = BTreeMap<i32, BTreeSet<(String, String)>>;

fn own_spells(table: &str) -> Spells {
    let mut spells = Spells::new();
    for row in starter("starter-system", table, &["ccode", "start", "end"]) {
        spells.entry(row[0].parse().unwrap()).or_default().insert((row[1].clone(), row[2].clone()));
    }
    spells
}

fn published_spells(path: &str) -> Spells {
    let mut spells = Spells::new();
    for row in rows(&published(path), b',') {
        let end = date(&row, ["endyear", "endmonth", "endday"]);
        let end = if end == "2016-12-31" { String::new() } else { end };
        let start = date(&row, ["styear", "stmonth", "stday"]);
        spells.entry(number(&row, "ccode")).or_default().insert((start, end));
    }
    spells
}

fn compare(table: &str, dataset: &str, path: &str) {
    let theirs = published_spells(path);
    let ours = own_spells(table);
    let explained = explained(table, dataset);
    let mut differing = BTreeSet::new();
    for ccode in ours.keys().chain(theirs.keys()) {
        if ours.get(ccode) != theirs.get(ccode) {
            differing.insert(ccode.to_string());
        }
    }
    assert_eq!(
        differing, explained,
        "{table} against {dataset}: mend it, or explain it in differences.csv"
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn states_agree_with_the_published_system_but_for_explained_days() {
    compare("states", "cow-states", "cow-states/states2016.csv");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn great_powers_agree_by_year_with_the_published_list_but_for_explained_states() {
    let theirs = published_spells("cow-states/majors2016.csv");
    let years = |spells: &Spells| {
        let mut years = BTreeSet::new();
        for (ccode, of) in spells {
            for (start, end) in of {
                let end = end.get(..4).map_or(2016, |y| y.parse().unwrap());
                years.extend((start[..4].parse::<i32>().unwrap()..=end).map(|y| (*ccode, y)));
            }
        }
        years
    };
    let (ours, theirs) = (years(&own_spells("major_powers")), years(&theirs));
    let differing: BTreeSet<String> =
        ours.symmetric_difference(&theirs).map(|(ccode, _)| ccode.to_string()).collect();
    assert_eq!(differing, explained("major_powers", "cow-majors"));
    // Since 1946 only the two states without a seat in the Security Council differ, and only from 1991.
    for (ccode, year) in ours.symmetric_difference(&theirs).filter(|(_, y)| *y >= 1946) {
        assert!([255, 740].contains(ccode) && *year >= 1991, "{ccode} {year}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_state_has_its_iso_codes_and_its_name() {
    let file = published("crosswalks/data_iso.csv");
    let standard: BTreeMap<String, String> =
        rows(&file, b',').into_iter().map(|r| (r["iso3c"].clone(), r["iso2c"].clone())).collect();
    let mut codes: BTreeMap<(i32, String), Vec<(String, String)>> = BTreeMap::new();
    for row in starter("starter-system", "state_codes", &["ccode", "system", "code", "end_year"]) {
        let at = codes.entry((row[0].parse().unwrap(), row[1].clone())).or_default();
        at.push((row[2].clone(), row[3].clone()));
    }
    let of =
        |ccode: i32, system: &str| codes.get(&(ccode, system.into())).cloned().unwrap_or_default();
    let mut used = BTreeSet::new();
    for (ccode, spells) in own_spells("states") {
        assert!(!of(ccode, "name").is_empty(), "{ccode} has no name");
        assert!(!of(ccode, "gw").is_empty(), "{ccode} has no G-W number");
        if !spells.iter().any(|(_, end)| end.is_empty()) {
            continue;
        }
        let open = |system| of(ccode, system).into_iter().find(|(_, end)| end.is_empty());
        let (Some((iso3, _)), Some((iso2, _))) = (open("iso3"), open("iso2")) else {
            panic!("{ccode} is in the system and has no ISO code");
        };
        used.insert(iso3.clone());
        if ccode != 347 {
            // Kosovo's codes are user-assigned: the standard does not list them.
            assert_eq!(standard.get(&iso3), Some(&iso2), "{ccode}");
        }
    }
    // Left out of the standard's list: territories, and the Holy See and others that are not in the system.
    for code in ["CHN", "USA", "RUS", "GBR", "FRA", "IND", "CHE", "DEU", "TWN", "VNM", "SSD", "TLS"]
    {
        assert!(used.contains(code), "{code}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn numbers_of_gleditsch_and_ward_agree_by_year_since_1946() {
    let file = published("crosswalks/data_gw.csv");
    let mut theirs: BTreeSet<(i32, i32)> = BTreeSet::new();
    for row in rows(&file, b',') {
        theirs.insert((number(&row, "gwn"), number(&row, "year")));
    }
    let mut ours: BTreeSet<i32> = BTreeSet::new();
    for row in starter("starter-system", "state_codes", &["system", "code"]) {
        if row[0] == "gw" {
            ours.insert(row[1].parse().unwrap());
        }
    }
    // Tibet (711) and, from 2008, Abkhazia and South Ossetia (396, 397) have no number among the Correlates of War.
    let none = [711, 396, 397];
    let missing: BTreeSet<i32> = theirs
        .iter()
        .filter(|(gw, year)| *year >= 1946 && !ours.contains(gw) && !none.contains(gw))
        .map(|(gw, _)| *gw)
        .collect();
    assert!(missing.is_empty(), "no state answers to {missing:?}");
}
