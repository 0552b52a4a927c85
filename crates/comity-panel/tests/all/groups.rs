//! Groups against the published files that they are made from, read apart from the readers of the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use comity_panel::{Codes, Panel, Rule, Spec, Unit};
use comity_record::Record;

use crate::objects::{Object, keys, numbers, same, texts};
use crate::published;

const UCDP: &str = "ucdp/UcdpPrioConflict_v25_1.csv";

const FILES: &[&str] = &[
    "cow-states",
    "crosswalks/gwstates.rda",
    "peacesciencer/creg.rda",
    "peacesciencer/hief.rda",
    "peacesciencer/rugged.rda",
    "peacesciencer/gml_dirdisp.rda",
    "peacesciencer/gml_mid_disps.rda",
    "peacesciencer/gml_part.rda",
    "cow-war/directed_dyadic_war.csv",
    UCDP,
    "unga-idealpoints/IdealpointestimatesAll_Apr2020.csv",
];

fn record() -> &'static Record {
    static RECORD: OnceLock<Record> = OnceLock::new();
    RECORD.get_or_init(|| published::record(FILES, |_| true))
}

fn made(unit: Unit, codes: Codes, directed: bool, with: &str) -> RecordBatch {
    let (group, choice) = with.split_once(':').map_or((with, None), |(g, c)| (g, Some(c)));
    let with = vec![(group.to_owned(), choice.map(str::to_owned))];
    let rules: Option<Vec<Rule>> = (unit == Unit::DisputeYears).then(Vec::new);
    let spec = Spec { codes, directed, with, rules, extend_to: Some(2024), ..Spec::new(unit) };
    let panel = Panel::prepare(record(), &spec).unwrap();
    concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap()
}

