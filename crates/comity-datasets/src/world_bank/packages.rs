//! What the R packages WDI and wbstats write: a row per country and year, with a column per indicator that is named for it.
//!
//! Countries have both of their ISO codes, or that of two letters alone: `NA` is Namibia there.

use super::indicators::{Country, Made, code_of, one};
use crate::cells::Cells;
use crate::codes::Places;
use crate::dataset::{FileKind, Files, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;

/// As WDI has it.
pub(super) const BY_YEAR: FileKind =
    kind("indicators from the R package WDI", "country iso2c year");
/// As wbstats has it.
pub(super) const BY_DATE: FileKind =
    kind("indicators from the R package wbstats", "country iso2c date");

const fn kind(role: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        many: true,
        apart: true,
        open: true,
        row_test: Some(has_indicators),
        ..FileKind::new(role, columns)
    }
}

fn has_indicators(rows: &Cells) -> bool {
    rows.header.iter().any(|name| code_of(name).is_some())
}

fn country<'a>(row: &Row<'a>) -> Result<Country<'a>, ReadError> {
    let name = row.text("country");
    let three = row.text("iso3c").map(|code| {
        let place = |places: &Places, code: &str, year: i32| places.from_iso3(code, year);
        Country { row: *row, code, name, place }
    });
    let two = || {
        let code = row.text("iso2c").ok_or_else(|| row.refuse("iso2c", "a country's code"))?;
        let place = |places: &Places, code: &str, year: i32| places.from_iso2(code, year);
        Ok(Country { row: *row, code, name, place })
    };
    three.map_or_else(two, Ok)
}

/// Reads both forms.
pub(super) fn read<'a>(
    files: &'a Files,
    made: &mut Made<'a>,
    out: &mut Output,
) -> Result<(), ReadError> {
    for (role, when) in [(BY_YEAR.role, "year"), (BY_DATE.role, "date")] {
        for sheet in files.all(role) {
            let indicator = |name: &'a String| Some((name, code_of(name)?));
            let indicators: Vec<(&String, String)> =
                sheet.header().iter().filter_map(indicator).collect();
            for row in sheet.rows() {
                let (country, year) = (country(&row)?, row.need_year(when)?);
                for (column, indicator) in &indicators {
                    if let Some(value) = row.float(column)? {
                        one(&country, indicator, year, Some(value), made, out)?;
                    }
                }
            }
        }
    }
    Ok(())
}
