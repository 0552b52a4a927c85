//! Tables of one's own that name states otherwise than the panel does, and states that sources list under other numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use comity_panel::{Codes, JoinReport, Joined, Panel, Request, Spec, Unit};
use comity_record::{Coverage, Preferences, Record, Relation};

use crate::panel::{filled, frame, rows, source};

fn family(table: &str) -> &'static str {
    comity_record::schema::table(table).unwrap().family
}

/// States of both lists, with what is said of some of them under other numbers.
pub(super) fn record() -> Record {
    let state = |gwcode: i32, ccode: Option<i32>, abbr: &str, name: &str, from: i32, to: i32| {
        vec![
            ("gwcode", gwcode.into()),
            ("ccode", ccode.into()),
            ("abbr", abbr.into()),
            ("name", name.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
        ]
    };
    let list = vec![
        state(260, Some(260), "GFR", "German Federal Republic", 1949, 2020),
        state(340, Some(345), "SER", "Serbia", 2006, 2020),
        state(345, Some(345), "YUG", "Yugoslavia", 1918, 2006),
        state(396, None, "ABK", "Abkhazia", 2008, 2020),
        state(678, Some(678), "YEM", "Yemen", 1918, 2020),
        state(816, Some(816), "DRV", "Vietnam, Democratic Republic of", 1954, 2020),
        state(817, Some(817), "RVN", "Vietnam, Republic of", 1954, 1975),
    ];
    let system = source(
        "gw-states-1",
        family("gw_states"),
        Relation::Complement,
        vec![Coverage::all("gw_states", 1816, 2020)],
        vec![filled("gw_states", "gw-states-1", list)],
    );
    let member = |ccode: i32, abbr: &str, name: &str, from: i32, to: i32| {
        vec![
            ("ccode", ccode.into()),
            ("abbr", abbr.into()),
            ("name", name.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
        ]
    };
    let members = vec![
        member(2, "USA", "United States of America", 1816, 2020),
        member(200, "UKG", "United Kingdom", 1816, 2020),
        member(220, "FRN", "France", 1816, 2020),
        member(255, "GMY", "Germany", 1990, 2020),
        member(260, "GFR", "German Federal Republic", 1955, 1990),
        member(305, "AUS", "Austria", 1955, 2020),
        member(345, "YUG", "Yugoslavia", 1918, 2020),
        member(678, "YAR", "Yemen Arab Republic", 1926, 1990),
        member(679, "YEM", "Yemen", 1990, 2020),
        member(816, "DRV", "Vietnam", 1954, 2020),
        member(817, "RVN", "Republic of Vietnam", 1954, 1975),
        member(900, "AUL", "Australia", 1920, 2020),
    ];
    let cow = source(
        "cow-states-1",
        family("states"),
        Relation::Complement,
        vec![Coverage::all("states", 1816, 2020)],
        vec![filled("states", "cow-states-1", members)],
    );
    let group = |ccode: i32, gwcode: i32, year: i32, index: f64| {
        vec![
            ("ccode", ccode.into()),
            ("gwcode", gwcode.into()),
            ("year", year.into()),
            ("ethnic_fractionalization", index.into()),
        ]
    };
    let groups = vec![
        group(255, 260, 1960, 0.07),
        group(255, 260, 1995, 0.1),
        group(678, 678, 1985, 0.2),
        group(678, 678, 1995, 0.3),
        group(816, 817, 1960, 0.4),
        group(817, 817, 1960, 0.5),
        group(345, 340, 1995, 0.6),
    ];
    let hief = source(
        "hief-1",
        family("ethnic_fractionalization"),
        Relation::Complement,
        vec![Coverage::all("ethnic_fractionalization", 1945, 2013)],
        vec![filled("ethnic_fractionalization", "hief-1", groups)],
    );
    // Codes and names of states are the program's own.
    let own = comity_datasets::starter::bundles();
    let own = own.into_iter().find(|b| b.source.id == "starter-system").unwrap();
    Record::from_bundles_in(
        comity_datasets::catalogue(),
        vec![own, cow, system, hief],
        Preferences::default(),
    )
    .unwrap()
}

#[test]
fn a_state_that_a_source_lists_under_another_number_has_its_figures() {
    let record = record();
    for (codes, code, wanted) in [
        (
            Codes::Cow,
            "ccode",
            vec![
                (255, 1995, "0.1"),
                (260, 1960, "0.07"),
                (345, 1995, "0.6"),
                (678, 1985, "0.2"),
                (679, 1995, "0.3"),
                (816, 1960, "0.4"),
                (817, 1960, "0.5"),
            ],
        ),
        (
            Codes::Gw,
            "gwcode",
            vec![
                (260, 1960, "0.07"),
                (260, 1995, "0.1"),
                (345, 1995, "0.6"),
                (678, 1985, "0.2"),
                (678, 1995, "0.3"),
                (816, 1960, "0.4"),
                (817, 1960, "0.5"),
            ],
        ),
    ] {
        let with = vec![("fractionalization".to_owned(), Some("hief".to_owned()))];
        let spec = Spec { codes, with, ..Spec::new(Unit::StateYears) };
        let known: Vec<(i32, i32, String)> = rows(&frame(&record, &spec), &[code, "year"])
            .into_iter()
            .filter(|(_, row)| !row["efindex"].is_empty())
            .map(|(key, row)| {
                (key[0].parse().unwrap(), key[1].parse().unwrap(), row["efindex"].clone())
            })
            .collect();
        let known: BTreeMap<_, _> = known.iter().map(|(c, y, v)| ((*c, *y), v.as_str())).collect();
        let wanted: BTreeMap<_, _> = wanted.iter().map(|(c, y, v)| ((*c, *y), *v)).collect();
        assert_eq!(known, wanted, "{code}");
    }
}

#[test]
fn states_of_one_list_alone_are_known_by_name_there() {
    let record = record();
    let of = |state: &str, system: &str, years: &str| {
        let request = Request {
            unit: "state-years".into(),
            system: system.into(),
            states: vec![state.into()],
            years: (!years.is_empty()).then(|| years.to_owned()),
            ..Request::default()
        };
        request.spec(&record).map(|spec| spec.states).map_err(|error| error.to_string())
    };
    for name in ["Abkhazia", "ABK", "abkhazia", "396"] {
        assert_eq!(of(name, "gw", ""), Ok(vec![396]), "{name}");
    }
    assert_eq!(of("Abkhazia", "gw", "2010-2012"), Ok(vec![396]));
    assert_eq!(of("Yugoslavia", "gw", "1950"), Ok(vec![345]));
    let other = of("Abkhazia", "", "").unwrap_err();
    assert!(other.contains("as 396: ask for the panel with --system gw"), "{other}");
    let early = of("Abkhazia", "gw", "1950").unwrap_err();
    assert!(early.contains("it is 396, in other years"), "{early}");
}

#[test]
fn names_and_codes_say_whose_they_are() {
    let spec = Spec {
        codes: Codes::Gw,
        with: vec![("names".to_owned(), None)],
        ..Spec::new(Unit::StateYears)
    };
    let panel = Panel::prepare(&record(), &spec).unwrap();
    let sources = |name: &str| panel.about().into_iter().find(|a| a.name == name).unwrap().sources;
    assert_eq!(sources("statename"), ["gw-states-1"]);
    assert_eq!(sources("iso3c"), ["starter-system"]);
    assert_eq!(sources("iso2c"), ["starter-system"]);
}

fn table(columns: Vec<(&str, ArrayRef)>) -> Joined {
    Joined { name: "mine".into(), table: RecordBatch::try_from_iter(columns).unwrap() }
}

fn whole(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn words(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// The known cells of a column by the first keys of their rows, and what became of the table.
fn joined(spec: Spec, mine: Joined, keys: &[&str], name: &str) -> (Vec<String>, JoinReport) {
    let record = record();
    let spec = Spec { joined: vec![mine], ..spec };
    let known = rows(&frame(&record, &spec), keys)
        .into_iter()
        .filter(|(_, row)| !row[name].is_empty())
        .map(|(key, row)| format!("{} {}", key.join("-"), row[name]));
    let report = Panel::prepare(&record, &spec).unwrap().joined()[0].clone();
    (known.collect(), report)
}

fn refused(spec: Spec, mine: Joined) -> String {
    let spec = Spec { joined: vec![mine], ..spec };
    Panel::prepare(&record(), &spec).unwrap_err().to_string()
}

#[test]
fn a_table_that_names_states_is_joined_by_their_names_in_its_years() {
    let state_years = || Spec { years: Some(1950..=2000), ..Spec::new(Unit::StateYears) };
    let mine =
        || vec![("year", whole(&[1960, 1995, 1960, 1960, 1961])), ("x", whole(&[1, 2, 3, 4, 5]))];
    let names = words(&["West Germany", "Germany", "Atlantis", "France", "Germany"]);
    for column in ["country", "state_name", "entity"] {
        let mine = table([vec![(column, Arc::clone(&names))], mine()].concat());
        let (known, report) = joined(state_years(), mine, &["ccode", "year"], "x");
        // In 1961 there are two states that Germany may be.
        assert_eq!(known, ["220-1960 4", "255-1995 2", "260-1960 1"], "{column}");
        assert_eq!(report.keys, [column, "year"]);
        assert_eq!(report.unmatched, [("Atlantis".to_owned(), 1), ("Germany".to_owned(), 1)]);
        assert_eq!(report.without_panel, 2);
    }
    let codes = words(&["DEU", "DEU", "AUS", "FRA", "ZZZ"]);
    let mine_by_code = table([vec![("iso3c", codes)], mine()].concat());
    let (known, _) = joined(state_years(), mine_by_code, &["ccode", "year"], "x");
    // AUS is Australia among ISO codes, and Austria in the list of the Correlates of War.
    assert_eq!(known, ["220-1960 4", "255-1995 2", "260-1960 1", "900-1960 3"]);
    let numbers = table([vec![("cowcode", whole(&[260, 255, 900, 220, 220]))], mine()].concat());
    let (known, report) = joined(state_years(), numbers, &["ccode", "year"], "x");
    assert_eq!(known, ["220-1960 4", "220-1961 5", "255-1995 2", "260-1960 1", "900-1960 3"]);
    assert_eq!(report.keys, ["cowcode", "year"]);
    // A row without a number is left out, and said to be.
    let gaps: ArrayRef = Arc::new(Int64Array::from(vec![Some(220), None, Some(900), None, None]));
    for column in ["cowcode", "ccode"] {
        let gaps = table([vec![(column, Arc::clone(&gaps))], mine()].concat());
        let (known, report) = joined(state_years(), gaps, &["ccode", "year"], "x");
        assert_eq!(known, ["220-1960 1", "900-1960 3"]);
        assert_eq!(report.unmatched, [(String::new(), 3)]);
    }
    // By the numbers of Gleditsch and Ward in their panels, also of states that only they list.
    let mine = table(vec![
        ("country", words(&["Abkhazia", "Germany"])),
        ("year", whole(&[2010, 2010])),
        ("x", whole(&[1, 2])),
    ]);
    let spec = Spec { codes: Codes::Gw, ..Spec::new(Unit::StateYears) };
    let (known, _) = joined(spec, mine, &["gwcode", "year"], "x");
    assert_eq!(known, ["260-2010 2", "396-2010 1"]);
}

#[test]
fn letters_that_are_two_states_are_read_as_the_other_letters_of_their_column() {
    let of = |codes: &[&str]| {
        let mine = table(vec![
            ("country", words(codes)),
            ("year", whole(&vec![1960; codes.len()])),
            ("x", whole(&(1..=codes.len() as i64).collect::<Vec<_>>())),
        ]);
        let spec = Spec { years: Some(1950..=2000), ..Spec::new(Unit::StateYears) };
        let (known, report) = joined(spec, mine, &["ccode", "year"], "x");
        (known, report.unmatched)
    };
    let iso = of(&["AUS", "FRA", "GBR"]);
    assert_eq!(
        iso,
        (vec!["200-1960 3".to_owned(), "220-1960 2".into(), "900-1960 1".into()], vec![])
    );
    let cow = of(&["AUS", "FRN", "UKG"]);
    assert_eq!(
        cow,
        (vec!["200-1960 3".to_owned(), "220-1960 2".into(), "305-1960 1".into()], vec![])
    );
    // Nothing says which: it is left out, and said to be.
    let unclear = of(&["AUS", "France", "USA"]);
    assert_eq!(unclear.0, ["2-1960 3", "220-1960 2"]);
    assert_eq!(unclear.1, [("AUS".to_owned(), 1)]);
}

#[test]
fn a_table_is_never_joined_by_the_years_alone_where_it_is_about_states() {
    let spec = || Spec { years: Some(1990..=1991), ..Spec::new(Unit::StateYears) };
    let of = |name: &str, states: ArrayRef| {
        table(vec![(name, states), ("year", whole(&[1990, 1991])), ("x", whole(&[1, 2]))])
    };
    let numbers = refused(spec(), of("country", whole(&[2, 20])));
    assert!(numbers.contains("holds numbers, and it is not clear whose"), "{numbers}");
    let nobody = refused(spec(), of("country", words(&["Utopia", "Erewhon"])));
    assert!(nobody.contains("names no state; the first is `Utopia`"), "{nobody}");
    let unknown = refused(spec(), of("reporter", words(&["France", "Austria"])));
    assert!(unknown.contains("name it `country` to match states by it"), "{unknown}");
    // A column of other words is a column like any other.
    let (known, report) =
        joined(spec(), of("era", words(&["before", "after"])), &["ccode", "year"], "era");
    assert!(known.len() == 20 && report.keys == ["year"], "{known:?}");
}

#[test]
fn numbers_of_another_list_are_never_taken_for_those_of_the_panel() {
    let spec = || Spec { years: Some(1995..=1995), ..Spec::new(Unit::StateYears) };
    let mine = |numbers: &[i64]| {
        table(vec![
            ("ccode", whole(numbers)),
            ("cname", words(&["a", "b", "c"])),
            ("country", words(&["France", "Austria", "Australia"])),
            ("year", whole(&[1995, 1995, 1995])),
        ])
    };
    // Those of ISO 3166: 250, 40, 36.
    let iso = refused(spec(), mine(&[250, 40, 36]));
    assert!(iso.contains("row 1 has 250 beside France, which is 220"), "{iso}");
    assert!(iso.contains("the states are matched by `country`"), "{iso}");
    let (known, report) = joined(spec(), mine(&[220, 305, 200]), &["ccode", "year"], "cname");
    assert_eq!(known, ["200-1995 c", "220-1995 a", "305-1995 b"]);
    let first = "row 3 has 200 beside Australia, which is 900".to_owned();
    assert_eq!(report.disagreeing, Some((1, first)));
}

#[test]
fn a_pair_in_the_other_order_is_matched_with_its_sides_exchanged() {
    let pairs = || {
        table(vec![
            ("ccode1", whole(&[220, 2, 255])),
            ("ccode2", whole(&[2, 200, 2])),
            ("year", whole(&[1995, 1995, 1996])),
            ("gdp1", whole(&[7, 8, 9])),
            ("gdp2", Arc::new(Float64Array::from(vec![Some(0.5), Some(1.5), None]))),
            ("trade", whole(&[70, 80, 90])),
        ])
    };
    let spec =
        |directed: bool| Spec { directed, years: Some(1995..=1996), ..Spec::new(Unit::DyadYears) };
    let keys = ["ccode1", "ccode2", "year"];
    let (known, report) = joined(spec(false), pairs(), &keys, "gdp1");
    assert_eq!(known, ["2-200-1995 8.0", "2-220-1995 0.5"]);
    assert_eq!((report.turned, report.without_panel, report.in_other_order), (2, 0, 0));
    let (known, _) = joined(spec(false), pairs(), &keys, "gdp2");
    assert_eq!(known, ["2-200-1995 1.5", "2-220-1995 7.0", "2-255-1996 9.0"]);
    let (known, _) = joined(spec(false), pairs(), &keys, "trade");
    assert_eq!(known, ["2-200-1995 80", "2-220-1995 70", "2-255-1996 90"]);
    // Where the panel has both orders, each row is of its own.
    let (known, report) = joined(spec(true), pairs(), &keys, "trade");
    assert_eq!(known, ["2-200-1995 80", "220-2-1995 70", "255-2-1996 90"]);
    assert_eq!(report.turned, 0);
    // A row in the order of the panel comes first.
    let both = table(vec![
        ("iso3c_o", words(&["FRA", "USA"])),
        ("iso3c_d", words(&["USA", "FRA"])),
        ("year", whole(&[1995, 1995])),
        ("x", whole(&[1, 2])),
    ]);
    let (known, report) = joined(spec(false), both, &keys, "x");
    assert_eq!(known, ["2-220-1995 2"]);
    assert_eq!((report.turned, report.in_other_order), (0, 1));
}

#[test]
fn columns_that_are_added_or_joined_stand_beside_those_that_are_named() {
    let mine = || {
        table(vec![
            ("ccode", whole(&[2])),
            ("year", whole(&[1995])),
            ("x", whole(&[1])),
            ("y", whole(&[2])),
        ])
    };
    let columns = |named: &[&str], add: &[&str]| {
        let spec = Spec {
            with: vec![("fractionalization".into(), Some("hief".into())), ("names".into(), None)],
            columns: named.iter().map(|n| (*n).to_owned()).collect(),
            derived: add.iter().map(|a| comity_panel::Derived::parse(a).unwrap()).collect(),
            joined: vec![mine()],
            ..Spec::new(Unit::StateYears)
        };
        let schema = Panel::prepare(&record(), &spec).unwrap().schema();
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        names
            .into_iter()
            .filter(|n| !["ccode", "cw_name", "year"].contains(&n.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        columns(&["stateabb"], &["lag(efindex,1)", "log(x)"]),
        ["stateabb", "x", "y", "efindex_lag1", "x_log"]
    );
    assert_eq!(columns(&["stateabb", "x"], &[]), ["stateabb", "x"]);
}
