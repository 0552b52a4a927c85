//! COW Colonial and Dependency Contiguity 3.1: contiguity through the dependencies of one or both states, read in both directions.
//!
//! Where only the dyad-years are there, spells are put together from runs of years: by land and by sea apart, without the names of the dependencies.

use std::collections::{BTreeMap, BTreeSet};

use super::contiguity::{is_colonial, runs, years_of};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const SPELLS: &str = "contcol (spells)";
const YEARS: &str = "contcold (dyad-years)";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-contiguity-colonial",
    title: "Colonial/Dependency Contiguity Data, 1816-2016",
    publisher: "Correlates of War Project",
    citation: "Correlates of War Project. Colonial/Dependency Contiguity Data, 1816-2016. Version 3.1; Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman. 2002. Conflict Management and Peace Science 19(2): 58-66.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/colonial-dependency-contiguity/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/ColonialContiguity310.zip",
        sha256: None,
    }]),
    relations: &[("colonial_contiguity", Relation::Complement)],
    proposed_as: None,
    tables: &["colonial_contiguity"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            // 0: the homeland itself.
            missing: &[Missing { columns: &["dependl", "dependh"], codes: &["0"] }],
            years: "end",
            ..FileKind::new(
                SPELLS,
                "dyad statelno statelab dependl conttype statehno statehab dependh begin end version",
            )
        },
        FileKind {
            need: Need::Optional,
            ..FileKind::new(
                YEARS,
                "dyad statelno statelab statehno statehab year land sea total version",
            )
        },
        FileKind {
            need: Need::Nothing("counts per state and year, which follow from the spells"),
            row_test: Some(is_colonial),
            ..FileKind::new("contcols (state-years)", "stateno stateab year total land sea version")
        },
    ],
    editions: &[Edition {
        version: "3.1",
        released: "2017",
        marks: &["3.1"],
        last_year: 2016,
        rows: &[(SPELLS, 1_349), (YEARS, 14_538)],
    }],
    coverage: |e| {
        let scope = "dependencies that touch, or lie within 400 miles of water from, another state or its dependencies";
        vec![Coverage::all("colonial_contiguity", 1816, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last = files.edition().last_year;
    if files.get(SPELLS).is_none() {
        return from_years(files, last, out);
    }
    let mut keys = Keys::default();
    let mut together: BTreeMap<(i32, i32, i32), (i32, i32)> = BTreeMap::new();
    out.begin("colonial_contiguity");
    for row in files.rows(SPELLS) {
        let (a, b) = (row.need_state("statelno")?, row.need_state("statehno")?);
        let (of_a, of_b) = (row.int("dependl")?, row.int("dependh")?);
        let (from, to) = (row.need_year("begin")?, row.need_year("end")?);
        if to < from {
            return Err(row.refuse("end", "a year that is not before begin"));
        }
        let number = |dependency: Option<i32>| dependency.unwrap_or(0);
        let key = format!(
            "statelno={a} dependl={} statehno={b} dependh={} begin={from}",
            number(of_a),
            number(of_b)
        );
        keys.add(&row, &key)?;
        let kind = row.code("conttype", 1..=5)?;
        for year in from..=to {
            let (land, sea) = together.entry((a, b, year)).or_default();
            *(if kind == Some(1) { land } else { sea }) += 1;
        }
        for (ccode, dependency, partner, other, way) in
            [(a, of_a, b, of_b, ""), (b, of_b, a, of_a, " reversed")]
        {
            let mut cells = vec![
                ("ccode", ccode.into()),
                ("dependency", dependency.into()),
                ("partner", partner.into()),
                ("partner_dependency", other.into()),
                ("by_land", kind.map(|k| k == 1).into()),
                ("conttype", kind.into()),
            ];
            cells.extend(years_of(from, to, last));
            out.push("colonial_contiguity", &cells, format!("{key}{way}"));
        }
    }
    for row in files.rows(YEARS) {
        let (a, b) = (row.need_state("statelno")?, row.need_state("statehno")?);
        let counts = (row.need("land")?, row.need("sea")?);
        if together.get(&(a, b, row.need_year("year")?)) != Some(&counts) {
            let of = format!("the number of spells by land in {}", files.name(SPELLS));
            return Err(row.refuse("land", &format!("{of} (and of those by sea in sea)")));
        }
    }
    Ok(())
}

fn from_years(files: &Files, last: i32, out: &mut Output) -> Result<(), ReadError> {
    let mut years: BTreeMap<(i32, i32, bool), BTreeSet<i32>> = BTreeMap::new();
    for row in files.rows(YEARS) {
        let (a, b) = (row.need_state("statelno")?, row.need_state("statehno")?);
        for (column, land) in [("land", true), ("sea", false)] {
            if row.need(column)? > 0 {
                years.entry((a, b, land)).or_default().insert(row.need_year("year")?);
            }
        }
    }
    out.begin("colonial_contiguity");
    for ((a, b, land), years) in years {
        for (from, to) in runs(&years) {
            for (ccode, partner, way) in [(a, b, ""), (b, a, " reversed")] {
                let mut cells = vec![
                    ("ccode", ccode.into()),
                    ("partner", partner.into()),
                    ("by_land", land.into()),
                    ("conttype", land.then_some(1).into()),
                ];
                cells.extend(years_of(from, to, last));
                let key = format!("statelno={a} statehno={b} year={from}{way}");
                out.push("colonial_contiguity", &cells, key);
            }
        }
    }
    out.note(
        "Read from the dyad-years: spells are runs of years, and the dependencies are not named",
    );
    Ok(())
}
