//! Rows by month and day, years after the end of the list of states, and what is not known of the first leaders.

use std::collections::BTreeMap;

use comity_panel::{Derived, Panel, Request, Spec, Unit};
use comity_record::rows::Value;
use comity_record::{Coverage, Preferences, Record, Relation};

use crate::panel::{Row, beside, filled, frame, rows, source, war};

fn day(year: i16, month: i8, day: i8) -> jiff::civil::Date {
    jiff::civil::Date::constant(year, month, day)
}

fn spec(unit: Unit, with: &[&str], add: &[&str]) -> Spec {
    let with = with.iter().map(|w| match w.split_once(':') {
        Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
        None => ((*w).to_owned(), None),
    });
    let derived = add.iter().map(|text| Derived::parse(text).unwrap()).collect();
    Spec { with: with.collect(), derived, ..Spec::new(unit) }
}

#[test]
fn months_of_a_war_are_those_of_its_days_and_lags_go_by_the_month() {
    let record = war();
    let spec = spec(
        Unit::DyadMonths,
        &["wars:inter", "majors", "peace-years"],
        &["lag(cowinterongoing,1)", "sum(cowinterongoing,3)"],
    );
    let rows = rows(&frame(&record, &spec), &["ccode1", "ccode2", "year", "month"]);
    let cell = |year: i32, month: i32, name: &str| -> String {
        rows[&["2", "20", &year.to_string(), &month.to_string()].map(str::to_owned).to_vec()][name]
            .clone()
    };
    let of_year = |year: i32, name: &str| -> Vec<String> {
        (1..=12).map(|month| cell(year, month, name)).collect()
    };
    let months = |there: std::ops::RangeInclusive<i32>| -> Vec<String> {
        (1..=12).map(|m| i32::from(there.contains(&m)).to_string()).collect()
    };
    assert_eq!(of_year(1901, "cowinterongoing"), months(2..=6));
    assert_eq!(of_year(1901, "cowinteronset"), months(2..=2));
    assert_eq!(of_year(1901, "cowinterongoing_lag1"), months(3..=7));
    assert_eq!(of_year(1903, "cowinterongoing"), months(11..=12));
    assert_eq!(of_year(1904, "cowinterongoing"), months(1..=1));
    assert_eq!(
        [1, 2, 3, 4].map(|m| cell(1901, m, "cowinterongoing_sum3")),
        ["0.0", "1.0", "2.0", "3.0"]
    );
    // Months since the last month of war: 13 from January 1900, then from July 1901 on.
    assert_eq!(
        [1, 2, 3, 7, 8].map(|m| cell(1901, m, "cowinterspell")),
        ["12", "13", "0", "0", "1"]
    );
    // The powers are listed by year alone.
    assert_eq!(of_year(1903, "cowmaj1"), vec!["1"; 12]);
    let panel = Panel::prepare(&record, &spec).unwrap();
    let doc = |name: &str| panel.about().into_iter().find(|a| a.name == name).unwrap().doc;
    assert!(doc("cowmaj1").contains("the same in each month of it"), "{}", doc("cowmaj1"));
    assert!(doc("cowinterongoing").contains("By the dates of the source"));
    assert!(doc("cowinterspell").contains("months since"), "{}", doc("cowinterspell"));
}

#[test]
fn days_of_a_war_are_its_days() {
    let record = war();
    let spec = spec(Unit::StateDays, &["wars:inter", "peace-years"], &["lag(cowinterongoing,1)"]);
    let spec = Spec { states: vec![2], years: Some(1901..=1901), ..spec };
    let rows = rows(&frame(&record, &spec), &["ccode", "date"]);
    assert_eq!(rows.len(), 365);
    let cell = |date: &str, name: &str| rows[&vec!["2".to_owned(), date.to_owned()]][name].clone();
    let at = |date: &str| {
        ["cowinterongoing", "cowinteronset", "cowinterongoing_lag1", "cowinterspell"]
            .map(|name| cell(date, name))
    };
    assert_eq!(at("1901-01-31"), ["0", "0", "0", "395"]);
    assert_eq!(at("1901-02-01"), ["1", "1", "0", "396"]);
    assert_eq!(at("1901-02-02"), ["1", "0", "1", "0"]);
    assert_eq!(at("1901-06-30"), ["1", "0", "1", "0"]);
    assert_eq!(at("1901-07-01"), ["0", "0", "1", "0"]);
    let fought = rows.values().filter(|row| row["cowinterongoing"] == "1").count();
    assert_eq!(fought, 150);
}

