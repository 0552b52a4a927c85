//! COW Direct Contiguity 3.2: spells of contiguity between the homelands of two states, read in both directions.
//!
//! The master list has one row per pair and spell, known to the month. Where only the dyad-years are there, spells are put together
//! from runs of years. Where both are, the dyad-years must be those of the spells.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const SPELLS: &str = "contdir (spells)";
const YEARS: &str = "contdird (dyad-years)";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-contiguity",
    title: "Direct Contiguity Data, 1816-2016",
    publisher: "Correlates of War Project",
    citation: "Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman. 2002. The Correlates of War Project Direct Contiguity Data, Version 3. Conflict Management and Peace Science 19(2): 58-66.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/direct-contiguity/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/DirectContiguity320.zip",
        sha256: None,
    }]),
    relations: &[("contiguity", Relation::Complement)],
    proposed_as: None,
    tables: &["contiguity"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            years: "end",
            ..FileKind::new(
                SPELLS,
                "dyad statelno statelab statehno statehab conttype begin end notes version",
            )
        },
        FileKind {
            need: Need::Optional,
            ..FileKind::new(YEARS, "dyad state1no state1ab state2no state2ab year conttype version")
        },
        FileKind {
            need: Need::Nothing("counts per state and year, which follow from the spells"),
            row_test: Some(|rows| !is_colonial(rows)),
            ..FileKind::new("contdirs (state-years)", "stateno stateab year total land sea version")
        },
    ],
    editions: &[Edition {
        version: "3.2",
        released: "2017",
        marks: &["3.2"],
        last_year: 2016,
        rows: &[(SPELLS, 847), (YEARS, 82_498)],
    }],
    coverage: |e| {
        let scope = "homelands that touch, or lie within 400 miles of water";
        vec![Coverage::all("contiguity", 1816, e.last_year).about(scope)]
    },
    map,
};

/// The counts of colonial contiguity have the same header; their version is 3.1.
pub(crate) fn is_colonial(rows: &crate::text::Cells) -> bool {
    rows.column("version").is_some_and(|c| rows.get(0, c) == "3.1")
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last = files.edition().last_year;
    if files.get(SPELLS).is_none() {
        return from_years(files, last, out);
    }
    let mut keys = Keys::default();
    let mut together: BTreeSet<(i32, i32, i32, i32)> = BTreeSet::new();
    out.begin("contiguity");
    for row in files.rows(SPELLS) {
        let (a, b) = (row.need_state("statelno")?, row.need_state("statehno")?);
        let begin = row.text("begin").unwrap_or("");
        let key = format!("statelno={a} statehno={b} begin={begin}");
        keys.add(&row, &key)?;
        let (start, end) = (row.year_month("begin", &[])?, row.year_month("end", &[])?);
        row.forwards(start, end)?;
        let (Some(from), Some(to)) = (start.year, end.year) else {
            return Err(row.refuse("begin", "a month (and one in end)"));
        };
        let kind = row.code("conttype", 1..=5)?;
        together.extend((from..=to).map(|year| (a, b, year, kind.unwrap_or(0))));
        // What lasts to the last month of the data goes on.
        let end = if end.month == Some(12) && to == last { When::default() } else { end };
        for (ccode, partner, way) in [(a, b, ""), (b, a, " reversed")] {
            let mut cells = vec![
                ("ccode", ccode.into()),
                ("partner", partner.into()),
                ("conttype", kind.into()),
                ("start_month", start.month.map(i32::from).into()),
                ("end_month", end.month.map(i32::from).into()),
            ];
            cells.extend(spell(start, end));
            out.push("contiguity", &cells, format!("{key}{way}"));
        }
    }
    for row in files.rows(YEARS) {
        let (a, b) = (row.need_state("state1no")?, row.need_state("state2no")?);
        let year = row.need_year("year")?;
        let kind = row.code("conttype", 1..=5)?.unwrap_or(0);
        if !together.contains(&(a.min(b), a.max(b), year, kind)) {
            return Err(row.refuse("year", &format!("a year of a spell in {}", files.name(SPELLS))));
        }
    }
    Ok(())
}

fn from_years(files: &Files, last: i32, out: &mut Output) -> Result<(), ReadError> {
    let mut years: BTreeMap<(i32, i32, Option<i32>), BTreeSet<i32>> = BTreeMap::new();
    for row in files.rows(YEARS) {
        let (a, b) = (row.need_state("state1no")?, row.need_state("state2no")?);
        let kind = row.code("conttype", 1..=5)?;
        years.entry((a, b, kind)).or_default().insert(row.need_year("year")?);
    }
    out.begin("contiguity");
    for ((ccode, partner, kind), years) in years {
        for (from, to) in runs(&years) {
            let mut cells = vec![
                ("ccode", ccode.into()),
                ("partner", partner.into()),
                ("conttype", kind.into()),
            ];
            cells.extend(years_of(from, to, last));
            let key = format!("state1no={ccode} state2no={partner} year={from}");
            out.push("contiguity", &cells, key);
        }
    }
    out.note("Read from the dyad-years: spells are runs of years, and months are not known");
    Ok(())
}

/// Unbroken runs of years: their first and last.
pub(crate) fn runs(years: &BTreeSet<i32>) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *year => *last = *year,
            _ => runs.push((*year, *year)),
        }
    }
    runs
}

/// The four cells of a spell of years; one that lasts to the end of the data is open.
pub(crate) fn years_of(
    from: i32,
    to: i32,
    last: i32,
) -> [(&'static str, comity_record::rows::Value); 4] {
    let year = |year| When { year: Some(year), ..When::default() };
    spell(year(from), if to >= last { When::default() } else { year(to) })
}
