//! SIPRI Military Expenditure Database: a workbook with a sheet per measure, states down and years across.
//!
//! Lines above the header say what the sheet is; headings of regions have no figures. Three sheets have the same named columns and are recognised
//! apart by a column without a name (constant prices) and by how large the figures are (current prices, share of output). The colours that mark
//! estimates are no part of the cells. `...` is not available, `xxx` not independent in the year.

use std::collections::BTreeMap;

use super::arms_register::state;
use crate::cells::Cells;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Missing;
use comity_record::rows::Value;
use comity_record::source::Relation;

const CONSTANT: &str = "constant US dollars";
const CURRENT: &str = "current US dollars";
const GDP: &str = "share of GDP";
const GOVERNMENT: &str = "share of government spending";
const CAPITA: &str = "per capita";
/// The measures: the sheet, and the column of the table.
const MEASURES: [(&str, &str); 5] = [
    (CONSTANT, "constant_usd"),
    (CURRENT, "current_usd"),
    (GDP, "gdp_share"),
    (GOVERNMENT, "government_share"),
    (CAPITA, "per_capita_usd"),
];
const SCOPE: &str = "states and years for which SIPRI has a figure";

/// A sheet of the workbook, whose header stands below some lines; the last year across says which release it is.
const fn sheet(
    role: &'static str,
    columns: &'static str,
    row_test: fn(&Cells) -> bool,
) -> FileKind {
    FileKind {
        need: Need::Optional,
        below: true,
        open: true,
        version: None,
        mark: Some(last_year),
        missing: &[Missing { columns: &[], codes: &["...", ". .", "..", "xxx"] }],
        row_test: Some(row_test),
        ..FileKind::new(role, columns)
    }
}

/// A sheet that is not read.
const fn left(role: &'static str, why: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Nothing(why),
        below: true,
        open: true,
        version: None,
        ..FileKind::new(role, columns)
    }
}

/// The last year across.
fn last_year(rows: &Cells) -> Option<String> {
    let last = rows.header.iter().rev().find(|h| !h.is_empty())?;
    let is_year = last.len() == 4 && last.bytes().all(|b| b.is_ascii_digit());
    is_year.then(|| last.clone())
}

fn ends(rows: &Cells) -> bool {
    last_year(rows).is_some() && rows.column("currency").is_none()
}

fn second(rows: &Cells) -> bool {
    ends(rows) && rows.column("notes") == Some(1)
}

fn largest(rows: &Cells) -> f64 {
    let cells = (0..rows.len()).flat_map(|r| (2..rows.header.len()).map(move |c| rows.get(r, c)));
    cells.filter_map(|c| c.parse().ok()).fold(0.0, f64::max)
}

const LONG: &str = "country notes 1960 1988 2000 2010";
const SHORT: &str = "country notes 1988 2000 2010";

static FILES: [FileKind; 7] = [
    sheet(CONSTANT, LONG, |rows| ends(rows) && rows.column("notes") == Some(2)),
    sheet(CURRENT, LONG, |rows| second(rows) && largest(rows) > 100.0),
    sheet(GDP, LONG, |rows| second(rows) && largest(rows) < 5.0),
    sheet(GOVERNMENT, "country notes reporting_year 1988 2000 2010", ends),
    sheet(CAPITA, SHORT, |rows| {
        second(rows) && rows.column("1960").is_none() && rows.column("reporting_year").is_none()
    }),
    left(
        "local currency",
        "in the currencies of the states; it is read in US dollars",
        "country currency notes 1960 1988 2000 2010",
    ),
    left("regional totals", "sums over regions", "region 1988 2000 2010"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "sipri-milex",
    title: "SIPRI Military Expenditure Database",
    publisher: "Stockholm International Peace Research Institute",
    citation: "SIPRI Military Expenditure Database. Stockholm International Peace Research Institute.",
    licence: super::terms::TERMS,
    url: "https://www.sipri.org/databases/milex",
    get: Get::Files(&[Download {
        url: "https://www.sipri.org/sites/default/files/SIPRI-Milex-data-1949-2024_2.xlsx",
        sha256: None,
    }]),
    relations: &[("military_spending", Relation::Complement)],
    proposed_as: None,
    tables: &["military_spending"],
    baseline: &[],
    files: &FILES,
    editions: &[
        Edition {
            version: "2023",
            released: "2024-04",
            marks: &["2023"],
            last_year: 2023,
            rows: &[],
        },
        Edition {
            version: "2024",
            released: "2025-04",
            marks: &["2024"],
            last_year: 2024,
            rows: &[],
        },
    ],
    // What is covered follows from the figures.
    coverage: |_| Vec::new(),
    map,
};

/// The figures of a country in a year, by column.
type Figures = BTreeMap<&'static str, f64>;

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    let mut figures: BTreeMap<(String, i32), Figures> = BTreeMap::new();
    for (role, column) in MEASURES {
        for row in files.rows(role) {
            let Some(country) = row.text("country") else { continue };
            for year in 1948..=last_year {
                let Some(figure) = row.float(&year.to_string())? else { continue };
                let of_country = figures.entry((country.to_owned(), year)).or_default();
                if of_country.insert(column, figure).is_some() {
                    return Err(row.refuse("country", "a country that stands there once"));
                }
            }
        }
    }
    no_zeros_for_want_of_a_rate(&mut figures, out);
    out.begin("military_spending");
    for ((country, year), figures) in &figures {
        let ccode = state(country, *year, out.places());
        if ccode.is_none() {
            out.unplaced("military_spending", "ccode", country);
        }
        let mut cells: Vec<(&str, Value)> =
            figures.iter().map(|(column, figure)| (*column, (*figure).into())).collect();
        cells.extend([("ccode", ccode.into()), ("year", (*year).into())]);
        out.covers("military_spending", SCOPE, ccode, *year);
        out.push("military_spending", &cells, format!("Country={country} {year}"));
    }
    out.note(format!("Constant prices are US dollars of {}; SIPRI marks estimates by colour, which the cells do not show", last_year - 1));
    Ok(())
}

/// Where there is no rate of exchange the sheet of current prices has a zero (the German Democratic Republic, Yugoslavia, North Korea). A true
/// zero (Iceland) is one at constant prices too.
fn no_zeros_for_want_of_a_rate(figures: &mut BTreeMap<(String, i32), Figures>, out: &mut Output) {
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for ((country, _), of_country) in figures.iter_mut() {
        let zero = |column: &str| of_country.get(column) == Some(&0.0);
        if zero("current_usd") && !zero("constant_usd") {
            of_country.remove("current_usd");
            *left_out.entry(country).or_default() += 1;
        }
    }
    let years: usize = left_out.values().sum();
    let countries: Vec<&str> = left_out.into_keys().collect();
    if years > 0 {
        out.note(format!(
            "{years} zeros at current prices stand for no rate of exchange and are left out: {}",
            countries.join(", ")
        ));
    }
    figures.retain(|_, of_country| !of_country.is_empty());
}
