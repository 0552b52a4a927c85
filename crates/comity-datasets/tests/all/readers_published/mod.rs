//! The published datasets, read in place: counts, and the facts that verdicts stand on with their rows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod codes;
mod conflict;
mod cow;
mod crosswalks;
mod events;
mod further;
mod peacesciencer;
mod treaties;
mod world;

use std::collections::BTreeSet;

use crate::published;
use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use comity_datasets::{self, Found};
use comity_record::Coverage;
use comity_record::coverage::Only;
use comity_record::source::SourceBundle;

fn found(folder: &str, source: &str) -> Found {
    let search = comity_datasets::find(&[published::path(folder)]);
    let ids: Vec<String> = search.found.iter().map(Found::source_id).collect();
    let found = search.found.into_iter().find(|f| f.source_id() == source);
    found.unwrap_or_else(|| panic!("{source} is not among {ids:?}"))
}

fn bundle(folder: &str, source: &str) -> SourceBundle {
    comity_datasets::read(&found(folder, source)).unwrap_or_else(|e| panic!("{source}: {e}"))
}

fn rows(bundle: &SourceBundle, table: &str) -> usize {
    bundle.table(table).unwrap_or_else(|| panic!("no {table}")).num_rows()
}

fn cell(batch: &RecordBatch, row: usize, column: &str) -> String {
    array_value_to_string(batch.column_by_name(column).unwrap(), row).unwrap()
}

/// The cells of the row with this `source_row`, by name.
fn at(bundle: &SourceBundle, table: &str, source_row: &str, columns: &[&str]) -> Vec<String> {
    let batch = bundle.table(table).unwrap();
    let row = (0..batch.num_rows())
        .find(|r| cell(batch, *r, "source_row") == source_row)
        .unwrap_or_else(|| panic!("no row {source_row} in {table}"));
    columns.iter().map(|c| cell(batch, row, c)).collect()
}

