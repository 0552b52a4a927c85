//! ATOP 5.1 by directed dyad and year, as the R package peacesciencer has it: what a state owes another under all their treaties together.
//!
//! It goes to 2018 and names no treaties, days or members. It is therefore no version of ATOP here, which would take the place of its treaties and
//! members; it fills a table of its own, as spells of years in which the same things are owed.

use std::collections::BTreeMap;

use crate::cow::contiguity::years_of;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const YEARS: &str = "directed dyad-years";
const OBLIGATIONS: [(&str, &str); 5] = [
    ("defense", "atop_defense"),
    ("offense", "atop_offense"),
    ("neutrality", "atop_neutral"),
    ("nonaggression", "atop_nonagg"),
    ("consultation", "atop_consul"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "atop-dyads",
    title: "Alliance Treaty Obligations and Provisions by directed dyad and year, 1815-2018",
    publisher: "ATOP Project, Rice University (Leeds, Ritter, Mitchell and Long); copy in the R package peacesciencer (Miller)",
    citation: "Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long. 2002. Alliance Treaty Obligations and Provisions, 1815-1944. International Interactions 28: 237-260.",
    licence: "free with citation (atopdata.org); no explicit open licence",
    url: "http://www.atopdata.org/data.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("atop_alliance"), sha256: None }]),
    relations: &[("pledge_dyads", Relation::Complement)],
    proposed_as: None,
    tables: &["pledge_dyads"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            YEARS,
            "ccode1 ccode2 year atop_defense atop_offense atop_neutral atop_nonagg atop_consul",
        )
    }],
    editions: &[Edition {
        version: "5.1",
        released: "2022",
        marks: &[],
        last_year: 2018,
        rows: &[(YEARS, 273_296)],
    }],
    coverage: |e| {
        let scope = "written alliances that promise defence, offence, neutrality, non-aggression or consultation";
        vec![Coverage::all("pledge_dyads", 1815, e.last_year).about(scope)]
    },
    map,
};

/// What one state owes another, by year.
type Owed = BTreeMap<i32, [Option<bool>; 5]>;

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let mut owed: BTreeMap<(i32, i32), Owed> = BTreeMap::new();
    for row in files.rows(YEARS) {
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        keys.add(&row, &format!("ccode1={one} ccode2={two} year={year}"))?;
        let mut what = [None; 5];
        for (at, (_, column)) in what.iter_mut().zip(OBLIGATIONS) {
            *at = row.flag(column)?;
        }
        owed.entry((one, two)).or_default().insert(year, what);
    }
    out.begin("pledge_dyads");
    for ((one, two), years) in owed {
        let mut runs: Vec<(i32, i32, [Option<bool>; 5])> = Vec::new();
        for (year, what) in years {
            match runs.last_mut() {
                Some((_, to, same)) if *to + 1 == year && *same == what => *to = year,
                _ => runs.push((year, year, what)),
            }
        }
        for (from, to, what) in runs {
            let mut cells = vec![("ccode", one.into()), ("partner", two.into())];
            cells.extend(OBLIGATIONS.iter().zip(what).map(|((name, _), v)| (*name, v.into())));
            cells.extend(years_of(from, to, files.edition().last_year));
            out.push("pledge_dyads", &cells, format!("ccode1={one} ccode2={two} year={from}"));
        }
    }
    out.note("Spells are runs of years in which the same is owed under all treaties together; days and treaties are not known");
    Ok(())
}
