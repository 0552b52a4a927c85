//! The world's dealings: votes in the General Assembly, trade agreements, development finance, forces abroad, output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::RecordBatch;
use comity_datasets::starter;
use comity_record::source::SourceBundle;

use crate::published;

use super::{at, bundle, cell, nulls, rows};

/// Some of the files of a folder, read as one source.
fn bundle_of(files: &[&str], source: &str) -> SourceBundle {
    let paths: Vec<PathBuf> = files.iter().map(|f| published::path(f)).collect();
    let search = comity_datasets::find(&paths);
    let found = search.found.iter().find(|f| f.source_id() == source);
    let found = found.unwrap_or_else(|| panic!("{source} is not in {search:?}"));
    comity_datasets::read(found).unwrap_or_else(|e| panic!("{source}: {e}"))
}

const FIGURES: [&str; 5] =
    ["roll_calls", "present", "with_majority", "economic", "with_developing"];

/// The figures of every state and year.
fn figures(batch: &RecordBatch) -> BTreeMap<(String, i32), Vec<String>> {
    let key = |r| (cell(batch, r, "ccode"), cell(batch, r, "year").parse().unwrap());
    let row = |r| (key(r), FIGURES.iter().map(|c| cell(batch, r, c)).collect());
    (0..batch.num_rows()).map(row).collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn votes_of_the_general_assembly_as_their_publisher_has_them() {
    let files = ["unga-votes/UNVotesPublished.RData"];
    let b = bundle_of(&files, "un-votes-70");
    assert_eq!((rows(&b, "roll_calls"), rows(&b, "votes")), (5_429, 1_066_613 - 254_521));
    assert!(b.source.notes[0].starts_with("254521 rows"), "{:?}", b.source.notes);
    assert!(b.source.unplaced.is_empty());
    // The year of a vote is that of its day, not of the session: 4 January 1962 in the sixteenth.
    let columns = ["year", "session", "date", "resolution", "important", "issue_me", "issue_ec"];
    assert_eq!(
        at(&b, "roll_calls", "rcid=786", &columns),
        ["1962", "16", "1962-01-04", "R/16/1349B", "false", "", ""]
    );
    // One cell has a stray quotation mark, one roll call no date.
    assert_eq!(at(&b, "roll_calls", "rcid=1429", &columns)[5..], ["false", "false"]);
    assert_eq!(at(&b, "roll_calls", "rcid=4592", &columns)[..3], ["2004", "59", ""]);
    assert_eq!(nulls(&b, "roll_calls", "issue_hr"), 31);
    // China's seat changes hands; the Republic of Yemen sits in place of both.
    let votes = |row: &str| at(&b, "votes", row, &["ccode", "year", "vote"]);
    assert_eq!(votes("rcid=3 ccode=713"), ["713", "1946", "3"]);
    assert_eq!(votes("rcid=5466 ccode=710"), ["710", "2015", "1"]);
    assert_eq!(votes("rcid=3586 ccode=678")[..2], ["679", "1990"]);
    // Before 1997 the tidy tables have no roll call more: the figures that do not turn on issues are the starter's.
    let starter = figures(&starter::table("starter-assembly", "voting_years"));
    let ours = figures(b.table("voting_years").unwrap());
    let mut compared = 0;
    for (key, figures) in starter.iter().filter(|((_, year), _)| *year < 1997) {
        assert_eq!(ours.get(key).map(|f| &f[..3]), Some(&figures[..3]), "{key:?}");
        compared += 1;
    }
    assert_eq!(ours.keys().filter(|(_, year)| *year < 1997).count(), compared);
    assert_eq!(ours.keys().map(|(_, year)| *year).max(), Some(2015));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn votes_in_both_forms_are_one_source_and_give_the_figures_of_the_starter() {
    let b = bundle("unga-votes", "un-votes-74");
    assert_eq!((rows(&b, "roll_calls"), rows(&b, "votes")), (6_203, 812_092 + 131_345));
    assert!(b.source.unplaced.is_empty(), "{:?}", b.source.unplaced);
    assert_eq!(nulls(&b, "roll_calls", "date"), 0);
    let ours = figures(b.table("voting_years").unwrap());
    assert_eq!(ours, figures(&starter::table("starter-assembly", "voting_years")));
    let claims: Vec<_> = b.source.coverage.iter().map(|c| (c.table.as_str(), c.to)).collect();
    assert_eq!(claims, [("roll_calls", 2019), ("votes", 2019), ("voting_years", 2019)]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn tidy_votes_alone() {
    let files = ["un_votes.rda", "un_roll_calls.rda", "un_roll_call_issues.rda"]
        .map(|f| format!("unga-votes/{f}"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let b = bundle_of(&files, "un-votes-74");
    assert_eq!((rows(&b, "roll_calls"), rows(&b, "votes")), (6_203, 870_109));
    // Every name is placed as the publisher's codes place it.
    let all = bundle("unga-votes", "un-votes-74");
    let cast = |b: &SourceBundle| {
        let batch = b.table("votes").unwrap();
        let row = |r| ["rcid", "ccode", "vote"].map(|c| cell(batch, r, c));
        (0..batch.num_rows()).map(row).filter(|r| r[2] != "8").collect::<BTreeSet<_>>()
    };
    let (ours, published) = (cast(&b), cast(&all));
    let apart: Vec<_> = ours.symmetric_difference(&published).take(20).collect();
    assert!(apart.is_empty(), "{apart:?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn trade_agreements_and_what_they_provide() {
    let b = bundle("desta", "desta-2020");
    let columns = ["ccode", "name", "signed_year", "start_year", "end_year"];
    assert_eq!(
        at(&b, "trade_agreements", "number=67 member=156", &columns),
        ["710", "Association of Southeast Asian Nations China", "2004", "2005", ""]
    );
    // Signed, and not known to be in force.
    assert_eq!(
        at(&b, "trade_agreements", "number=991 member=156", &columns)[2..],
        ["2017", "", ""]
    );
    assert_eq!(
        (rows(&b, "trade_agreements"), nulls(&b, "trade_agreements", "start_year")),
        (4_924 + 43, 519)
    );
    // Of 43 memberships the country became a state, or another one, while they lasted: Germany has 37 of them.
    let spell =
        |key: &str| at(&b, "trade_agreements", key, &["ccode", "start_year", "end_year"]).join(" ");
    assert_eq!(spell("number=293 member=276"), "260 1958 1989");
    assert_eq!(spell("number=293 member=276 from=1990"), "255 1990 ");
    assert_eq!(spell("number=279 member=703"), " 1992 1992");
    assert_eq!(spell("number=279 member=703 from=1993"), "317 1993 ");
    assert_eq!(spell("number=293 member=250"), "220 1958 ");
    // Ten joined the European Economic Area in 2003, with the mark of who accedes; its members did not join again.
    assert_eq!(
        at(&b, "trade_agreements", "number=437+2 member=616", &["agreement_id", "ccode"]),
        ["437", "290"]
    );
    let batch = b.table("trade_agreements").unwrap();
    let joined = |number: &str| {
        let key = format!("number={number} ");
        (0..batch.num_rows()).filter(|r| cell(batch, *r, "source_row").starts_with(&key)).count()
    };
    assert_eq!((joined("437+2"), joined("437+33"), joined("16+1")), (10, 1, 2));
    // Seychelles left in 2004 and joined again, in force in 2015.
    let spell = ["member", "start_year", "end_year"];
    assert_eq!(at(&b, "trade_agreements", "number=672+5 member=690", &spell), ["690", "2015", ""]);
    assert_eq!(at(&b, "trade_agreements", "number=672+2 member=690", &spell), ["690", "", "2004"]);
    // With Spain in the Communities, Spain in their agreement with Algeria.
    assert_eq!(
        at(&b, "trade_agreements", "number=16+1 member=724", &["agreement_id", "ccode"]),
        ["16", "230"]
    );
    let b = bundle("desta", "trend-2018");
    assert_eq!(
        (rows(&b, "agreement_provisions"), nulls(&b, "agreement_provisions", "year")),
        (730, 5)
    );
    let b = bundle("desta", "labpta-2016");
    assert_eq!(
        (rows(&b, "agreement_provisions"), nulls(&b, "agreement_provisions", "depth")),
        (483, 10)
    );
    assert_eq!(
        at(
            &b,
            "agreement_provisions",
            "Number=3",
            &["agreement_id", "name", "year", "labour", "depth"]
        ),
        ["3", "African Economic Community", "1991", "3", "2"]
    );
    let b = bundle("desta", "gptad-list");
    assert_eq!(
        (rows(&b, "agreement_provisions"), nulls(&b, "agreement_provisions", "signed")),
        (352, 53)
    );
    assert_eq!(
        at(&b, "agreement_provisions", "AEC row=1", &["signed", "status"]),
        ["1991-06-03", "in force"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn an_indicator_is_known_by_a_figure_where_its_file_has_no_name() {
    let whole = bundle("wdi", "wdi-download");
    let folder = std::env::temp_dir().join(format!("comity-wdi-{}", std::process::id()));
    let files = ["ms.mil.xpnd.gd.zs", "ms.mil.xpnd.zs", "ny.gdp.mktp.cd"].into_iter().chain([
        "ny.gdp.mktp.kd.zg",
        "bx.klt.dinv.cd.wd",
        "dt.oda.odat.cd",
    ]);
    for name in files {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        let from = published::path(&format!("wdi/{name}.csv"));
        std::fs::copy(from, folder.join(name).join("data.csv")).unwrap();
    }
    let search = comity_datasets::find(std::slice::from_ref(&folder));
    let read = comity_datasets::read(&search.found[0]);
    std::fs::remove_dir_all(&folder).unwrap();
    let unnamed = read.unwrap();
    let keys = |b: &SourceBundle| {
        let batch = b.table("indicators").unwrap();
        let key = |r| (cell(batch, r, "source_row"), cell(batch, r, "value"));
        let all: BTreeSet<_> = (0..batch.num_rows()).map(key).collect();
        all.into_iter().filter(|(k, _)| !k.starts_with("MS.MIL.MPRT.KD")).collect::<Vec<_>>()
    };
    assert!(keys(&unnamed) == keys(&whole));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn indicators_of_the_world_bank_in_both_forms() {
    let b = bundle("wdi", "wdi-download");
    let long = 10_535 + 5_814 + 14_743 + 14_321 + 12_096 + 11_516;
    assert_eq!(rows(&b, "indicators"), long + 9_345);
    let value = |row: &str| at(&b, "indicators", row, &["ccode", "value"]);
    assert_eq!(value("MS.MIL.XPND.GD.ZS CHN 2020"), ["710", "1.75669947098837"]);
    assert_eq!(value("MS.MIL.MPRT.KD IND 2023"), ["750", "1428000000.0"]);
    // A region is not a state, and keeps its code.
    assert_eq!(value("MS.MIL.XPND.GD.ZS AFE 1964")[0], "");
    assert!(b.source.unplaced.iter().any(|u| u.code == "AFE"));
    assert_eq!(at(&b, "economy", "CHN 2020", &["gdp_usd"]), ["14996414166715.1"]);
    assert_eq!(rows(&b, "economy"), 10_980);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn development_finance_of_china() {
    let b = bundle("aiddata-gcdf", "aiddata-gcdf-3.0");
    assert_eq!(rows(&b, "aid"), 3 * (2_458 + 21));
    let columns = ["ccode", "recipient", "year", "flow", "constant_usd", "unadjusted_usd"];
    let bangladesh = at(&b, "aid", "ccode=771 year=2017 oda", &columns);
    assert_eq!(bangladesh[..4], ["710", "771", "2017", "oda"]);
    assert!(bangladesh[4].starts_with("364.945579"), "{bangladesh:?}");
    // Serbia is in the file with Gleditsch-Ward numbers alone.
    assert_eq!(at(&b, "aid", "gwcode=340 year=2010 oof", &columns)[1], "345");
    let unplaced: Vec<_> = b.source.unplaced.iter().map(|u| (u.code.as_str(), u.rows)).collect();
    assert_eq!(unplaced, [("626", 12)]);
    assert!(b.source.notes[0].starts_with("2250 totals"), "{:?}", b.source.notes);
    assert!(b.source.coverage.iter().all(|c| c.context && (c.from, c.to) == (2000, 2021)));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn american_forces_and_bases() {
    let folder = "us-troops-bases-exercises";
    let b = bundle(folder, "us-deployments-2024");
    assert_eq!((rows(&b, "deployments"), rows(&b, "bases")), (13_135 - 75, 414));
    assert_eq!(rows(&b, "base_construction"), 5_532 - 2_917);
    let columns = ["host", "personnel", "army", "navy", "air_force", "marine_corps", "civilians"];
    assert_eq!(
        at(&b, "deployments", "ccode=255 year=2010 countryname=Germany", &columns),
        ["255", "44619.0", "28780.0", "174.0", "14334.0", "833.0", "14166.0"]
    );
    assert_eq!(
        at(&b, "deployments", "ccode=255 year=1989 countryname=Germany", &columns[..2]),
        ["260", "248621.0"]
    );
    let greenland = "ccode=1002 year=1970 countryname=Greenland";
    assert_eq!(at(&b, "deployments", greenland, &["host", "host_name"]), ["", "Greenland"]);
    assert_eq!(nulls(&b, "base_construction", "host"), 2_168);
    let count = |column| {
        let batch = b.table("bases").unwrap();
        (0..batch.num_rows()).filter(|r| cell(batch, *r, column) == "true").count()
    };
    assert_eq!((count("base"), count("lilypad"), count("funded")), (255, 114, 46));
    assert!(b.source.coverage.iter().all(|c| c.context));

    let older = bundle(folder, "us-deployments-2023");
    assert_eq!(rows(&older, "deployments"), 14_792 - 72);
    let montenegro = "ccode=1010 year=2010 countryname=Montenegro";
    assert_eq!(at(&older, "deployments", montenegro, &["host"]), ["341"]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn exercises_of_several_states() {
    let b = bundle("us-troops-bases-exercises", "mme-7");
    assert_eq!(rows(&b, "exercises"), 13_661 + 91);
    let columns = ["name", "ccode", "participants", "start", "sea", "air", "series"];
    assert_eq!(
        at(&b, "exercises", "mmeid=mme87 s.year=1980 Netherlands", &columns),
        ["Readex 1-80", "210", "3", "1980-01-14", "true", "false", "Readex"]
    );
    assert_eq!(
        at(&b, "exercises", "mmeid=mme3460 s.year=2005 South Korea", &columns)[1..4],
        ["732", "3", "2005-07-07"]
    );
    assert_eq!(
        at(&b, "exercises", "mmeid=mme88 s.year=1980 Egypt", &["ccode", "start", "start_year"]),
        ["651", "", "1980"]
    );
    assert_eq!(
        at(&b, "exercises", "mmeid=mme3457 s.year=2007", &["ccode", "participants"]),
        ["", ""]
    );
    let unplaced: Vec<_> = b.source.unplaced.iter().map(|u| u.code.as_str()).collect();
    assert_eq!(
        unplaced,
        [
            "Baltic States",
            "Bermuda",
            "Hong Kong SAR China",
            "NATO",
            "Netherlands Antilles",
            "New Caledonia",
            "South Sudan",
            "st. christopher"
        ]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn exercises_from_the_working_sheet() {
    let b = bundle("us-troops-bases-exercises", "jme-3");
    assert_eq!(rows(&b, "exercises"), 6_339 + 2);
    let columns =
        ["exercise_id", "ccode", "start", "start_year", "end", "command_post", "location"];
    assert_eq!(
        at(&b, "exercises", "row=1 TUR", &columns),
        ["77", "640", "", "1974", "1974-11-30", "false", "Indian Ocean, Arabian Sea"]
    );
    // A date in text alone.
    assert_eq!(
        at(&b, "exercises", "row=1781 BLR", &columns)[1..5],
        ["370", "2006-06-17", "2006", "2006-06-25"]
    );
    assert!(b.source.notes[0].starts_with("2 dates exist in no calendar"), "{:?}", b.source.notes);
    let unplaced: Vec<_> = b.source.unplaced.iter().map(|u| (u.code.as_str(), u.rows)).collect();
    assert_eq!(
        unplaced,
        [
            ("8 NATO members", 1),
            ("AUS", 2),
            ("BMU", 1),
            ("IDN", 1),
            ("MNE", 1),
            ("NATO", 2),
            ("SRB", 1),
            ("USA", 1)
        ]
    );
}