fn nulls(bundle: &SourceBundle, table: &str, column: &str) -> usize {
    bundle.table(table).unwrap().column_by_name(column).unwrap().null_count()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn states_and_majors() {
    let b = bundle("cow-states", "cow-states-2016");
    assert_eq!((rows(&b, "states"), rows(&b, "major_powers")), (243, 14));
    let spell = ["name", "start", "end", "end_year", "extended"];
    assert_eq!(
        at(&b, "states", "ccode=2 styear=1816", &spell),
        ["United States of America", "1816-01-01", "", "", "true"]
    );
    assert_eq!(
        at(&b, "states", "ccode=265 styear=1954", &spell)[2..],
        ["1990-10-02", "1990", "false"]
    );
    assert_eq!(
        at(&b, "major_powers", "ccode=710 styear=1950", &["start", "end"]),
        ["1950-01-01", ""]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn militarized_disputes() {
    let b = bundle("cow-mid", "cow-mid-5.0");
    assert_eq!(
        (rows(&b, "disputes"), rows(&b, "dispute_parties"), rows(&b, "incidents")),
        (2_436, 5_883, 9_619)
    );
    assert_eq!(nulls(&b, "disputes", "outcome"), 17);
    let columns = ["side_a", "hiact", "hostility", "fatality", "start", "end"];
    assert_eq!(
        at(&b, "dispute_parties", "dispnum=199 ccode=710 styear=1961", &columns),
        ["false", "20", "5", "5", "1961-11-02", "1962-12-26"]
    );
    assert_eq!(
        at(&b, "dispute_parties", "dispnum=3901 ccode=2 styear=1989", &["revtype1", "hiact"]),
        ["3", "16"]
    );
    assert_eq!(at(&b, "disputes", "dispnum=3901", &["outcome", "settlement"]), ["2", "2"]);
    assert_eq!(
        at(&b, "disputes", "dispnum=2", &["start", "start_year", "end"]),
        ["", "1902", "1903-01-24"]
    );
    let incidents = b.source.coverage.iter().find(|c| c.table == "incidents").unwrap();
    assert_eq!((incidents.from, incidents.to), (1993, 2014));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn atop_pledges() {
    let b = bundle("atop", "atop-4.01");
    assert_eq!((rows(&b, "treaties"), rows(&b, "treaty_parties")), (745, 2_398));
    let columns = ["defense", "nonaggression", "consultation", "start", "end", "bilateral"];
    assert_eq!(
        at(&b, "pledges", "atopid=3200 member=710 partner=365", &columns),
        ["true", "true", "false", "1950-02-14", "1980-04-11", "true"]
    );
    assert_eq!(
        at(&b, "pledges", "atopid=3445 member=710 partner=731", &columns),
        ["true", "true", "false", "1961-07-11", "", "true"]
    );
    assert_eq!(
        at(&b, "pledges", "atopid=3460 member=710 partner=2", &["wide_conference", "consultation"]),
        ["true", "true"]
    );
    // Who has a command, and who may station troops in a member: NATO from 1951, the Warsaw Pact, the Organization of American States.
    let batch = b.table("pledges").unwrap();
    let institutions = |treaty: &str| -> Vec<(String, String)> {
        let rows = (0..batch.num_rows()).filter(|r| cell(batch, *r, "treaty_id") == treaty);
        let of = |r: usize| (cell(batch, r, "integrated_command"), cell(batch, r, "stationing"));
        rows.map(of).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let pair = |command: &str, stationing: &str| (command.to_owned(), stationing.to_owned());
    assert_eq!(institutions("3180"), [pair("false", "false"), pair("false", "true")]);
    assert_eq!(institutions("3285"), [pair("true", "false")]);
    assert_eq!(institutions("3150"), [pair("false", "false")]);
    // Phases meet on one day, which is a pledge of neither with the other.
    let prussia = (0..batch.num_rows())
        .filter(|r| cell(batch, *r, "source_row").starts_with("atopid=1020 member=255 partner=300"))
        .count();
    assert_eq!(prussia, 3);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn cow_alliances() {
    let b = bundle("cow-alliances", "cow-alliances-4.1");
    assert_eq!((rows(&b, "treaties"), rows(&b, "pledges")), (414, 6_444 - 22));
    assert_eq!(nulls(&b, "pledges", "offense"), rows(&b, "pledges"));
    assert_eq!(nulls(&b, "pledges", "nonaggression"), 3);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn capabilities_in_two_versions() {
    let b = bundle("cow-nmc", "cow-nmc-6.0");
    assert_eq!((rows(&b, "capabilities"), nulls(&b, "capabilities", "milex")), (15_951, 2_217));
    assert_eq!(
        at(&b, "capabilities", "ccode=2 year=1816", &["milex", "milper", "cinc"]),
        ["3823.0", "17.0", "0.039697491"]
    );
    let b = bundle("cow-nmc", "cow-nmc-5.0");
    assert_eq!((rows(&b, "capabilities"), b.source.coverage[0].to), (15_171, 2012));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn armed_conflicts() {
    let b = bundle("ucdp", "ucdp-acd-25.1");
    assert_eq!(rows(&b, "armed_conflicts"), 2_751);
    assert_eq!(
        at(
            &b,
            "armed_conflicts",
            "conflict_id=11349 year=2008",
            &["location", "intensity", "start_date"]
        ),
        ["China", "1", "1990-04-05"]
    );
    assert_eq!(
        at(&b, "conflict_parties", "conflict_id=11349 year=2008", &["ccode", "role", "gwcode"]),
        ["710", "a", "710"]
    );
    assert!(
        b.source.notes.iter().any(|n| n.contains("11349 on lines 42 and 43")),
        "{:?}",
        b.source.notes
    );
    let hyderabad = b.source.unplaced.iter().find(|u| u.code == "751").unwrap();
    assert_eq!((hyderabad.table.as_str(), hyderabad.rows), ("conflict_parties", 3));
    // Mali 2015: Switzerland sent troops beside the government; Germany is 255 there, not 260.
    let batch = b.table("conflict_parties").unwrap();
    let mali: Vec<String> = (0..batch.num_rows())
        .filter(|r| {
            cell(batch, *r, "source_row") == "conflict_id=11347 year=2015"
                && cell(batch, *r, "role") == "a2"
        })
        .map(|r| cell(batch, r, "ccode"))
        .collect();
    assert!(
        mali.contains(&"225".into())
            && mali.contains(&"255".into())
            && !mali.contains(&"260".into()),
        "{mali:?}"
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn territorial_changes() {
    let b = bundle("cow-territorial-change", "cow-territorial-change-6");
    assert_eq!(rows(&b, "territorial_changes"), 842);
    let columns = ["year", "gainer", "loser", "procedure", "conflict", "independence"];
    assert_eq!(
        at(&b, "territorial_changes", "number=890", &columns),
        ["2014", "365", "369", "1", "true", "false"]
    );
    assert_eq!(at(&b, "territorial_changes", "number=886", &["procedure", "area"]), ["3", "665.0"]);
    assert_eq!(
        (nulls(&b, "territorial_changes", "month"), nulls(&b, "territorial_changes", "population")),
        (123, 212)
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn claims_and_attempts() {
    let b = bundle("icow", "icow-1.1");
    assert_eq!((rows(&b, "claims"), rows(&b, "settlement_attempts")), (416, 2_005));
    assert_eq!(at(&b, "claims", "claimdy=4401", &["name"]), ["Guantánamo Bay"]);
    let t = bundle("icow", "icow-territorial-1.01-extended");
    assert_eq!(rows(&t, "claims"), 848);
    let columns = ["challenger", "target", "start_year", "end_year", "resolved", "issue"];
    assert_eq!(
        at(&t, "claims", "claimdy=80006", &columns),
        ["710", "365", "1954", "2008", "4", "territory"]
    );
    assert_eq!(
        at(&t, "claims", "claimdy=94607", &columns),
        ["710", "817", "1954", "1974", "7", "territory"]
    );
    assert_eq!(nulls(&t, "claims", "resolved"), 99);
    // By the manual: rivers and the sea from 1900, each in its regions, and territory from 1816. Who asks for all kinds asks for what there is.
    let covers = |b: &SourceBundle, issue: &str, ccode, year| {
        let asked = Coverage::all("claims", 0, 0).only("issue", &[issue]).only;
        let asked = if issue.is_empty() { Only::new() } else { asked };
        let mut claims = b.source.coverage.iter().filter(|c| c.table == "claims");
        claims.any(|c| c.covers_rows(ccode, year, &asked))
    };
    for (issue, ccode, year, known) in [
        ("territory", 70, 1816, true),
        ("river", 70, 1899, false),
        ("river", 70, 1900, true),
        ("maritime", 205, 2001, true),
        ("maritime", 205, 2002, false),
        ("maritime", 366, 1995, true),
        ("river", 366, 1995, false),
        ("territory", 366, 1995, false),
        ("river", 663, 1950, true),
        ("maritime", 663, 1950, false),
        ("river", 651, 1950, false),
        ("river", 750, 1950, false),
        ("", 70, 1850, true),
        ("", 663, 1950, false),
    ] {
        assert_eq!(covers(&b, issue, ccode, year), known, "{issue} {ccode} {year}");
    }
    for (issue, known) in [("territory", true), ("river", false), ("maritime", false), ("", true)] {
        assert_eq!(covers(&t, issue, 750, 1950), known, "{issue}");
        assert!(!covers(&t, issue, 750, 2017), "{issue}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars() {
    let b = bundle("cow-war", "cow-war-inter-4.0");
    assert_eq!((rows(&b, "wars"), rows(&b, "war_parties")), (95, 337 + 19));
    assert_eq!(at(&b, "war_parties", "warnum=160 ccode=710", &["initiator", "side"])[0], "true");
    let e = bundle("cow-war", "cow-war-extra-4.0");
    assert_eq!(rows(&e, "wars"), 163);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_folder_of_everything_gives_every_dataset_once() {
    let search = comity_datasets::find(&[published::path("")]);
    let ids: Vec<String> = search.found.iter().map(Found::source_id).collect();
    assert_eq!(
        ids,
        [
            "aiddata-gcdf-3.0",
            "archigos-4.1",
            "atop-4.01",
            "atop-5.1",
            "atop-dyads-5.1",
            "contiguity-spells-3.2",
            "country-codes-2026-05",
            "countrycode-2026-04",
            "cow-alliances-4.1",
            "cow-capitals-1.2.9",
            "cow-contiguity-3.2",
            "cow-contiguity-colonial-3.1",
            "cow-diplomatic-exchange-excerpt",
            "cow-igo-3.0",
            "cow-igo-counts-3.0",
            "cow-mid-5.0",
            "cow-mid-dyads-5.0",
            "cow-nmc-5.0",
            "cow-nmc-6.0",
            "cow-nmc-7.0",
            "cow-states-2016",
            "cow-territorial-change-6",
            "cow-trade-4.0",
            "cow-war-dyadic-4.01",
            "cow-war-extra-4.0",
            "cow-war-inter-4.0",
            "cow-war-intra-5.1",
            "cow-war-nonstate-4.0",
            "cow2iso-2024-05",
            "creg-2012",
            "cshapes-2.0",
            "desta-2.3",
            "desta-2020",
            "desta-indices-2.3",
            "dyadic-mid-4.02",
            "eusanct-2020",
            "gdelt-2.0",
            "gml-mid-2.2.1",
            "gpr-unnumbered",
            "gptad-list",
            "greenbook-2019",
            "grh-arms-races-2005",
            "gsdb-4",
            "gw-states-2017",
            "gw-states-2020",
            "hief-2020",
            "icb-14",
            "icews-unnumbered",
            "icow-1.1",
            "icow-colonial-1.1",
            "icow-territorial-1.01-extended",
            "imi-2005",
            "isard-2026-06",
            "isd-1",
            "isd-2.2",
            "jme-3",
            "keds-2017",
            "kof-2024",
            "labpta-2016",
            "lead-2015",
            "leader-willingness-2020",
            "midloc-2.1",
            "mie-1.0",
            "minimum-distance-2019",
            "mme-7",
            "peace-data-3.1",
            "rugged-terrain-2014",
            "sipri-arms-deliveries-2025-01",
            "sipri-arms-register-2024",
            "sipri-milex-2023",
            "sipri-milex-2024",
            "td-rivalries-2012",
            "territorial-threat-2022",
            "trend-2018",
            "tss-rivalries-2021",
            "ucdp-acd-25.1",
            "ucdp-candidate-unnumbered",
            "ucdp-deaths-24.1",
            "ucdp-dyadic-24.1",
            "ucdp-esd-18.1",
            "ucdp-ged-unnumbered",
            "ucdp-onsets-19.1",
            "ucdp-organized-violence-25.1",
            "un-council-terms-unnumbered",
            "un-ideal-points-2020-04",
            "un-missions-2019-12",
            "un-peacekeeping-unnumbered",
            "un-treaties-2026-02",
            "un-vetoes-2022-09",
            "un-votes-74",
            "us-deployments-2023",
            "us-deployments-2024",
            "wdi-download",
            "wipo-treaties-2026-02",
            "wto-members-2024-08",
            "wto-rta-2026-02"
        ]
    );
    // Folders that hold two editions or selections under one header: one of the files must be named.
    let mut ambiguous = Vec::new();
    for found in &search.found {
        let b = match comity_datasets::read(found) {
            Err(comity_datasets::ReadError::TwoFiles { .. }) => {
                ambiguous.push(found.source_id());
                continue;
            }
            // Every row of the candidate events is damaged.
            Err(comity_datasets::ReadError::NoRows { .. })
                if found.dataset.id == "ucdp-candidate" =>
            {
                continue;
            }
            read => read.unwrap_or_else(|e| panic!("{}: {e}", found.source_id())),
        };
        let filled = b.tables.iter().all(|(_, rows)| rows.num_rows() > 0);
        // The shape of the land has no years.
        let timeless = found.dataset.id == "rugged-terrain";
        let covers = b.source.coverage.is_empty() == timeless;
        assert!(covers && filled, "{}", found.source_id());
    }
    assert_eq!(ambiguous, Vec::<String>::new());
}
