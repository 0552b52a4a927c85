//! The data of the R packages peacesciencer and isard, read as objects of R.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;
use arrow::datatypes::{Float64Type, Int32Type};

use crate::published;

use super::{at, bundle, cell, nulls, rows};

const FOLDER: &str = "peacesciencer";

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_object_is_known() {
    for folder in [FOLDER, "isard", "cow-igo", "cow-trade", "cow-war", "cow-mid", "atop"] {
        for file in comity_datasets::find(&[published::path(folder)]).unrecognised {
            let name = file.path.file_name().unwrap().to_string_lossy().into_owned();
            let text = [".md", ".txt"].iter().any(|end| name.ends_with(end));
            // A list of references: text in one column, as BibTeX.
            assert!(
                text || file.reason.contains("): ") || name == "ps_bib.rda",
                "{name}: {}",
                file.reason
            );
        }
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn onsets_of_armed_conflict() {
    let b = bundle(FOLDER, "ucdp-onsets-19.1");
    assert_eq!(rows(&b, "conflict_onsets"), 10_142);
    // Placed by date: Germany is 260 there and 255 here; Yemen keeps 678 there and becomes 679 here.
    for (row, ccode) in
        [("260 year=2000", "255"), ("678 year=1989", "678"), ("678 year=1994", "679")]
    {
        let key = format!("gwcode={row}");
        assert_eq!(at(&b, "conflict_onsets", &key, &["ccode"]), [ccode]);
    }
    let columns = ["new_conflicts", "onsets_1", "onsets_10"];
    assert_eq!(at(&b, "conflict_onsets", "gwcode=678 year=1994", &columns), ["1", "1", "1"]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn participants_without_known_leaders() {
    let b = bundle(FOLDER, "gml-mid-2.2.1");
    let batch = b.table("dispute_parties").unwrap();
    let known = batch.column_by_name("leaders_known").unwrap().as_boolean();
    assert_eq!((known.false_count(), known.true_count()), (242, 4_975));
    let columns = ["start", "start_assumed", "end_assumed", "leader_start", "leader_end"];
    assert_eq!(
        at(&b, "dispute_parties", "dispnum=2 ccode=200 styear=1902", &columns),
        ["", "1902-05-01", "1902-05-31", "UKG-1895", "UKG-1895"]
    );
    assert_eq!(
        at(&b, "dispute_parties", "dispnum=7 ccode=200 styear=1951", &columns),
        ["1951-10-13", "1951-10-13", "1952-01-25", "UKG-1945", "UKG-1951"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn disputes_of_gibler_miller_and_little() {
    let b = bundle(FOLDER, "gml-mid-2.2.1");
    assert_eq!(
        (rows(&b, "disputes"), rows(&b, "dispute_parties"), rows(&b, "dyadic_disputes")),
        (2_174, 5_217, 10_276)
    );
    assert_eq!(
        at(&b, "disputes", "dispnum=199", &["start", "end", "outcome", "settlement", "fatality"]),
        ["1961-10-24", "1963-12-25", "2", "2", "6"]
    );
    let columns = [
        "side_a",
        "hiact",
        "hostility",
        "fatality",
        "revisionist",
        "revtype1",
        "revtype2",
        "start",
    ];
    assert_eq!(
        at(&b, "dispute_parties", "dispnum=199 ccode=710 styear=1961", &columns),
        ["true", "20", "5", "5", "true", "1", "", "1961-10-24"]
    );
    let columns = ["side_a", "partner_fatality", "hostility", "onset", "revision_type"];
    assert_eq!(
        at(&b, "dyadic_disputes", "dispnum=199 ccode1=710 ccode2=750 year=1961", &columns),
        ["true", "6", "5", "true", "1"]
    );
    assert_eq!(
        (nulls(&b, "dyadic_disputes", "fatality"), nulls(&b, "dyadic_disputes", "revision_type")),
        (72, 63)
    );
    assert_eq!((nulls(&b, "disputes", "outcome"), nulls(&b, "disputes", "end")), (13, 202));
    let columns = ["end_month", "states_a", "states_b", "ongoing"];
    assert_eq!(at(&b, "disputes", "dispnum=199", &columns), ["12", "1", "1", "false"]);
    // Both lists are there: 2,165 disputes stand in each.
    let cow = bundle("cow-mid", "cow-mid-5.0");
    let ids = |b: &comity_record::source::SourceBundle| -> BTreeSet<String> {
        let batch = b.table("disputes").unwrap();
        (0..batch.num_rows()).map(|r| cell(batch, r, "dispute_id")).collect()
    };
    assert_eq!(ids(&b).intersection(&ids(&cow)).count(), 2_165);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_index_of_capability_is_the_mean_share_of_its_components() {
    let b = bundle(FOLDER, "cow-nmc-7.0");
    let batch = b.table("capabilities").unwrap();
    assert_eq!((batch.num_rows(), nulls(&b, "capabilities", "milex")), (17_121, 2_360));
    let numbers = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
    let years = batch.column_by_name("year").unwrap().as_primitive::<Int32Type>().clone();
    let components = ["milex", "milper", "irst", "pec", "tpop", "upop"].map(numbers);
    let mut totals: BTreeMap<(usize, i32), f64> = BTreeMap::new();
    for (at, component) in components.iter().enumerate() {
        for row in 0..batch.num_rows() {
            let known = component.iter().nth(row).flatten().unwrap_or(0.0);
            *totals.entry((at, years.value(row))).or_default() += known;
        }
    }
    let cinc = numbers("cinc");
    let mut agree = 0;
    for row in 0..batch.num_rows() {
        // A missing component is left out of the mean.
        let shares: Vec<f64> = components
            .iter()
            .enumerate()
            .filter(|(_, c)| !arrow::array::Array::is_null(*c, row))
            .map(|(at, c)| c.value(row) / totals[&(at, years.value(row))])
            .collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        agree += usize::from((mean - cinc.value(row)).abs() < 1e-7);
    }
    assert_eq!(agree, 17_121);
    assert_eq!(b.source.coverage[0].to, 2022);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn rivalries_in_two_lists() {
    let b = bundle(FOLDER, "tss-rivalries-2021");
    assert_eq!((rows(&b, "rivalries"), nulls(&b, "rivalries", "end_year")), (2 * 264, 2 * 56));
    let columns =
        ["ccode", "rival", "start_year", "end_year", "spatial", "ideological", "interventionary"];
    assert_eq!(
        at(&b, "rivalries", "tssr_id=109 reversed", &columns),
        ["750", "710", "1948", "", "true", "false", "true"]
    );
    // One rivalry has no mark of any kind.
    assert_eq!(nulls(&b, "rivalries", "spatial"), 2);
    let t = bundle(FOLDER, "td-rivalries-2012");
    assert_eq!((rows(&t, "rivalries"), nulls(&t, "rivalries", "end_year")), (2 * 197, 2 * 42));
    assert_eq!(
        at(&t, "rivalries", "rivalryno=115", &["rival", "positional", "spatial", "ideological"]),
        ["713", "true", "true", "true"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn races_capitals_and_distances() {
    let b = bundle(FOLDER, "grh-arms-races-2005");
    assert_eq!(rows(&b, "arms_races"), 2 * 71);
    let columns = ["ccode", "rival", "start_year", "end_year"];
    assert_eq!(at(&b, "arms_races", "race_id=29", &columns), ["710", "750", "1961", "1964"]);
    let c = bundle(FOLDER, "cow-capitals-1.2.9");
    assert_eq!((rows(&c, "capitals"), nulls(&c, "capitals", "end_year")), (242, 198));
    assert_eq!(
        at(&c, "capitals", "ccode=140 stdate=1960-04-21", &["name", "start", "latitude"]),
        ["Brasilia", "1960-04-21", "-10.3333333"]
    );
    assert_eq!((rows(&c, "gw_capitals"), nulls(&c, "gw_capitals", "end_year")), (264, 203));
    let d = bundle(FOLDER, "minimum-distance-2019");
    assert_eq!((rows(&d, "distance"), rows(&d, "gw_distance")), (2 * 26_733, 44_772));
    let columns = ["minimum_km", "start_year", "end_year"];
    assert_eq!(
        at(&d, "distance", "ccode1=710 ccode2=750 year=1950 reversed", &columns),
        ["0.0", "1950", ""]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn pledges_by_pair_agree_with_the_treaties() {
    let b = bundle(FOLDER, "atop-dyads-5.1");
    assert_eq!(rows(&b, "pledge_dyads"), 15_419);
    let columns = ["defense", "nonaggression", "consultation", "start_year", "end_year"];
    assert_eq!(
        at(&b, "pledge_dyads", "ccode1=710 ccode2=731 year=1961", &columns),
        ["true", "true", "false", "1961", ""]
    );
    // Who owes whom: the United States would fight for Japan.
    let treaties = bundle("atop", "atop-4.01");
    let pledges = treaties.table("pledges").unwrap();
    let owes = |from: &str, to: &str| {
        (0..pledges.num_rows()).any(|r| {
            cell(pledges, r, "ccode") == from
                && cell(pledges, r, "partner") == to
                && cell(pledges, r, "end_year").is_empty()
                && cell(pledges, r, "defense") == "true"
        })
    };
    let dyads = b.table("pledge_dyads").unwrap();
    let owes_now = |from: &str, to: &str| {
        (0..dyads.num_rows()).any(|r| {
            cell(dyads, r, "ccode") == from
                && cell(dyads, r, "partner") == to
                && cell(dyads, r, "end_year").is_empty()
                && cell(dyads, r, "defense") == "true"
        })
    };
    for (from, to) in [("2", "740"), ("740", "2")] {
        assert_eq!(owes(from, to), owes_now(from, to), "{from} to {to}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn leaders_and_their_lives() {
    let b = bundle(FOLDER, "archigos-4.1");
    let batch = b.table("leaders").unwrap();
    let spells: BTreeSet<String> =
        (0..batch.num_rows()).map(|r| cell(batch, r, "leader_id")).collect();
    assert_eq!(spells.len(), 3_409);
    let columns = ["ccode", "name", "born", "start", "end", "entry", "exit"];
    assert_eq!(
        at(&b, "leaders", "obsid=CHN-1949", &columns),
        ["710", "Mao Tse-Tung", "1893", "1949-10-01", "1976-09-09", "Irregular", "Natural Death"]
    );
    // A chancellor of two codes: 260 to 2 October 1990, 255 since.
    let columns = ["ccode", "gwcode", "start", "start_year", "end", "end_year"];
    assert_eq!(
        at(&b, "leaders", "obsid=GFR-1982", &columns),
        ["260", "260", "1982-10-01", "1982", "1990-10-02", "1990"]
    );
    assert_eq!(
        at(&b, "leaders", "obsid=GFR-1982 from=1990-10-03", &columns),
        ["255", "260", "1990-10-03", "1990", "1998-10-27", "1998"]
    );
    assert_eq!(at(&b, "leaders", "obsid=CHN-2012", &["end_year"]), [""]);
    // Still in office, but on a day before the last of the list.
    assert_eq!(
        at(&b, "leaders", "obsid=HAI-2011", &["end", "exit"]),
        ["2014-12-31", "Still in Office"]
    );
    // The list has the state a day before the number stands for it.
    assert_eq!(at(&b, "leaders", "obsid=SER-2006", &["ccode", "start"]), ["345", "2006-06-04"]);
    let l = bundle(FOLDER, "lead-2015");
    let columns = ["education", "military_service", "rebel", "won_rebellion", "years_experience"];
    assert_eq!(
        at(&l, "leader_backgrounds", "obsid=CHN-1949", &columns),
        ["2", "false", "true", "true", "5"]
    );
    assert_eq!(
        (rows(&l, "leader_backgrounds"), nulls(&l, "leader_backgrounds", "education")),
        (3_409, 642)
    );
    let w = bundle(FOLDER, "leader-willingness-2020");
    assert_eq!(rows(&w, "leader_willingness"), 3_409);
    let grant = at(&w, "leader_willingness", "obsid=USA-1869", &["theta1_mean", "theta4_sd"]);
    assert!(grant[0].starts_with("1.00695") && grant[1].starts_with("0.42869"), "{grant:?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn peoples_and_land() {
    let c = bundle(FOLDER, "creg-2012");
    assert_eq!(
        (rows(&c, "fractionalization"), nulls(&c, "fractionalization", "ethnic_polarization")),
        (11_523, 2_738)
    );
    let soviet = "creg_ccode=365 ccode=365 year=1991";
    let russia = "creg_ccode=393 ccode=365 year=1991";
    for (key, begins) in [(soviet, "0.69072"), (russia, "0.28635")] {
        let of = at(&c, "fractionalization", key, &["ethnic_fractionalization"]);
        assert!(of[0].starts_with(begins), "{of:?}");
    }
    let h = bundle(FOLDER, "hief-2020");
    // 24 rows say again what another says.
    assert_eq!(rows(&h, "ethnic_fractionalization"), 8_808 - 24);
    assert!(h.source.notes.iter().any(|note| note.starts_with("24 rows say again")));
    let t = bundle(FOLDER, "rugged-terrain-2014");
    assert_eq!((rows(&t, "terrain"), nulls(&t, "terrain", "gwcode")), (192, 22));
    assert_eq!(at(&t, "terrain", "ccode=700", &["ruggedness"]), ["2.518"]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn threats_counts_democracy_and_output() {
    let b = bundle(FOLDER, "territorial-threat-2022");
    assert_eq!(
        (rows(&b, "territorial_threat"), nulls(&b, "territorial_threat", "weighted_threat")),
        (14_781, 2_349)
    );
    let i = bundle(FOLDER, "cow-igo-counts-3.0");
    assert_eq!(
        at(&i, "igo_counts", "ccode=710 year=2014", &["full", "associate", "observer", "any_kind"]),
        ["80", "0", "3", "83"]
    );
    let d = bundle("isard", "isard-2026-06");
    assert_eq!((rows(&d, "democracy"), rows(&d, "gdp_estimates")), (17_706, 16_536));
    assert_eq!((nulls(&d, "democracy", "polity2"), nulls(&d, "gdp_estimates", "gdp")), (3_271, 43));
    assert_eq!((rows(&d, "gw_democracy"), rows(&d, "gw_gdp_estimates")), (20_849, 19_667));
    // Before it was a state of the Correlates of War.
    let columns = ["ccode", "gdp_per_capita"];
    let canada = at(&d, "gw_gdp_estimates", "gwcode=20 year=1867", &columns);
    assert!(canada[0] == "20" && canada[1].starts_with("3143.1"), "{canada:?}");
    assert_eq!(at(&d, "gw_democracy", "gwcode=711 year=1930", &["ccode"]), [""]);
    let columns = ["polity2", "v2x_polyarchy"];
    assert_eq!(at(&d, "democracy", "ccode=710 year=1990", &columns), ["-7.0", "0.093"]);
    let estimate = at(&d, "gdp_estimates", "ccode=710 year=1990", &["gdp", "population"]);
    assert!(estimate[0].starts_with("3525911.45") && estimate[1].starts_with("1152361170.9"));
    let covers = |ccode, year| {
        d.source.coverage.iter().any(|c| c.table == "democracy" && c.covers(ccode, year))
    };
    assert!(covers(710, 2025) && !covers(710, 1815));
}
