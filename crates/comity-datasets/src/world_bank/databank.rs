//! What the World Bank's data bank (`DataBank`) writes: several indicators a file, with a column per year, or a row per country and year with a column per
//! indicator. Below the table stand lines that say where it is from.

use super::indicators::{Made, by_iso3, code_of, one};
use crate::cells::Cells;
use crate::dataset::{FileKind, Files, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Missing, Row};

const MISSING: &[Missing] = &[Missing { columns: &[], codes: &[".."] }];

/// A column per year.
pub(super) const WIDE: FileKind = FileKind {
    row_test: Some(|rows| rows.header.iter().any(|name| year_of(name).is_some())),
    ..kind("DataBank, a column per year", "country_name country_code series_name series_code")
};
/// A column per indicator.
pub(super) const LONG: FileKind = FileKind {
    row_test: Some(has_indicators),
    ..kind("DataBank, a column per indicator", "time time_code country_name country_code")
};

const fn kind(role: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        many: true,
        apart: true,
        open: true,
        missing: MISSING,
        ..FileKind::new(role, columns)
    }
}

fn has_indicators(rows: &Cells) -> bool {
    rows.header.iter().any(|name| in_brackets(name).and_then(code_of).is_some())
}

/// What stands in brackets at the end of a column's name.
fn in_brackets(name: &str) -> Option<&str> {
    name.strip_suffix(']')?.rsplit_once('[').map(|(_, inside)| inside)
}

/// The year of a column `2001 [YR2001]`.
fn year_of(name: &str) -> Option<i32> {
    in_brackets(name)?.strip_prefix("yr")?.parse().ok().filter(|y| (1900..3000).contains(y))
}

/// Whether a row stands below the table and says where it is from: text in its first column alone.
fn is_below(row: &Row<'_>, header: &[String]) -> bool {
    let mut others = header.iter().skip(1).filter(|name| !name.is_empty());
    others.all(|name| row.text(name).is_none())
        && header.first().and_then(|name| row.text(name)).is_some_and(|text| {
            text.starts_with("Data from database") || text.starts_with("Last Updated")
        })
}

/// Reads both forms.
pub(super) fn read<'a>(
    files: &'a Files,
    made: &mut Made<'a>,
    out: &mut Output,
) -> Result<(), ReadError> {
    for sheet in files.all(WIDE.role) {
        let years: Vec<(&String, i32)> =
            sheet.header().iter().filter_map(|name| Some((name, year_of(name)?))).collect();
        for row in sheet.rows().filter(|row| !is_below(row, sheet.header())) {
            let country = by_iso3(&row)?;
            let code = row.text("series_code").and_then(code_of);
            let indicator = code.ok_or_else(|| row.refuse("series_code", "an indicator's code"))?;
            for (column, year) in &years {
                if let Some(value) = row.float(column)? {
                    one(&country, &indicator, *year, Some(value), made, out)?;
                }
            }
        }
    }
    for sheet in files.all(LONG.role) {
        let indicator = |name: &'a String| Some((name, code_of(in_brackets(name)?)?));
        let indicators: Vec<(&String, String)> =
            sheet.header().iter().filter_map(indicator).collect();
        for row in sheet.rows().filter(|row| !is_below(row, sheet.header())) {
            let (country, year) = (by_iso3(&row)?, row.need_year("time")?);
            for (column, indicator) in &indicators {
                if let Some(value) = row.float(column)? {
                    one(&country, indicator, year, Some(value), made, out)?;
                }
            }
        }
    }
    Ok(())
}
