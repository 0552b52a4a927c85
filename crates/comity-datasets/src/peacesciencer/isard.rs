//! Democracy, output and population by state and year, as the R package isard keeps them up to date.
//!
//! Democracy has its own sources (Polity, V-Dem, the Unified Democracy Scores). Output and population are estimates from many sources with a measurement
//! model (Fariss and others 2022): they go back to 1816 and are no accounts of a statistical office, so they stand in a table of their own.
//! Each is published twice, by Correlates of War code and by Gleditsch-Ward number. The values differ where the two have other states or other
//! borders, so the second stands in tables of its own (`gw_democracy`, `gw_gdp_estimates`): so that `democracy` has no state twice.
//! The two systems' numbers by year are published twice too, from the one list and from the other; a line that both have is read once.

use std::collections::BTreeSet;

use crate::country_codes::code_lists::{self, Ccode, CodeList, Years};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::rows::Value;
use comity_record::source::Relation;

const DEMOCRACY: &str = "democracy";
const OUTPUT: &str = "output and population";
const GW_DEMOCRACY: &str = "democracy (Gleditsch and Ward)";
const GW_OUTPUT: &str = "output and population (Gleditsch and Ward)";
const NUMBERS: &str = "COW and Gleditsch-Ward by year";

pub(crate) static DATASET: Dataset = Dataset {
    id: "isard",
    title: "Democracy, output and population, 1816 to the present",
    publisher: "Polity, V-Dem, Marquez, Fariss and others; compiled by Miller (R package isard)",
    citation: "Miller, Steven V. {isard}: Overflow Data for Quantitative Peace Science Research; Marquez, Xavier. 2016. A Quick Method for Extending the Unified Democracy Scores; Marshall, Monty G., Ted Robert Gurr and Keith Jaggers. 2017. Polity IV Project; Coppedge, Michael and others. V-Dem Dataset; Fariss, Christopher J., Therese Anders, Jonathan N. Markowitz and Miriam Barnum. 2022. New Estimates of Over 500 Years of Historic GDP and Population Data. Journal of Conflict Resolution 66(3): 553-591.",
    licence: "GPL-2 (package); the data under the terms of their publishers",
    url: "https://svmiller.com/isard/",
    get: Get::Files(&[
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/cw_democracy.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/cw_gdppop.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/gw_democracy.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/gw_gdppop.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/cw_gw_panel.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/svmiller/isard/master/data/gw_cw_panel.rda",
            sha256: None,
        },
    ]),
    relations: &[
        ("democracy", Relation::Complement),
        ("gdp_estimates", Relation::Complement),
        (code_lists::TABLE, Relation::Complement),
    ],
    proposed_as: None,
    tables: &["democracy", "gdp_estimates", "gw_democracy", "gw_gdp_estimates", "code_crosswalks"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(DEMOCRACY, "ccode year euds aeuds polity2 v2x_polyarchy")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(
                OUTPUT,
                "ccode year mrgdppc sd_mrgdppc pwtrgdp sd_pwtrgdp pwtpop sd_pwtpop",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(GW_DEMOCRACY, "gwcode year euds aeuds polity2 v2x_polyarchy")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(
                GW_OUTPUT,
                "gwcode year mrgdppc sd_mrgdppc pwtrgdp sd_pwtrgdp pwtpop sd_pwtpop",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            many: true,
            ..FileKind::new(NUMBERS, "stateabb year gwcode ccode gw_name cw_name")
        },
    ],
    editions: &[Edition {
        version: "2026-06",
        released: "2026-06",
        marks: &[],
        last_year: 2025,
        rows: &[(DEMOCRACY, 17_706), (OUTPUT, 16_536), (GW_DEMOCRACY, 20_849), (GW_OUTPUT, 19_667)],
    }],
    // States and years are covered through their rows, but for the numbers.
    coverage: |e| vec![code_lists::context(1816, e.last_year)],
    map,
};

/// Name in the table, name as published, and by what it is multiplied.
type Figures = &'static [(&'static str, &'static str, f64)];

const SCORES: Figures = &[
    ("polity2", "polity2", 1.0),
    ("v2x_polyarchy", "v2x_polyarchy", 1.0),
    ("euds", "euds", 1.0),
    ("adjusted_euds", "aeuds", 1.0),
];
/// The population is published in millions.
const ESTIMATES: Figures = &[
    ("gdp_per_capita", "mrgdppc", 1.0),
    ("gdp", "pwtrgdp", 1.0),
    ("population", "pwtpop", 1e6),
    ("gdp_per_capita_sd", "sd_mrgdppc", 1.0),
    ("gdp_sd", "sd_pwtrgdp", 1.0),
    ("population_sd", "sd_pwtpop", 1e6),
];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, table, columns) in [
        (DEMOCRACY, "democracy", SCORES),
        (OUTPUT, "gdp_estimates", ESTIMATES),
        (GW_DEMOCRACY, "gw_democracy", SCORES),
        (GW_OUTPUT, "gw_gdp_estimates", ESTIMATES),
    ] {
        let mut keys = Keys::default();
        let by_gw = role == GW_DEMOCRACY || role == GW_OUTPUT;
        let by = if by_gw { "gwcode" } else { "ccode" };
        for row in files.rows(role) {
            let (state, year) = (row.need_state(by)?, row.need_year("year")?);
            let key = format!("{by}={state} year={year}");
            keys.add(&row, &key)?;
            let mut cells: Vec<(&str, Value)> = vec![(by, state.into()), ("year", year.into())];
            let ccode = if by_gw { out.places().from_gw(state, year) } else { Some(state) };
            if by_gw {
                if ccode.is_none() {
                    out.unplaced(table, by, state);
                }
                cells.push(("ccode", ccode.into()));
            }
            let mut known = false;
            for (name, column, unit) in columns {
                let value = figure(&row, column)?.map(|v| v * unit);
                known |= value.is_some();
                cells.push((name, value.into()));
            }
            if known {
                out.covers(table, "states and years with a figure", ccode, year);
            }
            out.push(table, &cells, key);
        }
    }
    let mut lines = BTreeSet::new();
    let line = |row: &Row<'_>| ["year", "gwcode", "ccode"].map(|c| row.text(c).map(str::to_owned));
    let new = files.rows(NUMBERS).filter(|row| lines.insert(line(row)));
    if files.get(NUMBERS).is_some() {
        code_lists::read_rows(&CODES, new, out)?;
    }
    Ok(())
}

/// The name of the state in COW's list, and in the other where COW has none.
const CODES: CodeList = CodeList {
    role: NUMBERS,
    name: "cw_gw_panel",
    names: &["cw_name", "gw_name"],
    key: &["gwcode", "ccode", "year"],
    ccode: Ccode::Given("ccode"),
    years: Years::Yearly("year"),
    schemes: &["gwcode=gwn ccode=cown"],
};

fn figure(row: &Row<'_>, column: &str) -> Result<Option<f64>, ReadError> {
    let value = row.float(column)?;
    // Polity's codes for interruptions are below its scale.
    if column == "polity2" && value.is_some_and(|v| !(-10.0..=10.0).contains(&v)) {
        return Err(row.refuse(column, "a score from -10 to 10"));
    }
    Ok(value)
}