/// The cells of a file without quotations, by row and column.
fn csv(file: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read(published::data(file)).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut lines = text.lines().map(|l| l.trim_end_matches('\r').replace('"', ""));
    let header: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    let row =
        |line: String| header.iter().cloned().zip(line.split(',').map(str::to_owned)).collect();
    lines.map(row).collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn terrain_is_that_of_the_state_in_every_year() {
    let object = Object::read("peacesciencer/rugged.rda");
    for (codes, code) in [(Codes::Cow, "ccode"), (Codes::Gw, "gwcode")] {
        let ours = made(Unit::StateYears, codes, false, "terrain");
        let rows = object.by(&[code]);
        let keys = keys(&ours, &[code]);
        for column in ["rugged", "newlmtnest"] {
            let mut known = 0;
            for (ours, key) in numbers(&ours, column).into_iter().zip(&keys) {
                let theirs = rows.get(key).and_then(|row| object.number(*row, column));
                assert!(same(ours, theirs), "{column} of {key:?}: {ours:?} {theirs:?}");
                known += usize::from(ours.is_some());
            }
            assert!(known > 10_000, "{column}: {known}");
        }
    }
}

/// What peacesciencer 1.2.9 makes of several rows of one state and year: the more divided one, with what it lacks from the other.
fn more_divided(
    object: &Object,
    code: &str,
    columns: &[&str],
) -> BTreeMap<Vec<i64>, Vec<Option<f64>>> {
    let mut rows: BTreeMap<Vec<i64>, Vec<Vec<Option<f64>>>> = BTreeMap::new();
    for row in 0..object.0.len() {
        let key = [code, "year"].map(|k| object.number(row, k).unwrap() as i64).to_vec();
        let values = columns.iter().map(|c| object.number(row, c)).collect();
        rows.entry(key).or_default().push(values);
    }
    let one = |rows: Vec<Vec<Option<f64>>>| {
        let most = |at: usize| rows.iter().filter_map(|r| r[at]).reduce(f64::max);
        let mut full: Vec<Vec<Option<f64>>> = rows
            .iter()
            .map(|row| row.iter().enumerate().map(|(at, v)| v.or(most(at))).collect())
            .collect();
        full.sort_by(|a, b| b[0].partial_cmp(&a[0]).unwrap());
        full.swap_remove(0)
    };
    rows.into_iter().map(|(key, rows)| (key, one(rows))).collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn fractionalization_is_as_published() {
    let creg = ["ethfrac", "ethpol", "relfrac", "relpol"];
    for (file, with, columns, system, code) in [
        ("creg", "fractionalization:creg", &creg[..], Codes::Cow, "ccode"),
        ("creg", "fractionalization:creg", &creg, Codes::Gw, "gwcode"),
        ("hief", "fractionalization:hief", &["efindex"], Codes::Cow, "ccode"),
        ("hief", "fractionalization:hief", &["efindex"], Codes::Gw, "gwcode"),
    ] {
        let object = Object::read(&format!("peacesciencer/{file}.rda"));
        let mut theirs = more_divided(&object, code, columns);
        if file == "hief" {
            // It lists West Germany as 255 and Yemen as 678, both rightly by the other number, and by that Vietnam twice and Serbia as 340.
            let by = |code: &str| more_divided(&object, code, columns);
            let (cow, gw) = (by("ccode"), by("gwcode"));
            theirs = gw.clone();
            for (key, row) in &gw {
                if key[0] == 678 && key[1] >= 1990 {
                    theirs.insert(vec![679, key[1]], row.clone());
                }
            }
            theirs.extend(cow.clone());
            for (key, row) in cow.iter().filter(|(key, _)| system == Codes::Gw && key[0] == 345) {
                theirs.insert(vec![340, key[1]], row.clone());
            }
        }
        let ours = made(Unit::StateYears, system, false, with);
        let keys = keys(&ours, &[code, "year"]);
        for (at, column) in columns.iter().enumerate() {
            let mut known = 0;
            for (ours, key) in numbers(&ours, column).into_iter().zip(&keys) {
                let theirs = theirs.get(key).and_then(|row| row[at]);
                assert!(same(ours, theirs), "{with} {column} of {key:?}: {ours:?} {theirs:?}");
                known += usize::from(ours.is_some());
            }
            assert!(known > 7_000, "{with} {column}: {known}");
        }
    }
    let hief = made(Unit::StateYears, Codes::Cow, false, "fractionalization:hief");
    let keys = keys(&hief, &["ccode", "year"]);
    let index = numbers(&hief, "efindex");
    let of = |key: [i64; 2]| index[keys.iter().position(|k| k == &key).unwrap()];
    assert_eq!(of([365, 1991]), Some(0.691));
    // West Germany and Yemen from 1990.
    let known = |code: i64| {
        keys.iter().zip(&index).filter(move |(k, v)| k[0] == code && v.is_some()).map(|(k, _)| k[1])
    };
    assert_eq!(known(260).collect::<Vec<_>>(), (1955..=1990).collect::<Vec<_>>());
    assert_eq!(known(679).collect::<Vec<_>>(), (1990..=2013).collect::<Vec<_>>());
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn ideal_points_stand_with_each_of_a_pair() {
    let ours = made(Unit::DyadYears, Codes::Cow, true, "un-votes");
    let keys = keys(&ours, &["ccode1", "ccode2", "year"]);
    let at = keys.iter().position(|k| k == &[2, 710, 2019]).unwrap();
    let of = |name: &str| numbers(&ours, name)[at].unwrap();
    assert!((of("idealpoint1") - 2.694_793).abs() < 1e-6);
    assert!((of("idealpoint2") + 0.333_645_4).abs() < 1e-6);
    let published: BTreeMap<Vec<i64>, f64> =
        csv("unga-idealpoints/IdealpointestimatesAll_Apr2020.csv")
            .iter()
            .filter_map(|row| {
                let key =
                    vec![row["ccode"].parse().ok()?, 1945 + row["session"].parse::<i64>().ok()?];
                Some((key, row["IdealPoint"].parse().ok()?))
            })
            .collect();
    let mut known = 0;
    for (ours, key) in numbers(&ours, "idealpoint2").into_iter().zip(&keys) {
        if let Some(ours) = ours {
            assert!((published[&key[1..]] - ours).abs() < 1e-9, "{key:?}");
            known += 1;
        }
    }
    assert!(known > 1_000_000, "{known}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn armed_conflicts_of_pairs_and_of_kinds_together() {
    let text = String::from_utf8_lossy(&std::fs::read(published::data(UCDP)).unwrap()).into_owned();
    let mut lines = text.lines().map(|l| l.trim_end_matches('\r').split(';').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (a, b, year, kind) = (at("gwno_a"), at("gwno_b"), at("year"), at("type_of_conflict"));
    let mut opponents: BTreeSet<Vec<i64>> = BTreeSet::new();
    // One record of the file is broken over two lines: China in 2008, inside the state.
    let mut inside: BTreeSet<Vec<i64>> = BTreeSet::from([vec![710, 2008]]);
    for row in lines.filter(|row| row.len() == header.len()) {
        let numbers = |cell: &str| -> Vec<i64> {
            cell.split(',').filter_map(|n| n.trim().parse().ok()).collect()
        };
        let Ok(year) = row[year].parse::<i64>() else { continue };
        for one in numbers(row[a]) {
            for two in numbers(row[b]) {
                opponents.extend([vec![one, two, year], vec![two, one, year]]);
            }
            if ["3", "4"].contains(&row[kind]) {
                inside.insert(vec![one, year]);
            }
        }
    }
    let ours = made(Unit::DyadYears, Codes::Gw, true, "ucdp");
    let rows = keys(&ours, &["gwcode1", "gwcode2", "year"]);
    let there: BTreeSet<Vec<i64>> = rows.iter().cloned().collect();
    let fought: BTreeSet<Vec<i64>> = rows
        .iter()
        .zip(numbers(&ours, "ucdpongoing"))
        .filter(|(_, n)| *n == Some(1.0))
        .map(|(k, _)| k.clone())
        .collect();
    let wanted: BTreeSet<Vec<i64>> = opponents.intersection(&there).cloned().collect();
    assert_eq!(fought, wanted);
    assert!(wanted.len() > 150, "{}", wanted.len());
    // What the source covers is known of states too that the Correlates of War does not list (Abkhazia).
    for (key, ongoing) in rows.iter().zip(numbers(&ours, "ucdpongoing")) {
        assert_eq!(ongoing.is_some(), (1946..=2024).contains(&key[2]), "{key:?}");
    }
    let ours = made(Unit::StateYears, Codes::Gw, false, "ucdp:intrastate+internationalized");
    let states = keys(&ours, &["gwcode", "year"]);
    for (ours, key) in numbers(&ours, "ucdpongoing").into_iter().zip(&states) {
        if (1946..=2024).contains(&key[1]) {
            assert_eq!(ours == Some(1.0), inside.contains(key), "{key:?}");
        }
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn dyadic_wars_are_the_pairs_and_years_listed() {
    let listed: BTreeMap<Vec<i64>, BTreeSet<String>> =
        csv("cow-war/directed_dyadic_war.csv").iter().fold(BTreeMap::new(), |mut all, row| {
            let key: Vec<i64> =
                ["statea", "stateb", "year"].map(|c| row[c].parse().unwrap()).to_vec();
            all.entry(key).or_insert_with(BTreeSet::new).insert(row["batdtha"].clone());
            all
        });
    let ours = made(Unit::DyadYears, Codes::Cow, true, "wars:dyadic");
    let rows = keys(&ours, &["ccode1", "ccode2", "year"]);
    let (ongoing, deaths) = (numbers(&ours, "cowdyadicongoing"), numbers(&ours, "dyadbatdeath1"));
    let mut met = 0;
    for ((key, ongoing), deaths) in rows.iter().zip(ongoing).zip(deaths) {
        let there = listed.get(key);
        assert_eq!(ongoing == Some(1.0), there.is_some(), "{key:?}");
        if let Some(theirs) = there {
            met += 1;
            let shown = deaths.map(|d| d.to_string()).unwrap_or_default();
            assert!(theirs.contains(&shown) || shown.is_empty(), "{key:?} {theirs:?} {shown}");
        }
    }
    // The others are of pairs that were not both states on any day of the year.
    assert!(met + 12 > listed.len(), "{met} of {}", listed.len());
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn disputes_have_all_columns_that_are_published() {
    let object = Object::read("peacesciencer/gml_dirdisp.rda");
    const KEYS: [&str; 4] = ["dispnum", "ccode1", "ccode2", "year"];
    let ours = made(Unit::DisputeYears, Codes::Cow, true, "disputes:gml");
    let (rows, keys) = (object.by(&KEYS), keys(&ours, &KEYS));
    assert_eq!(rows.len(), keys.len());
    for column in [
        "revstate1",
        "revstate2",
        "revtype11",
        "revtype12",
        "revtype21",
        "revtype22",
        "hiact",
        "outcome",
        "settle",
        "fatalpre",
        "endmon",
        "numa",
        "numb",
        "ongo2010",
    ] {
        for (ours, key) in numbers(&ours, column).into_iter().zip(&keys) {
            // Codes for `missing` are null, and so is a month that no calendar has.
            let theirs = object.number(rows[key], column).filter(|v| *v >= 0.0);
            let theirs = theirs.filter(|v| column != "endmon" || *v <= 12.0);
            assert!(same(ours, theirs), "{column} of {key:?}: {ours:?} {theirs:?}");
        }
    }
    let pairs = made(Unit::DyadYears, Codes::Cow, true, "disputes:gml");
    let versions: BTreeSet<String> = texts(&pairs, "version").into_iter().collect();
    assert_eq!(versions.into_iter().collect::<Vec<_>>(), ["", "2.2.1"]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn names_codes_and_regions_stand_beside_the_numbers() {
    let ours = made(Unit::StateYears, Codes::Cow, false, "names");
    let keys = keys(&ours, &["ccode", "year"]);
    let columns = ["statename", "stateabb", "iso3c", "iso2c"].map(|name| texts(&ours, name));
    let at = |key: &[i64]| {
        let row = keys.iter().position(|k| k == key).unwrap();
        columns.each_ref().map(|c| c[row].clone())
    };
    assert_eq!(at(&[2, 1991]), ["United States of America", "USA", "USA", "US"]);
    assert_eq!(at(&[260, 1980])[1..], ["GFR", "DEU", "DE"]);
    // A state that ended before there were codes has none.
    assert_eq!(at(&[300, 1900])[1..], ["AUH", "", ""]);
    let regions = made(Unit::StateYears, Codes::Gw, false, "regions");
    let row = self::keys(&regions, &["gwcode", "year"]).iter().position(|k| k == &[640, 1950]);
    assert_eq!(texts(&regions, "region")[row.unwrap()], "Middle East");
}
