//! Alliances, trade agreements and treaties to this year, and who contributes to missions.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::coverage::Coverage;
use comity_record::source::SourceBundle;

use crate::published;

use super::{at, bundle, cell, nulls, rows};

/// How many rows of a table have these cells.
fn counted(b: &SourceBundle, table: &str, with: &[(&str, &str)]) -> usize {
    let batch = b.table(table).unwrap();
    (0..batch.num_rows()).filter(|r| with.iter().all(|(c, v)| cell(batch, *r, c) == *v)).count()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn atop_as_its_publisher_packs_it() {
    let packed = bundle("atop-5.1/atop_5.1__.csv_.zip", "atop-5.1");
    let counts = |b: &SourceBundle| {
        ["treaties", "treaty_phases", "treaty_parties"].map(|table| rows(b, table))
    };
    assert_eq!(counts(&packed), [789, 849, 2_510]);
    assert_eq!(packed.source.notes.iter().filter(|n| n.contains("it is left out")).count(), 3);
    assert!(packed.source.coverage.iter().all(|c| (c.from, c.to) == (1815, 2018)));
    // The loose files beside it are the same.
    let folder = bundle("atop-5.1", "atop-5.1");
    assert_eq!(counts(&folder), counts(&packed));
    assert_eq!(rows(&folder, "pledges"), rows(&packed, "pledges"));
    for (file, table, many) in [
        ("atop5_1a.csv", "treaties", 789),
        ("atop5_1aph.csv", "treaty_phases", 849),
        ("atop5_1m.csv", "treaty_parties", 2_510),
    ] {
        let b = bundle(&format!("atop-5.1/{file}"), "atop-5.1");
        assert_eq!(rows(&b, table), many, "{file}");
    }
    let search = comity_datasets::find(&[published::path("atop-5.1/atop5_1m_NNA.csv")]);
    let error = comity_datasets::read(&search.found[0]).unwrap_err().to_string();
    assert!(error.contains("a selection of the member level file of atop-5.1"), "{error}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn trade_agreements_to_this_year() {
    let b = bundle("desta-2.3", "desta-2.3");
    assert_eq!((b.source.coverage[0].from, b.source.coverage[0].to), (1948, 2025));
    // The United Kingdom left with the Union's agreements.
    let uk = counted(&b, "trade_agreements", &[("ccode", "200"), ("end_year", "2020")]);
    assert!(uk >= 30, "{uk}");
    let indices = bundle("desta-2.3", "desta-indices-2.3");
    assert_eq!(
        (rows(&indices, "agreement_provisions"), nulls(&indices, "agreement_provisions", "depth")),
        (692, 0)
    );
    // Every file of the folder is known.
    let search = comity_datasets::find(&[published::path("desta-2.3")]);
    let unknown = search.unrecognised.iter().filter(|u| u.why == comity_datasets::Why::Foreign);
    // The workbook has a sheet that says how to cite it.
    let unknown: Vec<_> =
        unknown.filter(|u| !u.path.ends_with("SOURCE.md") && u.inside != "citation").collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn covers(b: &SourceBundle, treaty: &str, ccode: i32, year: i32) -> bool {
    let asked = Coverage::all("treaty_participation", 0, 0).only("treaty_id", &[treaty]).only;
    b.source.coverage.iter().any(|c| c.covers_rows(ccode, year, &asked))
}

/// Both releases of the Treaty Collection.
fn both() -> SourceBundle {
    let paths = ["un-treaties", "un-treaty-collection-2015"].map(published::path);
    let search = comity_datasets::find(&paths);
    let found = search.found.iter().find(|f| f.source_id() == "un-treaties-2026-02");
    comity_datasets::read(found.unwrap_or_else(|| panic!("{search:?}"))).unwrap()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn treaties_of_the_united_nations_with_withdrawals() {
    let b = both();
    let party = |treaty: &str, ccode: &str| {
        counted(
            &b,
            "treaty_participation",
            &[("treaty_id", treaty), ("ccode", ccode), ("status", "party"), ("end_year", "")],
        )
    };
    // The convention against mines: four states of the list of 2015 are in it no more; so is one in that of cluster munitions.
    for ccode in ["366", "367", "368", "375"] {
        assert_eq!(party("XXVI-5", ccode), 0, "{ccode}");
        let left = [
            ("treaty_id", "XXVI-5"),
            ("ccode", ccode),
            ("status", "party"),
            ("left_by", "2026-02-03"),
        ];
        assert_eq!(counted(&b, "treaty_participation", &left), 1, "{ccode}");
    }
    let left: BTreeMap<String, usize> = {
        let batch = b.table("treaty_participation").unwrap();
        let mut left = BTreeMap::new();
        for r in 0..batch.num_rows() {
            if cell(batch, r, "status") == "party" && !cell(batch, r, "left_by").is_empty() {
                *left.entry(cell(batch, r, "treaty_id")).or_default() += 1;
            }
        }
        left
    };
    // Three denounced the first protocol on civil rights; Russia took its ratification of the test ban back.
    let expected = [("IV-5", 3), ("XXVI-4", 1), ("XXVI-5", 4), ("XXVI-6", 1)];
    assert_eq!(left, expected.map(|(id, n)| (id.to_owned(), n)).into());
    assert_eq!(party("XXVI-4", "365"), 0);
    assert_eq!(
        counted(
            &b,
            "treaty_participation",
            &[("treaty_id", "XXVI-4"), ("ccode", "365"), ("status", "signatory"), ("end_year", "")]
        ),
        1
    );
    // Consent to be bound, which the newer release has among the signatures.
    assert_eq!(party("XXVI-2-d", "2"), 1);
    assert_eq!(
        counted(&b, "treaty_participation", &[("treaty_id", "XXVI-2-a"), ("status", "signatory")]),
        0
    );
    // The weapons that nobody may have: 193 states and one that is no member of the system's list.
    assert_eq!(
        counted(
            &b,
            "treaty_participation",
            &[("treaty_id", "XXVI-3"), ("status", "party"), ("ccode", "666")]
        ),
        0
    );
    for (treaty, ccode, year, known) in [
        ("XXVI-5", 2, 2025, true),
        ("XXVI-5", 375, 2020, false),
        ("XXVI-9", 2, 2025, false),
        ("IV-1", 2, 2010, false),
        ("NPT", 2, 2010, false),
    ] {
        assert_eq!(covers(&b, treaty, ccode, year), known, "{treaty} {ccode} {year}");
    }
    assert_eq!(counted(&b, "treaty_participation", &[("treaty_id", "XXIII-1"), ("ccode", "2")]), 1);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_participant_of_the_newer_lists_has_a_row() {
    let b = both();
    let batch = b.table("treaty_participation").unwrap();
    let there: BTreeSet<(String, String)> = (0..batch.num_rows())
        .map(|r| (cell(batch, r, "treaty_id"), cell(batch, r, "participant")))
        .collect();
    for file in ["arms_control_ratifications.csv", "un_hr_ratifications.csv"] {
        for row in published::read(&format!("un-treaties/{file}")) {
            let of = (row["mtdsg_no"].clone(), row["country_name"].clone());
            assert!(there.contains(&of), "{of:?}");
        }
    }
    // Two treaties whose lists are the same are two treaties.
    for id in ["VI-12-a", "VI-12-b", "XIII-3-a", "XIII-3-b"] {
        assert!(there.iter().any(|(of, _)| of == id), "{id}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn other_lists_of_treaties_and_members() {
    let wipo = bundle("wipo-treaties", "wipo-treaties-2026-02");
    assert!(rows(&wipo, "treaty_participation") >= 2_461);
    assert_eq!(
        at(
            &wipo,
            "treaty_participation",
            "wipo_treaty_id=1 country_name=Albania status=party",
            &["ccode", "start", "in_force"]
        ),
        ["339", "1992-03-31", "1992-06-30"]
    );
    let wto = bundle("wto", "wto-members-2024-08");
    assert_eq!(counted(&wto, "treaty_participation", &[("act", "acceptance"), ("ccode", "2")]), 1);
    assert!(
        covers(&wto, "WTO", 2, 2024)
            && !covers(&wto, "WTO", 2, 1994)
            && !covers(&wto, "NPT", 2, 2020)
    );
    let rta = bundle("wto", "wto-rta-2026-02");
    assert_eq!(
        at(
            &rta,
            "trade_agreements",
            "RTA ID=127 signatory=Venezuela, Bolivarian Republic of",
            &["end", "end_year"]
        ),
        ["2006-04-22", "2006"]
    );
    for folder in ["treaty-participation-derived", "manyios"] {
        let search = comity_datasets::find(&[published::path(folder)]);
        assert!(search.found.is_empty(), "{folder}");
        let tables = search.unrecognised.iter().filter(|u| !u.path.ends_with("SOURCE.md"));
        let unknown: Vec<_> = tables.filter(|u| u.why != comity_datasets::Why::Nothing).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn contributors_to_missions() {
    let b = bundle("un-peacekeeping-contributions", "un-peacekeeping-unnumbered");
    assert_eq!(rows(&b, "peacekeeping"), 57_425);
    let of = |ccode: &str| -> f64 {
        let batch = b.table("peacekeeping").unwrap();
        (0..batch.num_rows())
            .filter(|r| cell(batch, *r, "ccode") == ccode && cell(batch, *r, "year") == "2020")
            .map(|r| cell(batch, r, "personnel").parse::<f64>().unwrap())
            .sum()
    };
    assert_eq!((of("771"), of("710")), (6_569.0, 2_540.0));
    // Of 2010-2012, 2017 and 2021 whole contributors or months are missing.
    let counting = b.source.coverage.iter().filter(|c| !c.context);
    let years: Vec<i32> = counting.filter(|c| c.covers(2, c.from)).map(|c| c.from).collect();
    assert_eq!(years, [2013, 2014, 2015, 2016, 2018, 2019, 2020]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_newer_list_of_conflicts_is_read_as_it_was_published() {
    let path = published::path("../cases/16-ucdp-newer/acd261.csv");
    let search = comity_datasets::find(&[path]);
    let b = comity_datasets::read(&search.found[0]).unwrap();
    assert_eq!(b.source.label(), "ucdp-acd-26.1 (not yet reviewed)");
    assert_eq!((rows(&b, "armed_conflicts"), b.source.coverage[0].to), (2_812, 2025));
    let path = published::path("../cases/09-gml-version-mix/gml-ddy-disputes-2.1.1.csv");
    let search = comity_datasets::find(&[path]);
    let error = comity_datasets::read(&search.found[0]).unwrap_err().to_string();
    assert!(error.contains("in version gml-2.1.1, which is not known here"), "{error}");
    let path = published::path("../cases/28-loose-old-version/NMC_v4_0.csv");
    let search = comity_datasets::find_loosely(&[path]);
    let b = comity_datasets::read(&search.found[0]).unwrap();
    assert_eq!((b.source.id.as_str(), b.source.coverage[0].to), ("cow-nmc-4", 2007));
}