#[test]
fn pledges_begin_in_the_month_of_their_treaty() {
    let pledge = |from: Option<jiff::civil::Date>, start_year: i32| {
        vec![
            ("treaty_id", format!("T{start_year}").into()),
            ("ccode", 2.into()),
            ("partner", 20.into()),
            ("defense", true.into()),
            ("start", from.into()),
            ("start_year", start_year.into()),
            ("end_year", 1904.into()),
        ]
    };
    let rows_of = |pledges: Vec<Vec<(&str, Value)>>| -> Vec<String> {
        let record = beside(
            "treaties",
            vec![filled("pledges", "atop-5", pledges)],
            vec![Coverage::all("pledges", 1900, 1905)],
            "atop-5",
        );
        let spec = spec(Unit::DyadMonths, &["pledges"], &[]);
        let rows = rows(&frame(&record, &spec), &["ccode1", "ccode2", "year", "month"]);
        let cell = |month: i32| {
            rows[&["2", "20", "1902", &month.to_string()].map(str::to_owned).to_vec()]["atop_defense"].clone()
        };
        (1..=12).map(cell).collect()
    };
    let dated = rows_of(vec![pledge(Some(day(1902, 4, 4)), 1902)]);
    assert_eq!(dated.concat(), "000111111111");
    // Where only the year is known, from its first day on.
    assert_eq!(rows_of(vec![pledge(None, 1902)]).concat(), "111111111111");
}

/// Two states that are members to this day, whose list ends in 1905; other facts go on to 1910.
fn open_list() -> Record {
    let state = |ccode: i32| {
        vec![
            ("ccode", ccode.into()),
            ("name", format!("state {ccode}").into()),
            ("abbr", "ABC".into()),
            ("start_year", 1900.into()),
        ]
    };
    let system = source(
        "system-1",
        "system",
        Relation::Complement,
        vec![Coverage::all("states", 1900, 1905)],
        vec![filled("states", "system-1", [2, 20].map(state).to_vec())],
    );
    let figure = vec![("ccode", 2.into()), ("year", 1908.into()), ("milex", 7.0.into())];
    let further = source(
        "nmc-1",
        "capabilities",
        Relation::Complement,
        vec![Coverage::all("capabilities", 1900, 1910)],
        vec![filled("capabilities", "nmc-1", vec![figure])],
    );
    let bundles = vec![system, further];
    Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap()
}

#[test]
fn states_are_carried_forward_to_the_years_requested_and_that_is_said() {
    let record = open_list();
    let prepared = |years: Option<(i32, i32)>, extend_to: Option<i32>| {
        let years = years.map(|(from, to)| from..=to);
        let spec = Spec { years, extend_to, ..spec(Unit::StateYears, &["nmc"], &[]) };
        let panel = Panel::prepare(&record, &spec).unwrap();
        let last: BTreeMap<Vec<String>, Row> = rows(&frame(&record, &spec), &["year", "ccode"]);
        let last: i32 = last.keys().map(|key| key[0].parse().unwrap()).max().unwrap();
        let listed = panel.listed();
        (last, listed.carried, listed.left_out, listed.known_to)
    };
    assert_eq!(prepared(Some((1904, 1905)), None), (1905, None, None, None));
    assert_eq!(prepared(Some((1904, 1908)), None), (1908, Some(1908), None, None));
    assert_eq!(prepared(Some((1904, 1920)), None), (1910, Some(1910), Some((1911, 1920)), None));
    assert_eq!(prepared(None, None), (1905, None, None, Some(1910)));
    assert_eq!(prepared(None, Some(1912)), (1912, Some(1912), None, None));
    let spec = Spec { years: Some(1904..=1908), ..spec(Unit::StateYears, &["nmc"], &[]) };
    let about = Panel::prepare(&record, &spec).unwrap().about();
    let year = about.iter().find(|a| a.name == "year").unwrap();
    assert!(year.doc.contains("from 1906 to 1908 the states are those of 1905"), "{}", year.doc);
}

