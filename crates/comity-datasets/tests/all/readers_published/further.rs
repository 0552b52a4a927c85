//! Interventions, events by day, the peace scale, threats of sanctions, organised violence, indices, borders, aid: each compared with its file,
//! parsed here once more.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type};
use comity_record::source::SourceBundle;

use crate::published;

use super::{at, bundle, cell, found, nulls, rows};

/// The sum of a column of counts.
fn total(bundle: &SourceBundle, table: &str, column: &str) -> i64 {
    let column = bundle.table(table).unwrap().column_by_name(column).unwrap();
    column.as_primitive::<Int32Type>().iter().flatten().map(i64::from).sum()
}

/// The sum of a column of figures.
fn sum(bundle: &SourceBundle, table: &str, column: &str) -> f64 {
    let column = bundle.table(table).unwrap().column_by_name(column).unwrap();
    column.as_primitive::<Float64Type>().iter().flatten().sum()
}

/// How many rows have this cell.
fn with(bundle: &SourceBundle, table: &str, column: &str, value: &str) -> usize {
    let batch = bundle.table(table).unwrap();
    (0..batch.num_rows()).filter(|r| cell(batch, *r, column) == value).count()
}

fn noted(bundle: &SourceBundle, what: &str) -> bool {
    bundle.source.notes.iter().any(|n| n.contains(what))
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn interventions_and_the_seven_rows_that_are_refused() {
    let b = bundle("imi", "imi-2005");
    let file = published::read("imi/IMI_dataset.csv");
    assert_eq!((file.len(), rows(&b, "interventions")), (1_111, 1_111 - 7));
    assert!(noted(&b, "IMI_dataset.csv: 7 rows are refused"), "{:#?}", b.source.notes);
    for line in [341, 698, 755, 810, 884, 991, 1081] {
        assert!(noted(&b, &format!("(line {line})")), "{line}: {:#?}", b.source.notes);
    }
    // By who intervened: as many as the file has, less the refused.
    let of = |who: &str| file.iter().filter(|r| r["intervener"] == who).count();
    for (who, refused) in [("2", 1), ("220", 0), ("365", 1), ("93", 1), ("1014", 1)] {
        assert_eq!(with(&b, "interventions", "actor", who), of(who) - refused, "{who}");
    }
    let columns =
        ["ccode", "target", "start", "end", "ongoing", "activity", "direction", "territorial"];
    assert_eq!(
        at(&b, "interventions", "intervener=2 target=645 start=20030320 end=88888888", &columns),
        ["2", "645", "2003-03-20", "", "true", "5", "3", "0"]
    );
    let combat = file.iter().filter(|r| r["type"] == "5").count();
    assert!((combat - 7..=combat).contains(&with(&b, "interventions", "activity", "5")));
    assert_eq!(with(&b, "interventions", "start", ""), 5 + 1);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn organised_violence_by_state_and_year() {
    let b = bundle("ucdp-organized-violence-25.1", "ucdp-organized-violence-25.1");
    let table = "organized_violence";
    assert_eq!((rows(&b, table), total(&b, table, "deaths")), (6_936, 3_957_143));
    assert_eq!(with(&b, table, "interstate", "true"), 137);
    let file = published::read("ucdp-organized-violence-25.1/organizedviolencecy_v25_1.csv");
    for (name, column) in [
        ("one_sided_government_deaths", "os_main_govt_killings_best_cy"),
        ("non_state_high", "ns_total_deaths_high_cy"),
        ("intrastate_civilians", "sb_intrastate_deaths_civilians_cy"),
    ] {
        let expected: i64 = file.iter().map(|r| i64::from(published::number(r, column))).sum();
        assert_eq!(total(&b, table, name), expected, "{name}");
    }
    let row = at(
        &b,
        table,
        "country_id_cy=517 year_cy=1994",
        &["ccode", "state_based", "one_sided_government"],
    );
    assert_eq!(row, ["517", "true", "true"]);
    let covers = |ccode, year| b.source.coverage.iter().any(|c| c.covers(ccode, year));
    assert!(covers(2, 1989) && covers(2, 2024) && !covers(2, 1988) && !covers(2, 2025));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn candidate_events_that_went_through_a_spreadsheet() {
    // Every row of the file is damaged: it is no source.
    let file = found("ucdp-candidate-26.0.4", "ucdp-candidate-unnumbered");
    let refused = comity_datasets::read(&file).unwrap_err().to_string();
    let reason = "no row of it can be read (GEDEvent_v26_0_4.csv: 1675 rows are refused: date_start is \"00:00.0\" and not a day, as YYYY-MM-DD (lines 2 to 2392)";
    assert!(refused.contains(reason), "{refused}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn threats_of_sanctions_beside_those_imposed() {
    let b = bundle("eusanct", "eusanct-2020");
    let table = "sanction_cases";
    assert_eq!(rows(&b, table), 103 + 276 + 57);
    for (sender, threatened, imposed) in [("EU", 68, 81), ("US", 200, 182), ("UN", 45, 34)] {
        let batch = b.table(table).unwrap();
        let of = |column: &str| {
            let is = |r: &usize| {
                cell(batch, *r, "sender_name") == sender && cell(batch, *r, column) == "true"
            };
            (0..batch.num_rows()).filter(is).count()
        };
        assert_eq!((of("threatened"), of("imposed")), (threatened, imposed), "{sender}");
    }
    assert_eq!(with(&b, table, "sender", "2"), 276);
    // 80 of the 326 cases have further states among their senders.
    let batch = b.table(table).unwrap();
    let cases: std::collections::BTreeSet<String> = (0..batch.num_rows())
        .filter(|r| !cell(batch, *r, "co_senders").is_empty())
        .map(|r| cell(batch, r, "case_id"))
        .collect();
    assert_eq!(cases.len(), 80);
    assert!(noted(&b, "63 episodes were ongoing"), "{:#?}", b.source.notes);
    assert!(
        noted(&b, "enddateus 2000-09-07 and endyearus 2009 (line 257)"),
        "{:#?}",
        b.source.notes
    );
    assert_eq!(
        (rows(&b, "sanctioned_years"), with(&b, "sanctioned_years", "us", "true")),
        (5_077, 1_213)
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn militarized_events_by_day_in_four_files_that_say_the_same() {
    let b = bundle("mie-1.0", "mie-1.0");
    let table = "dispute_events";
    assert_eq!(rows(&b, table), 28_011);
    for (hostility, events) in [("2", 1_171), ("3", 7_310), ("4", 15_059), ("5", 4_471)] {
        assert_eq!(with(&b, table, "hostility", hostility), events);
    }
    assert_eq!(
        (total(&b, table, "fatalities_min"), total(&b, table, "partner_fatalities_max")),
        (11_059_162, 17_771_813)
    );
    assert_eq!((nulls(&b, table, "start"), nulls(&b, table, "start_month")), (1_987, 0));
    // The first and the last event between the two that the summary of the data names.
    let batch = b.table(table).unwrap();
    let pair = |r: usize| {
        let pair = (cell(batch, r, "ccode"), cell(batch, r, "partner"));
        matches!((pair.0.as_str(), pair.1.as_str()), ("660", "666") | ("666", "660"))
    };
    let years: Vec<String> =
        (0..batch.num_rows()).filter(|r| pair(*r)).map(|r| cell(batch, r, "start_year")).collect();
    assert_eq!(
        (years.len(), years.iter().min().unwrap().as_str(), years.iter().max().unwrap().as_str()),
        (733, "1948", "2014")
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_means_of_the_peace_scale_are_those_of_its_periods() {
    let b = bundle("peace-data-3.1", "peace-data-3.1");
    assert_eq!((rows(&b, "peace_scale"), rows(&b, "peace_scale_years")), (2 * 3_743, 2 * 99_387));
    assert!(noted(&b, "peacedata3.1.csv: 3 rows are refused"), "{:#?}", b.source.notes);
    for period in ["19620086-19911226", "19601128-19699025", "19751111-19971913"] {
        assert!(noted(&b, period), "{period}");
    }
    // Nine means of a year with one month of transition look like levels: 0.75 and 0.98 in years of rivalry.
    assert_eq!(nulls(&b, "peace_scale_years", "level"), 2 * 505);
    assert!(
        noted(&b, "179 means by year count months of transition as 9"),
        "{:#?}",
        b.source.notes
    );
    let batch = b.table("peace_scale_years").unwrap();
    let trap =
        (0..batch.num_rows()).find(|r| cell(batch, *r, "source_row") == "dyad=2651 year=1973");
    assert_eq!(cell(batch, trap.unwrap(), "level"), "");
    // Pairs as the files number them: two codes name no state, and their rows keep the number.
    let key = |row: &str| row.split(' ').next().unwrap().to_owned();
    let means = b.table("peace_scale_years").unwrap();
    let mut mean: BTreeMap<(String, i32), String> = BTreeMap::new();
    for r in 0..means.num_rows() {
        let year = cell(means, r, "year").parse().unwrap();
        mean.insert((key(&cell(means, r, "source_row")), year), cell(means, r, "level"));
    }
    let periods = b.table("peace_scale").unwrap();
    let (mut same, mut other) = (0, Vec::new());
    for r in (0..periods.num_rows()).step_by(2) {
        let dyad = key(&cell(periods, r, "source_row"));
        let year = |column: &str| cell(periods, r, column).parse::<i32>().ok();
        let from = year("start_year").unwrap() + i32::from(cell(periods, r, "censored") != "true");
        let to = year("end_year").map_or(2_020, |y| y - 1);
        for year in from..=to {
            match mean.get(&(dyad.clone(), year)) {
                Some(level) if *level == cell(periods, r, "level") => same += 1,
                Some(_) => other.push(dyad.clone()),
                None => {}
            }
        }
    }
    other.dedup();
    // Two periods of one pair overlap, so that its means lie between them.
    assert_eq!((same, other), (95_100, vec!["dyad=370701".to_owned()]));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn indices_of_risk_and_globalisation() {
    let b = bundle("gpr", "gpr-unnumbered");
    assert_eq!((rows(&b, "indices"), nulls(&b, "indices", "code")), (117_088, 28_296));
    let columns = ["name", "ccode", "country", "month", "value"];
    assert_eq!(
        at(&b, "indices", "month=2026-07 gprc_usa", &columns),
        ["GPRC", "2", "United States", "7", "3.9278860092163086"]
    );
    assert_eq!(
        at(&b, "indices", "month=2026-07 gpr", &["name", "ccode", "value"]),
        ["GPR", "", "152.66822814941406"]
    );
    let unplaced: Vec<&str> = b.source.unplaced.iter().map(|u| u.code.as_str()).collect();
    assert!(unplaced.contains(&"HKG"), "{unplaced:?}");
    let covers = |name: &str, year| {
        let of = |c: &&comity_record::Coverage| c.only["name"].contains(name);
        b.source
            .coverage
            .iter()
            .filter(of)
            .any(|c| c.units.contain(2) && (c.from..=c.to).contains(&year))
    };
    assert!(covers("GPRC", 1985) && !covers("GPRC", 1984) && covers("GPRHC", 1900));
    assert!(covers("GPRC", 2025) && !covers("GPRC", 2026), "the year has only begun");

    let b = bundle("kof-2024", "kof-2024");
    assert_eq!(rows(&b, "indices"), 275_316);
    let at = |row: &str| at(&b, "indices", row, &["ccode", "title", "value"]);
    assert_eq!(
        at("code=DEU year=2022 KOFGI"),
        ["255", "KOF index of globalisation, 1 to 100", "87.69127655029297"]
    );
    assert_eq!(at("code=DEU year=1980 KOFGI")[0], "260");
    assert_eq!(
        at("code=ZAR year=2010 KOFTrGIdf")[..2],
        ["490", "KOF index of trade globalisation, de facto, 1 to 100"]
    );
    assert_eq!(at("code=ROM year=2015 KOFPoGI")[0], "360");
    assert_eq!(at("code=WLD year=2015 KOFGI")[0], "");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn borders_in_both_lists_of_states() {
    let b = bundle("cshapes", "cshapes-2.0");
    assert_eq!((rows(&b, "borders"), rows(&b, "gw_borders")), (805, 710));
    // Each shape has the positions of its lines, the shared ones once: counted from the map itself.
    for (table, expected) in [("borders", 1_305_737), ("gw_borders", 1_172_429)] {
        let shapes = b.table(table).unwrap().column_by_name("shape").unwrap();
        let positions = |shape: &str| shape.matches(", ").count() + 1;
        let all: usize = shapes.as_string::<i32>().iter().flatten().map(positions).sum();
        assert_eq!((all, shapes.null_count()), (expected, 0), "{table}");
    }
    let columns = ["ccode", "status", "owner", "capital", "end", "defined"];
    let of = |table, row| at(&b, table, row, &columns);
    assert_eq!(
        of("borders", "cowcode=2 start=1959-08-21"),
        ["2", "independent", "2", "Washington", "", "true"]
    );
    assert_eq!(
        of("borders", "cowcode=8203 start=1888-01-01"),
        ["", "colony", "200", "Pekan", "1896-06-30", "true"]
    );
    let statuses = [
        ("independent", 407),
        ("colony", 228),
        ("protectorate", 73),
        ("occupied", 62),
        ("mandate", 25),
        ("", 10),
    ];
    for (status, units) in statuses {
        assert_eq!(with(&b, "borders", "status", status), units, "{status}");
    }
    assert_eq!(with(&b, "gw_borders", "end_year", ""), 181);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn loans_and_grants_of_the_united_states() {
    let b = bundle("greenbook", "greenbook-2019");
    assert_eq!(rows(&b, "aid"), 72_351);
    assert!((sum(&b, "aid", "constant_usd") - 2_815_311.538_812_3).abs() < 1e-3);
    assert!((sum(&b, "aid", "current_usd") - 1_318_348.554_957_07).abs() < 1e-3);
    assert_eq!(with(&b, "aid", "category", "military"), 14_381);
    let columns = ["ccode", "recipient", "recipient_name", "year", "current_usd", "category"];
    assert_eq!(at(&b, "aid", "row=1", &columns), ["2", "651", "Egypt", "1946", "9.3", "economic"]);
    assert!(b.source.coverage.iter().all(|c| c.context));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn terms_in_the_security_council() {
    let b = bundle("unsc-membership", "un-council-terms-unnumbered");
    assert_eq!(
        (rows(&b, "council_terms"), with(&b, "council_terms", "permanent", "true")),
        (171, 5)
    );
    assert!(noted(&b, "13 lines of comments (#) are no rows"), "{:?}", b.source.notes);
    assert!(b.source.unplaced.is_empty(), "{:?}", b.source.unplaced);
    // Fifteen members in each year.
    let batch = b.table("council_terms").unwrap();
    let year = |r: usize, column: &str| cell(batch, r, column).parse::<i32>().unwrap_or(9_999);
    for asked in 1992..=2023 {
        let sits = |r: &usize| (year(*r, "start_year")..=year(*r, "end_year")).contains(&asked);
        assert_eq!((0..batch.num_rows()).filter(sits).count(), 15, "{asked}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn what_is_not_read_says_what_it_is() {
    let folders = [
        "gravity",
        "liberal-peace",
        "ngec",
        "wnominate-un",
        "mie-1.0",
        "peace-data-3.1",
        "network-toy",
        "tergm-alliances",
        "isard",
    ];
    let search = comity_datasets::find(&folders.map(published::path));
    for (file, reason) in [
        ("Chapter1Application1.dta", "gravity data set for teaching"),
        ("ch2_application1_results_fixest.csv", "results are not read"),
        ("iorep.DTA", "Russett, Oneal and Davis 1998"),
        ("synthetic_headlines.csv", "invented headlines"),
        ("Guardian_SDF_sample.csv.zip", "texts of news"),
        ("UN.csv.gz", "votes without a header line"),
        ("mic_data.csv", "computed for teaching"),
        ("riv500.csv", "the militarized disputes of each rivalry"),
        ("IR90s.RData", "not a data frame"),
        ("alliances.RData", "not a data frame"),
    ] {
        let why: Vec<&str> = search
            .unrecognised
            .iter()
            .filter(|u| u.path.ends_with(file))
            .map(|u| u.reason.as_str())
            .collect();
        assert!(why.iter().any(|w| w.contains(reason)), "{file}: {why:?}");
    }
    assert_eq!(found("isard", "isard-2026-06").files.len(), 6);
}
