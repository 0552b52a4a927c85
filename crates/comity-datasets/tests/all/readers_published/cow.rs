//! The datasets of the Correlates of War project: what was published, counted and looked up.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use comity_record::coverage::Only;
use comity_record::source::SourceBundle;

use super::{at, bundle, cell, found, nulls, rows};

/// How many rows have each value of a column.
fn counts(bundle: &SourceBundle, table: &str, column: &str) -> BTreeMap<String, usize> {
    let batch = bundle.table(table).unwrap();
    let mut counts = BTreeMap::new();
    for row in 0..batch.num_rows() {
        *counts.entry(cell(batch, row, column)).or_default() += 1;
    }
    counts
}

fn claims(bundle: &SourceBundle, table: &str, ccode: i32, year: i32) -> bool {
    let mut claims = bundle.source.coverage.iter().filter(|c| c.table == table);
    claims.any(|c| c.covers(ccode, year))
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars_inside_states() {
    let b = bundle("cow-war", "cow-war-intra-5.1");
    assert_eq!((rows(&b, "wars"), rows(&b, "war_parties")), (420, 411));
    let kinds = counts(&b, "wars", "kind");
    assert_eq!(
        (
            kinds["central-control"],
            kinds["local-issues"],
            kinds["regional"],
            kinds["inter-communal"]
        ),
        (223, 155, 14, 28)
    );
    assert_eq!(counts(&b, "wars", "internationalized")["true"], 94);
    assert_eq!((nulls(&b, "wars", "deaths_a"), nulls(&b, "wars", "deaths")), (189, 9));
    let columns =
        ["name", "side_b", "initiator_name", "start", "end", "deaths", "continues", "region"];
    assert_eq!(
        at(&b, "wars", "warnum=567", &columns),
        [
            "Taiping Rebellion phase 2 of 1860-1866",
            "Taipings",
            "Taipings",
            "1860-10-25",
            "1866-02-09",
            "250025",
            "1534",
            "Asia and Oceania"
        ]
    );
    let columns = ["initiator", "side", "outcome", "deaths"];
    assert_eq!(at(&b, "war_parties", "warnum=567 ccodea=710", &columns), ["false", "1", "1", ""]);
    // Who began is told of a government only where the name is that of a side.
    let began = counts(&b, "war_parties", "initiator");
    assert_eq!(began.values().sum::<usize>(), 411);
    assert_eq!(at(&b, "war_parties", "warnum=905 ccodea=490", &["initiator"]), [""]);
    assert!(b.source.notes.iter().any(|n| n.starts_with("60 governments are not said")));
    // A day published as a question mark; twelve wars that go on; a war in four spells.
    assert_eq!(
        at(&b, "wars", "warnum=798", &["start", "end", "end_year"]),
        ["1975-01-31", "", "1979"]
    );
    assert_eq!(nulls(&b, "wars", "end_year"), 12);
    assert_eq!(
        at(&b, "war_parties", "warnum=902 ccodea=404 spell=4", &["start", "end", "deaths"]),
        ["1999-05-08", "1999-05-10", ""]
    );
    // Inter-state wars after 2007 are not answered by a list of wars inside states.
    let only = |kind: &str| Only::from([("war_type".into(), BTreeSet::from([kind.into()]))]);
    let answers = |only: &Only| b.source.coverage.iter().any(|c| c.covers_rows(2, 2010, only));
    assert!(answers(&only("intra-state")));
    assert!(!answers(&only("inter-state")) && !answers(&Only::new()));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars_without_states() {
    let b = bundle("cow-war", "cow-war-nonstate-4.0");
    assert_eq!(rows(&b, "wars"), 62);
    assert_eq!((nulls(&b, "wars", "deaths"), nulls(&b, "wars", "start")), (32, 29));
    let columns = ["side_b", "initiator_name", "outcome", "deaths", "start_year", "end_year"];
    assert_eq!(
        at(&b, "wars", "warnum=1500", &columns),
        [
            "Taranaki, Ngai Tahu, Waikato, Ngati Ira, Rangitikei",
            "Te Rauparaha's Ngati Toa",
            "1",
            "7500",
            "1818",
            "1824"
        ]
    );
    // One number of deaths is published with a comma.
    assert_eq!(counts(&b, "wars", "deaths")["4000"], 3);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars_by_pair_and_year() {
    let b = bundle("cow-war", "cow-war-dyadic-4.01");
    assert_eq!(rows(&b, "dyadic_wars"), 1_364);
    let columns = ["dispute_id", "role", "dyad_role", "outcome", "deaths", "partner_deaths", "end"];
    assert_eq!(
        at(&b, "dyadic_wars", "warnum=160 statea=710 stateb=750 year=1962", &columns),
        ["199", "1", "1", "1", "500", "1353", "1962-11-21"]
    );
    assert_eq!(nulls(&b, "dyadic_wars", "outcome"), 2);
    assert_eq!((nulls(&b, "dyadic_wars", "start"), nulls(&b, "dyadic_wars", "end")), (2, 3));
    assert!(b.source.notes.iter().any(|n| n.starts_with("5 days")));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn disputes_by_pair_and_year() {
    let b = bundle("cow-mid", "dyadic-mid-4.02");
    assert_eq!(rows(&b, "dyadic_disputes"), 10_358);
    let columns = [
        "side_a",
        "role",
        "fatality",
        "partner_fatality",
        "hiact",
        "hostility",
        "war",
        "outcome",
        "settlement",
        "days",
        "days_so_far",
        "dispute_year",
        "onset",
        "start",
        "end",
    ];
    assert_eq!(
        at(&b, "dyadic_disputes", "disno=199 statea=710 stateb=750 year=1962", &columns),
        [
            "false",
            "3",
            "5",
            "6",
            "20",
            "5",
            "true",
            "5",
            "3",
            "361",
            "421",
            "2",
            "false",
            "1961-11-02",
            "1962-12-26"
        ]
    );
    assert_eq!(nulls(&b, "dyadic_disputes", "outcome"), 3_252);
    assert_eq!(
        (nulls(&b, "dyadic_disputes", "fatality"), nulls(&b, "dyadic_disputes", "dyad_fatality")),
        (663, 118)
    );
    let slips = "durindx (8), recip (4), revstata (2), revstatb (2), sideab (4)";
    assert!(b.source.notes.iter().any(|n| n.ends_with(slips)), "{:?}", b.source.notes);
    // Two phases of one pair in one year are told apart by the pair's number.
    let batch = b.table("dyadic_disputes").unwrap();
    let phases = (0..batch.num_rows()).filter(|r| {
        cell(batch, *r, "source_row")
            .starts_with("disno=257 statea=2 stateb=300 year=1917 dyindex=")
    });
    assert_eq!(phases.count(), 2);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn where_disputes_took_place() {
    let b = bundle("cow-mid", "midloc-2.1");
    assert_eq!((rows(&b, "dispute_locations"), rows(&b, "incident_locations")), (2_315, 3_306));
    let columns = ["place", "latitude", "longitude", "precision", "priogrid"];
    assert_eq!(
        at(&b, "dispute_locations", "dispnum=199", &columns),
        ["India (Arunachal Pradesh [ADM1])", "28.039", "94.6767", "4", "170470"]
    );
    for (table, unplaced) in [("dispute_locations", 85), ("incident_locations", 175)] {
        for column in ["latitude", "precision", "priogrid"] {
            assert_eq!(nulls(&b, table, column), unplaced, "{table}.{column}");
        }
    }
    assert_eq!(counts(&b, "incident_locations", "onset")["true"], 546);
    assert!(b.source.coverage.iter().all(|c| c.context));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn neighbours() {
    let b = bundle("cow-contiguity", "cow-contiguity-3.2");
    assert_eq!((rows(&b, "contiguity"), nulls(&b, "contiguity", "end_year")), (2 * 847, 2 * 556));
    let columns = ["ccode", "partner", "conttype", "start_year", "end_year"];
    for (way, ccode, partner) in [("", "255", "345"), (" reversed", "345", "255")] {
        let key = format!("statelno=255 statehno=345 begin=193803{way}");
        assert_eq!(at(&b, "contiguity", &key, &columns), [ccode, partner, "1", "1938", "1941"]);
    }
    assert!(claims(&b, "contiguity", 710, 2016) && !claims(&b, "contiguity", 710, 2017));
    let c = bundle("cow-contiguity", "cow-contiguity-colonial-3.1");
    assert_eq!(
        (rows(&c, "colonial_contiguity"), nulls(&c, "colonial_contiguity", "end_year")),
        (2 * 1_349, 2 * 146)
    );
    assert_eq!(nulls(&c, "colonial_contiguity", "dependency"), 217 + 387);
    let key = "statelno=220 dependl=815 statehno=710 dependh=0 begin=1949 reversed";
    let columns = ["ccode", "dependency", "partner", "partner_dependency", "by_land", "end_year"];
    assert_eq!(
        at(&c, "colonial_contiguity", key, &columns),
        ["710", "", "220", "815", "true", "1953"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn neighbours_from_the_dyad_years_alone_are_the_same() {
    let mut one = found("cow-contiguity", "cow-contiguity-3.2");
    let whole = comity_datasets::read(&one).unwrap();
    one.files.retain(|f| f.role == "contdird (dyad-years)");
    let years = comity_datasets::read(&one).unwrap();
    let spread = |b: &SourceBundle| -> BTreeSet<(String, String, String, i32)> {
        let batch = b.table("contiguity").unwrap();
        let years = |row| {
            let end = cell(batch, row, "end_year").parse().unwrap_or(2016);
            cell(batch, row, "start_year").parse::<i32>().unwrap()..=end
        };
        let text = |row, column| cell(batch, row, column);
        (0..batch.num_rows())
            .flat_map(|r| {
                years(r)
                    .map(move |y| (text(r, "ccode"), text(r, "partner"), text(r, "conttype"), y))
            })
            .collect()
    };
    assert_eq!(spread(&whole), spread(&years));
    assert_eq!(spread(&years).len(), 82_498);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn envoys() {
    let id = "cow-diplomatic-exchange-excerpt";
    let b = bundle("cow-diplomatic-exchange", id);
    assert_eq!(rows(&b, "diplomatic_exchange"), 2 * 46_365);
    let ranks = counts(&b, "diplomatic_exchange", "level");
    assert_eq!((ranks["0"], ranks["1"], ranks["9"]), (7_846 + 8_098, 2_541 + 2_523, 6_438 + 6_258));
    // The United States kept a legation at the Papal States, which kept none in Washington.
    let key = "ccode1=2 ccode2=327 year=1859 dr_at_2";
    assert_eq!(
        at(&b, "diplomatic_exchange", key, &["ccode", "partner", "level"]),
        ["2", "327", "2"]
    );
    let key = "ccode1=2 ccode2=327 year=1859 dr_at_1";
    assert_eq!(
        at(&b, "diplomatic_exchange", key, &["ccode", "partner", "level"]),
        ["327", "2", "0"]
    );
    // East Germany was gone by the next observation: that little is left of it in 1990 is no isolation.
    let claims = |ccode, year| claims(&b, "diplomatic_exchange", ccode, year);
    assert!(claims(265, 1985) && !claims(265, 1990));
    assert!(claims(710, 2000) && !claims(710, 1999) && !claims(710, 2005));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn national_trade() {
    let b = bundle("cow-trade", "cow-trade-4.0");
    assert_eq!(rows(&b, "trade_totals"), 14_410);
    assert_eq!(
        (nulls(&b, "trade_totals", "imports"), nulls(&b, "trade_totals", "exports")),
        (1_548, 821)
    );
    let columns = ["imports", "exports", "alternative_imports"];
    assert_eq!(
        at(&b, "trade_totals", "ccode=710 year=2014", &columns),
        ["2519304.5", "2818426.75", "1963105.184028"]
    );
    assert!(claims(&b, "trade_totals", 710, 1978) && !claims(&b, "trade_totals", 710, 2015));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn dyadic_trade() {
    let b = bundle("cow-trade", "cow-trade-4.0");
    assert_eq!((rows(&b, "trade"), nulls(&b, "trade", "imports")), (1_347_308, 50_833));
    let columns = ["ccode", "partner", "imports", "exports", "smooth_imports"];
    assert_eq!(
        at(&b, "trade", "ccode1=2 ccode2=20 year=1920", &columns),
        ["2", "20", "612.0", "735.0", "612.0"]
    );
    assert!(b.source.notes.iter().any(|n| n.contains("whole millions")));
    assert!(claims(&b, "trade", 2, 1920) && !claims(&b, "trade", 2, 2015));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn organisations_and_their_members() {
    let b = bundle("cow-igo", "cow-igo-3.0");
    assert_eq!((rows(&b, "memberships"), rows(&b, "organizations")), (19_042, 534));
    let kinds = counts(&b, "memberships", "kind");
    assert_eq!((kinds["full"], kinds["associate"], kinds["observer"]), (18_674, 88, 280));
    let fields = counts(&b, "organizations", "field");
    assert_eq!((fields["economic"], fields["social"], fields["political"]), (268, 178, 88));
    let columns = ["kind", "field", "name", "start_year", "end_year"];
    assert_eq!(
        at(&b, "memberships", "UN ccode=2 year=1945", &columns),
        ["full", "universal-treaty", "United Nations", "1945", ""]
    );
    // The full memberships of one state in one year.
    let batch = b.table("memberships").unwrap();
    let full = (0..batch.num_rows()).filter(|r| {
        let year = |column: &str| cell(batch, *r, column).parse::<i32>().ok();
        cell(batch, *r, "ccode") == "710"
            && cell(batch, *r, "kind") == "full"
            && year("start_year").unwrap() <= 2014
            && year("end_year").is_none_or(|y| y >= 2014)
    });
    assert_eq!(full.count(), 80);
    // What is not known of one organisation is no silence about it, and no reason to be silent about the others.
    let only = |column: &str, text: &str| {
        Only::from([
            ("kind".to_owned(), BTreeSet::from(["full".to_owned()])),
            (column.to_owned(), BTreeSet::from([text.to_owned()])),
        ])
    };
    let answers = |asked: &Only, year| {
        let mut claims = b.source.coverage.iter().filter(|c| c.table == "memberships");
        claims.any(|c| c.covers_rows(2, year, asked))
    };
    assert!(!answers(&only("organization", "INTELSAT"), 1970));
    assert!(answers(&only("organization", "INTELSAT"), 1980));
    assert!(answers(&only("organization", "UN"), 1970));
    assert!(answers(&only("kind", "full"), 1970) && !answers(&only("kind", "party"), 1970));
    assert!(!answers(&only("field", "technology"), 1990) && !answers(&Only::new(), 1990));
    assert_eq!(b.source.coverage.iter().filter(|c| c.table == "memberships").count(), 68);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_starter_names_the_members_of_senders_that_the_dataset_lists_in_its_last_year() {
    let members = |batch: &RecordBatch| -> BTreeSet<String> {
        let year = |row: usize, column: &str| cell(batch, row, column).parse::<i32>().ok();
        (0..batch.num_rows())
            .filter(|r| cell(batch, *r, "kind") == "full")
            .filter(|r| year(*r, "start_year").is_some_and(|y| y <= 2014))
            .filter(|r| year(*r, "end_year").is_none_or(|y| y >= 2014))
            .map(|r| format!("{} {}", cell(batch, r, "organization"), cell(batch, r, "ccode")))
            .collect()
    };
    let starter = comity_datasets::starter::table("starter-memberships", "memberships");
    // Of the starter the members of senders, not of the United Nations and others.
    let of_senders = |r: &usize| cell(&starter, *r, "source_row").contains("senders.csv");
    let rows = (0..starter.num_rows()).filter(of_senders).map(|r| r as u32).collect::<Vec<_>>();
    let starter = take_record_batch(&starter, &UInt32Array::from(rows)).unwrap();
    let starter = members(&starter);
    let published = members(bundle("cow-igo", "cow-igo-3.0").table("memberships").unwrap());
    let organization = |key: &str| key.split(' ').next().unwrap().to_owned();
    let senders: BTreeSet<String> = starter.iter().map(|k| organization(k)).collect();
    let published = published.into_iter().filter(|k| senders.contains(&organization(k))).collect();
    let differs: BTreeSet<String> = starter.symmetric_difference(&published).cloned().collect();
    assert_eq!(differs, crate::published::explained("memberships"));
}
