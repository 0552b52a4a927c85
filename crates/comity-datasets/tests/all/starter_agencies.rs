//! The starter's members of worldwide organisations, by the lists of depositaries, against the published list of members.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::published::{Row, coverage, explained, number, starter_table, whole};
use crate::starter_open::published_rows;

const SOURCE: &str = "starter-memberships";

/// Organisations with the first whole year in which the comparison makes sense.
const SINCE: [(&str, i32); 8] = [
    ("WHO", 1948),
    ("IMO", 1958),
    ("IFAD", 1977),
    ("UNIDO", 1985),
    ("ISA", 1994),
    ("ICC", 2002),
    ("WIPO", 1970),
    ("IUPLAW", 1971),
];

/// Years of full membership by organisation and state.
type Years = BTreeMap<(String, i32), BTreeSet<i32>>;

fn system() -> BTreeMap<i32, Vec<(i32, i32)>> {
    let mut spells: BTreeMap<i32, Vec<(i32, i32)>> = BTreeMap::new();
    for row in starter_table("starter-system", "states") {
        let end = whole(&row, "end_year").unwrap_or(9999);
        spells.entry(number(&row, "ccode")).or_default().push((number(&row, "start_year"), end));
    }
    spells
}

/// Of states of the system, and of states and years of which something is claimed.
fn members(rows: &[Row]) -> Years {
    let (system, claims) = (system(), coverage(SOURCE, "memberships"));
    let mut years = Years::new();
    for row in rows.iter().filter(|r| r["kind"] == "full") {
        let Some((_, since)) = SINCE.iter().find(|(o, _)| *o == row["organization"]) else {
            continue;
        };
        let Some(ccode) = whole(row, "ccode") else { continue };
        let from = whole(row, "start_year").unwrap().max(*since);
        let to = whole(row, "end_year").unwrap_or(2014).min(2014);
        let in_system =
            |y: &i32| system.get(&ccode).is_some_and(|s| s.iter().any(|(a, b)| a <= y && y <= b));
        let claimed = |y: &i32| {
            let of = claims.iter().filter(|c| {
                c.only.get("organization").is_some_and(|o| o.contains(&row["organization"]))
            });
            of.clone().any(|c| (c.from..=c.to).contains(y) && c.units.contain(ccode))
        };
        let meant = (from..=to).filter(|y| in_system(y) && claimed(y));
        years.entry((row["organization"].clone(), ccode)).or_default().extend(meant);
    }
    years
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn members_are_those_of_the_published_list_but_for_what_is_explained() {
    let ours = members(&starter_table(SOURCE, "memberships"));
    let theirs = members(&published_rows("cow-igo", "cow-igo-3.0", "memberships"));
    let (mut both, mut differ, mut states) = (0, 0, BTreeSet::new());
    let none = BTreeSet::new();
    for key in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (ours.get(key).unwrap_or(&none), theirs.get(key).unwrap_or(&none));
        both += a.intersection(b).count();
        let years = a.symmetric_difference(b).count();
        differ += years;
        // One year more or less: the dataset counts some from the signature, some from the year after.
        if years > 1 {
            states.insert(format!("{} {}", key.0, key.1));
        }
    }
    assert!(both > 40_000, "{both}");
    assert!(differ < 1_200, "{differ}");
    let mut known = BTreeSet::new();
    for key in explained("agencies") {
        let (organization, of) = key.split_once(' ').unwrap();
        known.extend(of.split(' ').map(|state| format!("{organization} {state}")));
    }
    let is_known = |s: &String| known.contains(s) || s.starts_with("ISA ");
    let unexplained: Vec<_> = states.iter().filter(|s| !is_known(s)).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    let idle: Vec<_> = known.iter().filter(|k| !k.ends_with('*') && !states.contains(*k)).collect();
    assert!(idle.is_empty(), "explained and no difference: {idle:?}");
}

#[test]
fn who_left_or_came_late_is_a_member_in_its_years_alone() {
    let rows = starter_table(SOURCE, "memberships");
    let spells = |organization: &str, ccode: &str| -> Vec<(String, String)> {
        let of = |r: &&Row| r["organization"] == organization && r["ccode"] == ccode;
        rows.iter().filter(of).map(|r| (r["start"].clone(), r["end"].clone())).collect()
    };
    let one = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
    assert_eq!(spells("UNIDO", "2"), one("1985-06-21", "1996-12-31"));
    assert_eq!(spells("WHO", "713"), one("1948-04-07", "1972-05-09"));
    assert_eq!(spells("WHO", "710")[0].0, "1972-05-10");
    assert_eq!(spells("IUPLAW", "2"), one("1989-03-01", ""));
    assert_eq!(spells("ICC", "2"), []);
    assert_eq!(spells("IMO", "265"), [], "of a state that ended nothing is claimed");
    let claims = coverage(SOURCE, "memberships");
    let asks = |names: &[&str]| {
        [("organization".to_owned(), names.iter().map(|n| (*n).to_owned()).collect())].into()
    };
    let answers = |names: &[&str], ccode, year| {
        claims.iter().any(|c| c.covers_rows(ccode, year, &asks(names)))
    };
    assert!(answers(&["IMO", "UNIDO"], 710, 2014) && !answers(&["IMO", "UNIDO"], 710, 2015));
    assert!(answers(&["WIPO", "IUPLAW"], 710, 2024) && !answers(&["WIPO", "IUPLAW"], 345, 2000));
    assert!(!answers(&["WHO", "ITU"], 710, 2000));
}
