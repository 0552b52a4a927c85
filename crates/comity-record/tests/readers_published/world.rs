//! The world's dealings: votes in the General Assembly, trade agreements, development finance, forces abroad, output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::RecordBatch;
use comity_record::source::SourceBundle;
use comity_record::{readers, starter};

use super::{DATA, at, bundle, cell, nulls, rows};

/// Some of the files of a folder, read as one source.
fn bundle_of(files: &[&str], source: &str) -> Option<SourceBundle> {
    let root = PathBuf::from(DATA);
    if !root.exists() {
        eprintln!("skipped: ../shared/data is not here");
        return None;
    }
    let paths: Vec<PathBuf> = files.iter().map(|f| root.join(f)).collect();
    let search = readers::find(&paths);
    let found = search.found.iter().find(|f| f.source_id() == source);
    let found = found.unwrap_or_else(|| panic!("{source} is not in {search:?}"));
    Some(readers::read(found).unwrap_or_else(|e| panic!("{source}: {e}")))
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
fn votes_of_the_general_assembly_as_their_publisher_has_them() {
    let files = ["unga-votes/UNVotesPublished.RData"];
    let Some(b) = bundle_of(&files, "un-votes-70") else { return };
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
fn votes_in_both_forms_are_one_source_and_give_the_figures_of_the_starter() {
    let Some(b) = bundle("unga-votes", "un-votes-74") else { return };
    assert_eq!((rows(&b, "roll_calls"), rows(&b, "votes")), (6_203, 812_092 + 131_345));
    assert!(b.source.unplaced.is_empty(), "{:?}", b.source.unplaced);
    assert_eq!(nulls(&b, "roll_calls", "date"), 0);
    let ours = figures(b.table("voting_years").unwrap());
    assert_eq!(ours, figures(&starter::table("starter-assembly", "voting_years")));
    let claims: Vec<_> = b.source.coverage.iter().map(|c| (c.table.as_str(), c.to)).collect();
    assert_eq!(claims, [("roll_calls", 2019), ("votes", 2019), ("voting_years", 2019)]);
}

#[test]
fn tidy_votes_alone() {
    let files = ["un_votes.rda", "un_roll_calls.rda", "un_roll_call_issues.rda"]
        .map(|f| format!("unga-votes/{f}"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let Some(b) = bundle_of(&files, "un-votes-74") else { return };
    assert_eq!((rows(&b, "roll_calls"), rows(&b, "votes")), (6_203, 870_109));
    // Every name is placed as the publisher's codes place it.
    let all = bundle("unga-votes", "un-votes-74").unwrap();
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
fn trade_agreements_and_what_they_provide() {
    let Some(b) = bundle("desta", "desta-2020") else { return };
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
    // With Spain in the Communities, Spain in their agreement with Algeria.
    assert_eq!(
        at(&b, "trade_agreements", "number=16+1 member=724", &["agreement_id", "ccode"]),
        ["16", "230"]
    );
    let Some(b) = bundle("desta", "trend-2018") else { return };
    assert_eq!(
        (rows(&b, "agreement_provisions"), nulls(&b, "agreement_provisions", "year")),
        (730, 5)
    );
    let Some(b) = bundle("desta", "labpta-2016") else { return };
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
    let Some(b) = bundle("desta", "gptad-list") else { return };
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
fn indicators_of_the_world_bank_in_both_forms() {
    let Some(b) = bundle("wdi", "wdi-download") else { return };
    let long = 10_535 + 5_814 + 14_743 + 14_321 + 12_096 + 11_516;
    assert_eq!(rows(&b, "indicators"), long + 9_345);
    let value = |row: &str| at(&b, "indicators", row, &["ccode", "value"]);
    assert_eq!(value("MS.MIL.XPND.GD.ZS CHN 2020"), ["710", "1.75669947098837"]);
    assert_eq!(value("MS.MIL.MPRT.KD IND 2023"), ["750", "1428000000.0"]);
    // A region is no state, and keeps its code.
    assert_eq!(value("MS.MIL.XPND.GD.ZS AFE 1964")[0], "");
    assert!(b.source.unplaced.iter().any(|u| u.code == "AFE"));
    assert_eq!(at(&b, "economy", "CHN 2020", &["gdp_usd"]), ["14996414166715.1"]);
    assert_eq!(rows(&b, "economy"), 10_980);
}

#[test]
fn development_finance_deployments_and_exercises() {
    let Some(b) = bundle("aiddata-gcdf", "aiddata-gcdf-3.0") else { return };
    assert_eq!(
        at(&b, "aid", "ccode=365 year=2010 oof", &["ccode", "recipient", "flow"]),
        ["710", "365", "oof"]
    );
    // Three kinds of flow for each of 2,458 totals, and for 25 that stand in the other file alone.
    assert_eq!(rows(&b, "aid"), 3 * (2_458 + 25));
    assert!(b.source.coverage.iter().all(|c| c.context));
    let Some(b) = bundle("us-troops-bases-exercises", "us-deployments-2024") else { return };
    assert_eq!(
        (rows(&b, "deployments"), rows(&b, "bases"), rows(&b, "base_construction")),
        (13_135 - 75, 414, 5_532)
    );
    assert_eq!(
        at(
            &b,
            "deployments",
            "ccode=740 year=2000 countryname=Japan",
            &["ccode", "host", "personnel", "navy"]
        ),
        ["2", "740", "40159.0", "5496.0"]
    );
    assert!(b.source.coverage.iter().all(|c| c.context));
    let Some(b) = bundle("us-troops-bases-exercises", "mme-7") else { return };
    // 13,679 cells with a name, 18 of them doubled in their row, and 91 exercises without a name.
    assert_eq!(rows(&b, "exercises"), 13_679 - 18 + 91);
}