#[test]
fn a_state_that_is_named_and_has_no_row_is_said() {
    let request = Request {
        unit: "state-years".into(),
        states: vec!["DEU".into(), "FRA".into()],
        years: Some("1950-1950".into()),
        ..Request::default()
    };
    let record = comity_datasets::starter::record();
    let spec = request.spec(&record).unwrap();
    let panel = Panel::prepare(&record, &spec).unwrap();
    assert_eq!((panel.years_of_units(), panel.absent()), (1, &[260][..]));
}

#[test]
fn what_came_before_the_first_leader_listed_is_not_known() {
    let leader = |id: &str, ccode: i32, from: jiff::civil::Date, to: jiff::civil::Date| {
        vec![
            ("leader_id", id.into()),
            ("person_id", format!("P-{id}").into()),
            ("ccode", ccode.into()),
            ("entry", "Regular".into()),
            ("exit", "Regular".into()),
            ("start", Some(from).into()),
            ("end", Some(to).into()),
            ("start_year", i32::from(from.year()).into()),
            ("end_year", i32::from(to.year()).into()),
        ]
    };
    let leaders = vec![
        leader("A", 2, day(1901, 3, 4), day(1905, 12, 31)),
        leader("B", 20, day(1900, 1, 1), day(1905, 12, 31)),
        leader("C", 200, day(1902, 2, 1), day(1902, 8, 1)),
        leader("D", 200, day(1902, 8, 2), day(1905, 12, 31)),
    ];
    let record = beside(
        "leaders",
        vec![filled("leaders", "archigos-4", leaders)],
        vec![Coverage::all("leaders", 1901, 1905)],
        "archigos-4",
    );
    let made =
        rows(&frame(&record, &spec(Unit::StateYears, &["leaders"], &[])), &["ccode", "year"]);
    let at = |ccode: &str, year: &str| {
        let row = &made[&vec![ccode.to_owned(), year.to_owned()]];
        ["n_leaders", "leadertransition", "irregular", "jan1obsid", "dec31obsid"]
            .map(|name| row[name].clone())
    };
    assert_eq!(at("2", "1900"), ["", "", "", "", ""]);
    assert_eq!(at("2", "1901"), ["", "", "", "A", "A"]);
    assert_eq!(at("2", "1902"), ["1", "0", "0", "A", "A"]);
    assert_eq!(at("20", "1900"), ["1", "0", "0", "B", "B"]);
    // Two are known, and so there was a transition; how many there were is not.
    assert_eq!(at("200", "1902"), ["", "1", "", "C", "D"]);
    let months = spec(Unit::StateMonths, &["leaders"], &[]);
    let made = rows(&frame(&record, &months), &["ccode", "year", "month"]);
    let at = |month: &str| {
        let row = &made[&["200", "1902", month].map(str::to_owned).to_vec()];
        ["n_leaders", "leadertransition", "jan1obsid", "dec31obsid"].map(|name| row[name].clone())
    };
    assert_eq!(at("7"), ["1", "0", "C", "C"]);
    assert_eq!(at("8"), ["2", "1", "C", "D"]);
}

#[test]
fn a_column_of_a_pair_means_what_it_means_of_pairs() {
    let panel = Panel::prepare(&war(), &spec(Unit::DyadYears, &["wars:inter"], &[])).unwrap();
    let doc = |name: &str| panel.about().into_iter().find(|a| a.name == name).unwrap().doc;
    assert!(doc("outcome1").starts_with("1 winner, 2 loser"), "{}", doc("outcome1"));
    assert!(doc("cowinteronset").contains("between them"));
}
