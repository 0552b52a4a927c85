//! Democracy, output and population by state and year, as the R package isard keeps them up to date.
//!
//! Democracy has its own sources (Polity, V-Dem, the Unified Democracy Scores). Output and population are estimates from many sources with a measurement
//! model (Fariss and others 2022): they go back to 1816 and are no accounts of a statistical office, so they stand in a table of their own.

use super::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use super::error::ReadError;
use super::output::Output;
use super::row::{Keys, Row};
use crate::rows::Value;
use crate::source::Relation;

const DEMOCRACY: &str = "democracy";
const OUTPUT: &str = "output and population";
const GW: Need = Need::Nothing("the same for the states of Gleditsch and Ward");

pub(super) static DATASET: Dataset = Dataset {
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
    ]),
    relations: &[("democracy", Relation::Complement), ("gdp_estimates", Relation::Complement)],
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
            need: GW,
            version: None,
            ..FileKind::new(
                "democracy (Gleditsch and Ward)",
                "gwcode year euds aeuds polity2 v2x_polyarchy",
            )
        },
        FileKind {
            need: GW,
            version: None,
            ..FileKind::new(
                "output and population (Gleditsch and Ward)",
                "gwcode year mrgdppc sd_mrgdppc pwtrgdp sd_pwtrgdp pwtpop sd_pwtpop",
            )
        },
    ],
    editions: &[Edition {
        version: "2026-06",
        marks: &[],
        last_year: 2025,
        rows: &[(DEMOCRACY, 17_706), (OUTPUT, 16_536)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, table, columns) in [
        (
            DEMOCRACY,
            "democracy",
            &[
                ("polity2", "polity2", 1.0),
                ("v2x_polyarchy", "v2x_polyarchy", 1.0),
                ("euds", "euds", 1.0),
                ("adjusted_euds", "aeuds", 1.0),
            ][..],
        ),
        (
            OUTPUT,
            "gdp_estimates",
            // The population is published in millions.
            &[
                ("gdp_per_capita", "mrgdppc", 1.0),
                ("gdp", "pwtrgdp", 1.0),
                ("population", "pwtpop", 1e6),
            ][..],
        ),
    ] {
        let mut keys = Keys::default();
        for row in files.rows(role) {
            let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
            let key = format!("ccode={ccode} year={year}");
            keys.add(&row, &key)?;
            let mut cells: Vec<(&str, Value)> =
                vec![("ccode", ccode.into()), ("year", year.into())];
            let mut known = false;
            for (name, column, unit) in columns {
                let value = figure(&row, column)?.map(|v| v * unit);
                known |= value.is_some();
                cells.push((name, value.into()));
            }
            if known {
                out.covers(table, "states and years with a figure", Some(ccode), year);
            }
            out.push(table, &cells, key);
        }
    }
    Ok(())
}

fn figure(row: &Row<'_>, column: &str) -> Result<Option<f64>, ReadError> {
    let value = row.float(column)?;
    // Polity's codes for interruptions are below its scale.
    if column == "polity2" && value.is_some_and(|v| !(-10.0..=10.0).contains(&v)) {
        return Err(row.refuse(column, "a score from -10 to 10"));
    }
    Ok(value)
}
