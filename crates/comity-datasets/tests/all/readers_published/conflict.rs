//! Conflict, crises, claims, sanctions, arms: what was published, counted and looked up.

use std::collections::BTreeSet;

use comity_datasets::Unrecognised;
use comity_record::coverage::Only;

use crate::published;

use super::{at, bundle, cell, nulls, rows};

/// The cells of one column in every row that has this `source_row`.
fn all_at(
    bundle: &comity_record::source::SourceBundle,
    table: &str,
    source_row: &str,
    column: &str,
) -> Vec<String> {
    let batch = bundle.table(table).unwrap();
    (0..batch.num_rows())
        .filter(|r| cell(batch, *r, "source_row") == source_row)
        .map(|r| cell(batch, r, column))
        .collect()
}

/// The sum of a column.
fn total(bundle: &comity_record::source::SourceBundle, table: &str, column: &str) -> f64 {
    let batch = bundle.table(table).unwrap();
    let cells = (0..batch.num_rows()).map(|r| cell(batch, r, column));
    cells.filter(|c| !c.is_empty()).map(|c| c.parse::<f64>().unwrap()).sum()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn dyads() {
    let b = bundle("ucdp", "ucdp-dyadic-24.1");
    assert_eq!((rows(&b, "conflict_dyads"), rows(&b, "dyad_parties")), (3_357, 7_952));
    let columns =
        ["conflict_id", "side_b", "territory", "intensity", "conflict_type", "start_date"];
    assert_eq!(
        at(&b, "conflict_dyads", "dyad_id=11971 year=2012", &columns),
        ["11342", "GNLA", "Garoland", "1", "3", "2010-06-27"]
    );
    assert_eq!(nulls(&b, "conflict_dyads", "territory"), 1_646);
    assert_eq!(all_at(&b, "dyad_parties", "dyad_id=11971 year=2012", "ccode"), ["750"]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn battle_deaths_of_conflicts_and_of_dyads_with_the_same_header() {
    let b = bundle("ucdp", "ucdp-deaths-24.1");
    assert_eq!((rows(&b, "battle_deaths"), rows(&b, "dyad_battle_deaths")), (1_520, 1_920));
    let columns = ["best", "low", "high", "conflict_type", "battle_location"];
    assert_eq!(
        at(&b, "battle_deaths", "conflict_id=13324 year=2022", &columns),
        ["150", "134", "159", "2", "Kyrgyzstan, Tajikistan"]
    );
    assert_eq!(
        at(&b, "dyad_battle_deaths", "dyad_id=11971 year=2014", &columns[..3]),
        ["26", "23", "32"]
    );
    // A conflict's deaths are those of its dyads.
    assert_eq!(
        (total(&b, "battle_deaths", "best"), total(&b, "dyad_battle_deaths", "best")),
        (2_226_798.0, 2_226_798.0)
    );
    let claims: Vec<_> = b.source.coverage.iter().map(|c| (c.from, c.to)).collect();
    assert_eq!(claims, [(1989, 2023), (1989, 2023)]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn crises_of_the_system_and_of_their_actors() {
    let b = bundle("icb", "icb-14");
    assert_eq!((rows(&b, "international_crises"), rows(&b, "crises")), (487, 1_078));
    let columns =
        ["name", "trigger", "trigger_by", "start", "end", "gravity", "management", "violence"];
    assert_eq!(
        at(&b, "international_crises", "crisno=196", &columns),
        ["CUBAN MISSILES", "4", "365", "1962-10-16", "1962-11-20", "5", "6", "2"]
    );
    let columns =
        ["ccode", "trigger_by", "start", "major_response", "outcome", "soviet_involvement"];
    assert_eq!(
        at(&b, "crises", "crisno=196 cracno=452", &columns),
        ["365", "2", "1962-10-22", "3", "4", "9"]
    );
    // Codes are Gleditsch-Ward's: Germany and Yemen after their unification, and three that are nobody's.
    assert_eq!(at(&b, "crises", "crisno=430 cracno=939", &["ccode", "actor"]), ["255", "GFR"]);
    assert_eq!(at(&b, "crises", "crisno=416 cracno=902", &["ccode"]), ["679"]);
    assert_eq!(
        at(&b, "crises", "crisno=84 cracno=212 cracid=219", &["ccode", "actor"]),
        ["", "VFR"]
    );
    assert_eq!(nulls(&b, "crises", "ccode"), 3);
    // A day of 66, 77 or 88 is a part of a month; one crisis has no date, and one outcome no code.
    assert_eq!(at(&b, "crises", "crisno=476 cracno=1050", &["end", "end_year"]), ["", "2016"]);
    assert_eq!((nulls(&b, "crises", "start"), nulls(&b, "crises", "end")), (34, 89));
    assert_eq!((nulls(&b, "crises", "start_year"), nulls(&b, "crises", "outcome")), (1, 2));
    assert_eq!(
        (nulls(&b, "crises", "trigger_by"), nulls(&b, "international_crises", "trigger_by")),
        (274 + 2, 145 + 1)
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn settlement_attempts_with_the_militarized_ones_marked() {
    let b = bundle("icow", "icow-1.1");
    assert_eq!((rows(&b, "settlement_attempts"), rows(&b, "claim_salience")), (2_005, 10_041));
    let columns = ["kind", "start_year", "agreement", "complied_target"];
    assert_eq!(
        at(&b, "settlement_attempts", "claimdy=401 settnumt=5", &columns),
        ["militarized", "1839", "", ""]
    );
    let batch = b.table("settlement_attempts").unwrap();
    let militarized: Vec<usize> =
        (0..batch.num_rows()).filter(|r| cell(batch, *r, "kind") == "militarized").collect();
    assert_eq!(militarized.len(), 318);
    // What counts agreements never counts one of them.
    assert!(militarized.iter().all(|r| cell(batch, *r, "agreement").is_empty()));
    assert_eq!(nulls(&b, "settlement_attempts", "year"), 11);
    let columns = ["salience", "salience_target", "tangible"];
    assert_eq!(
        at(&b, "claim_salience", "claimdy=100301 year=1925", &columns),
        ["6.5", "2.5", "2.0"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn how_states_became_independent() {
    let b = bundle("icow", "icow-colonial-1.1");
    assert_eq!(rows(&b, "colonial_history"), 217);
    let columns =
        ["ccode", "year", "month", "violent", "kind", "independence_from", "colonial_ruler"];
    assert_eq!(
        at(&b, "colonial_history", "State=771", &columns),
        ["771", "1971", "12", "true", "3", "770", "200"]
    );
    // A state older than four digits, and one out of a federation that was none of the system.
    assert_eq!(at(&b, "colonial_history", "State=331", &["year", "month"]), ["301", ""]);
    assert_eq!(
        at(
            &b,
            "colonial_history",
            "State=94 indfrom=89 secfrom=89",
            &["independence_from", "year"]
        ),
        ["", "1838"]
    );
    assert_eq!(nulls(&b, "colonial_history", "colonial_ruler"), 46);
    assert_eq!(nulls(&b, "colonial_history", "month"), 13);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn vetoes_by_member() {
    let b = bundle("unsc-vetoes", "un-vetoes-2022-09");
    assert_eq!(rows(&b, "vetoes"), 265);
    let batch = b.table("vetoes").unwrap();
    let by =
        |ccode: &str| (0..batch.num_rows()).filter(|r| cell(batch, *r, "ccode") == ccode).count();
    assert_eq!([by("2"), by("200"), by("220"), by("365"), by("710")], [82, 29, 16, 121, 17]);
    // The columns per member leave out the French veto; the names do not.
    assert_eq!(
        at(&b, "vetoes", "draft=S/12310/Rev.1 member_veto1=France", &["date", "ccode", "needed"]),
        ["1977-10-31", "220", "9"]
    );
    assert_eq!(
        at(&b, "vetoes", "draft=S/PV.49 (2) member_veto1=USSR", &["date", "needed"]),
        ["1946-06-26", "7"]
    );
    let covers = |year| b.source.coverage.iter().any(|c| c.covers(365, year));
    assert!(covers(1954) && !covers(1955) && covers(2021) && !covers(2022));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn sanctions() {
    let b = bundle("gsdb", "gsdb-4");
    let batch = b.table("sanctions").unwrap();
    let keys: Vec<String> = (0..batch.num_rows()).map(|r| cell(batch, r, "source_row")).collect();
    let cases: BTreeSet<&str> = keys.iter().map(|k| k.split(' ').next().unwrap()).collect();
    assert_eq!(cases.len(), 1_547);
    // Every sender with every target as published, and the members of the Union beside it; a name that stands for one state and
    // then another is told twice.
    let named: BTreeSet<&str> = keys
        .iter()
        .filter(|k| !k.contains(" member="))
        .map(|k| k.split(" from=").next().unwrap())
        .collect();
    assert_eq!((rows(&b, "sanctions"), named.len()), (6_361, 2_247));
    let columns = ["sender", "target", "sender_name", "start_year", "end_year", "objective"];
    assert_eq!(
        at(&b, "sanctions", "case_id=1 sender=Germany target=German Democratic Republic", &columns),
        ["260", "265", "Germany", "1949", "1973", "territorial_conflict"]
    );
    let members: Vec<String> = keys
        .iter()
        .filter(|k| k.starts_with("case_id=226 sender=EU member="))
        .map(|k| k.split('=').nth(3).unwrap().split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(members, ["211", "220", "260", "325", "212", "210", "390", "205", "200"]);
    // Of the Union's members that of Britain ends, that of Croatia begins in the middle; what was ongoing in 2023 goes on.
    let columns = ["start_year", "end_year", "trade", "un_mandate", "success"];
    assert_eq!(
        at(&b, "sanctions", "case_id=1006 sender=EU member=200 target=Russia", &columns),
        ["2014", "2020", "true", "", "ongoing"]
    );
    assert_eq!(
        at(&b, "sanctions", "case_id=1006 sender=EU member=344 target=Russia", &columns[..2]),
        ["2014", ""]
    );
    assert_eq!(
        at(
            &b,
            "sanctions",
            "case_id=1006 sender=EU target=Russia",
            &["sender", "sender_name", "target"]
        ),
        ["", "EU", "365"]
    );
    // Cyprus is named beside the Union before it joined: it is one sender, not two.
    assert!(!keys.iter().any(|k| k.starts_with("case_id=547 sender=EU member=352")));
    assert_eq!(
        at(
            &b,
            "sanctions",
            "case_id=26 sender=UN target=Korea, North",
            &["sender", "target", "un_mandate"]
        ),
        ["", "731", "true"]
    );
    // Oman is no part of Romania, and a comma is part of some names.
    assert_eq!(
        at(
            &b,
            "sanctions",
            "case_id=551 sender=Congo, Democratic Republic of the target=Burundi",
            &["sender"]
        ),
        ["490"]
    );
    assert_eq!(
        at(&b, "sanctions", "case_id=200 sender=United States target=South Vietnam", &["target"]),
        ["816"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn arms_register() {
    let b = bundle("sipri", "sipri-arms-register-2024");
    assert_eq!(rows(&b, "arms_transfers"), 29_056);
    println!(
        "{:?} {} {}",
        b.source.notes,
        total(&b, "arms_transfers", "tiv_delivered"),
        nulls(&b, "arms_transfers", "start_year")
    );
}

fn asked(issue: &str) -> Only {
    Only::from([("issue".to_owned(), BTreeSet::from([issue.to_owned()]))])
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn ideal_points_by_issue() {
    let b = bundle("unga-idealpoints", "un-ideal-points-2020-04");
    assert_eq!(rows(&b, "ideal_points"), 10_469 + 10_468 + 8_440 + 7_896 + 7_203 + 6_443);
    let columns = ["year", "point", "low", "high", "votes"];
    assert_eq!(
        at(&b, "ideal_points", "issue=all ccode=2 session=1", &columns),
        ["1946", "1.675486", "1.348943", "2.028481", "42"]
    );
    // The estimates of one issue do not cover a question about all; session 19 had no votes.
    let covers = |year| b.source.coverage.iter().any(|c| c.covers_rows(2, year, &asked("all")));
    assert!(covers(1946) && !covers(1964) && covers(2019));
    assert!(!b.source.coverage.iter().any(|c| c.covers_rows(2, 1990, &asked("nuclear"))));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn events_of_violence() {
    let b = bundle("ucdp", "ucdp-ged-unnumbered");
    assert_eq!(
        (rows(&b, "conflict_events"), total(&b, "conflict_events", "best")),
        (20_500, 129_465.0)
    );
    let columns = ["date", "best", "deaths_b", "ccode_a", "ccode_b", "country", "dyad_id"];
    assert_eq!(
        at(&b, "conflict_events", "id=147997", &columns),
        ["2014-01-22", "5", "5", "369", "", "369", "14085"]
    );
    // A file in R of 1,000 events and one of Syria share 55 with the others.
    assert!(b.source.notes.iter().any(|n| n.starts_with("55 events stand in more than one")));
    assert_eq!(
        at(&b, "conflict_events", "id=214797", &["date", "best", "country", "dyad_id"]),
        ["2016-01-01", "4", "652", "11973"]
    );
    assert_eq!(
        at(&b, "conflict_events", "id=300380", &["date", "best", "ccode_a"]),
        ["2013-01-03", "2", "652"]
    );
    // What an extract leaves out is not known.
    assert!(b.source.coverage.iter().all(|c| c.context));
    assert!(b.source.notes.iter().any(|n| n.contains("1 line of tags")));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn military_spending_in_two_releases_with_a_sheet_per_measure() {
    let measures =
        ["constant_usd", "current_usd", "gdp_share", "government_share", "per_capita_usd"];
    // How many figures there are, and their sum.
    let told = [
        (
            "sipri-milex-2024",
            [8_329, 8_846 - 252, 8_245, 4_705, 5_324],
            [98_331_882.616, 56_510_145.907, 223.312, 360.972, 1_241_337.527],
        ),
        (
            "sipri-milex-2023",
            [8_191, 8_697 - 254, 8_085, 4_556, 5_172],
            [92_580_260.919, 53_847_178.603, 221.369, 350.89, 1_161_062.537],
        ),
    ];
    for (source, figures, sums) in told {
        let b = bundle("sipri", source);
        let (all, table) = (rows(&b, "military_spending"), "military_spending");
        for ((column, count), sum) in measures.iter().zip(figures).zip(sums) {
            assert_eq!(all - nulls(&b, table, column), count, "{source} {column}");
            assert!((total(&b, table, column) - sum).abs() < 0.001, "{source} {column}");
        }
        // No two names are one state in one year.
        let batch = b.table(table).unwrap();
        let placed: BTreeSet<(String, String)> = (0..all)
            .map(|r| (cell(batch, r, "ccode"), cell(batch, r, "year")))
            .filter(|(ccode, _)| !ccode.is_empty())
            .collect();
        assert_eq!(placed.len(), all - nulls(&b, table, "ccode"));
    }
    let b = bundle("sipri", "sipri-milex-2024");
    let columns = ["ccode", "constant_usd", "gdp_share", "government_share"];
    let at = |row: &str| at(&b, "military_spending", row, &columns);
    assert_eq!(
        at("Country=United States of America 1953"),
        ["2", "586649.3778699154", "0.13580272460420412", ""]
    );
    assert_eq!(at("Country=Germany 1953")[0], "260");
    assert_eq!(at("Country=Germany 2024")[0], "255");
    assert_eq!(at("Country=USSR 1988"), ["365", "282701.387081268", "", ""]);
    assert_eq!(at("Country=Yemen, North 1988")[0], "678");
    assert_eq!(at("Country=European Union 2024")[0], "");
    // A year without a figure is not known.
    let covers = |ccode, year| b.source.coverage.iter().any(|c| c.covers(ccode, year));
    assert!(covers(710, 2024) && !covers(710, 1970) && !covers(260, 1950) && covers(260, 1953));
    assert!(!covers(731, 2000) && !covers(260, 2000));
    assert!(b.source.notes.iter().any(|n| n.contains("dollars of 2023")));
    // Iceland spends nothing; North Korea's zeros are no figures.
    assert_eq!(at("Country=Iceland 2024")[1], "0.0");
    assert!(!covers(731, 2010) && covers(395, 2024));
    assert!(b.source.notes.iter().any(|n| n.starts_with("252 zeros at current prices")));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn missions_and_their_strength() {
    let b = bundle("un-peacekeeping", "un-missions-2019-12");
    assert_eq!(rows(&b, "peace_missions"), 6_175);
    assert_eq!(
        (nulls(&b, "peace_missions", "host"), nulls(&b, "peace_missions", "total")),
        (453, 181)
    );
    assert!((total(&b, "peace_missions", "total") - 22_762_134.0).abs() < 0.5);
    let columns = ["host", "troops", "police", "observers", "total"];
    assert_eq!(
        at(&b, "peace_missions", "mission=MINUSCA year=2014 month=8", &columns),
        ["482", "746", "1", "15", "762"]
    );
    // Who sent them is not told: nothing is said about contributors.
    assert!(b.table("peacekeeping").is_none());
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn external_support_by_supporter() {
    let b = bundle("ucdp", "ucdp-esd-18.1");
    let (table, all) = ("external_support", rows(&b, "external_support"));
    assert_eq!((all, all - nulls(&b, table, "ccode")), (8_663, 7_616));
    let batch = b.table(table).unwrap();
    let troops = |what: &str| (0..all).filter(|r| cell(batch, *r, "troops") == what).count();
    assert_eq!((troops("true"), troops("false"), troops("")), (659, 4_904, 3_100));
    let columns =
        ["ccode", "recipient", "target", "to_rebels", "weapons", "funding", "conflict_id"];
    assert_eq!(
        at(&b, table, "id=1661 ext_name=Government of United States of America", &columns),
        ["2", "KPNLF", "811", "true", "false", "true", "300"]
    );
    // Between states the opponent is the other one.
    let columns = ["ccode", "recipient_state", "target", "to_rebels", "weapons"];
    assert_eq!(
        at(&b, table, "id=127 ext_name=Government of Israel", &columns),
        ["666", "750", "770", "false", "true"]
    );
    let row = "id=517 ext_name=Government of Yemen (North Yemen)";
    assert_eq!(at(&b, table, row, &["ccode"]), ["678"]);
    let row = "id=17 ext_name=PUK";
    assert_eq!(at(&b, table, row, &["ccode", "supporter"]), ["", "PUK"]);
    assert!(b.source.unplaced.is_empty(), "{:?}", b.source.unplaced);
    assert!(
        b.source
            .notes
            .iter()
            .any(|n| n.starts_with("1775 actor-years") && n.contains(" 6126 supporters"))
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn arms_deliveries_below_lines_of_preamble() {
    let b = bundle("sipri", "sipri-arms-deliveries-2025-01");
    assert_eq!(rows(&b, "arms_transfers"), 20_480);
    assert!((total(&b, "arms_transfers", "tiv_delivered") - 613_035.74).abs() < 0.01);
    assert!((total(&b, "arms_transfers", "delivered") - 1_109_708.0).abs() < 0.5);
    let columns =
        ["supplier", "recipient", "category", "start_year", "tiv_delivered", "local_production"];
    assert_eq!(
        at(&b, "arms_transfers", "SIPRI AT Database ID=60320 Delivery year=2018", &columns),
        ["140", "700", "Aircraft", "2018", "27.0", "false"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn files_that_hold_nothing_to_read_are_known() {
    let folders = ["sipri", "icow", "fpsim", "unga-agreement", "unga-idealpoints", "network-toy"];
    let search = comity_datasets::find(&folders.map(published::path));
    let why = |file: &str, inside: &str| {
        let of = |u: &&Unrecognised| u.path.ends_with(file) && u.inside == inside;
        search.unrecognised.iter().find(of).map_or("", |u| u.reason.as_str()).to_owned()
    };
    for (file, inside, reason) in [
        ("SIPRI-Milex-data-1949-2024_2.xlsx", "Regional totals", "sums over regions"),
        ("SIPRI-Top-100-2002-2023.xlsx", "2023", "not states"),
        ("arms-import-export-91-23.xlsx", "Sheet1", "summed over periods"),
        ("ICOWclaimag.csv", "", "the dyadic claims are read"),
        ("all-fp-sim.csv", "", "computed by others"),
        ("rok_unga.rda", "rok_unga", "computed from the votes"),
        ("IR90s.RData", "IR90s", "not a data frame"),
    ] {
        assert!(why(file, inside).contains(reason), "{file} {inside}: {}", why(file, inside));
    }
}
