//! Lists of countries with their codes in several schemes, one line per country, or per country and year, laid out long: one row of
//! `code_crosswalks` per country and code. They are context: nothing places states by them (`state_codes` does), and what they leave out says nothing.

use std::collections::BTreeMap;

use crate::codes::Places;
use crate::dataset::Files;
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;

pub(crate) const TABLE: &str = "code_crosswalks";
/// The last year of all calendars: who holds a code as it is now.
const NOW: i32 = 9999;

/// A published list of codes.
pub(crate) struct CodeList {
    /// Its role among the files of its dataset.
    pub role: &'static str,
    /// What it is called in the table.
    pub name: &'static str,
    /// The columns with the name of the country: the first that is filled counts.
    pub names: &'static [&'static str],
    /// The columns that find a line again.
    pub key: &'static [&'static str],
    /// Where the state's number comes from.
    pub ccode: Ccode,
    /// When a line holds.
    pub years: Years,
    /// The schemes that are read, and the column of each where it has another name (`iso_id=iso3n`).
    pub schemes: &'static [&'static str],
}

/// Where the Correlates of War number comes from.
#[derive(Clone, Copy)]
pub(crate) enum Ccode {
    /// The list has it, in this column.
    Given(&'static str),
    /// It follows from the Gleditsch-Ward number in this column.
    Gw(&'static str),
    /// It follows from the ISO 3166-1 alpha-3 code in this column.
    Iso3(&'static str),
    /// It follows from the ISO 3166-1 numeric code in this column.
    IsoNumeric(&'static str),
    /// It follows from the name.
    Name,
}

/// When a line holds.
#[derive(Clone, Copy)]
pub(crate) enum Years {
    /// The list has no dates.
    Undated,
    /// In the year of this column; years one after another with the same code become one row.
    Yearly(&'static str),
    /// From the year of the first column to the year of the second.
    Between(&'static str, &'static str),
}

/// One code of one country from a first to a last year.
#[derive(Clone, Copy)]
struct Run<'a> {
    line: Row<'a>,
    name: Option<&'a str>,
    code: &'a str,
    ccode: Option<i32>,
    years: (Option<i32>, Option<i32>),
}

/// Context from a first to a last year.
pub(crate) fn context(from: i32, to: i32) -> Coverage {
    Coverage { context: true, ..Coverage::all(TABLE, from, to) }
}

/// Reads a list, if it is there.
pub(crate) fn read(list: &CodeList, files: &Files, out: &mut Output) -> Result<(), ReadError> {
    read_rows(list, files.rows(list.role), out)
}

/// Reads these lines of a list.
pub(crate) fn read_rows<'a>(
    list: &CodeList,
    rows: impl Iterator<Item = Row<'a>>,
    out: &mut Output,
) -> Result<(), ReadError> {
    out.begin(TABLE);
    let schemes: Vec<(&str, &str)> =
        list.schemes.iter().flat_map(|s| s.split_whitespace()).map(column_and_scheme).collect();
    let mut runs: BTreeMap<Option<&str>, Vec<Option<Run<'_>>>> = BTreeMap::new();
    for line in rows {
        let name = list.names.iter().find_map(|column| line.text(column));
        let years = match list.years {
            Years::Undated => (None, None),
            Years::Yearly(column) => {
                let year = Some(line.need_year(column)?);
                (year, year)
            }
            Years::Between(from, to) => {
                let years = (line.int(from)?, line.int(to)?);
                if let (Some(first), Some(last)) = years
                    && last < first
                {
                    return Err(line.refuse(to, "a year that is not before the first"));
                }
                years
            }
        };
        let state = list.ccode.of(&line, name, years.1, out.places())?;
        let before = runs.entry(name).or_insert_with(|| vec![None; schemes.len()]);
        for ((column, scheme), run) in schemes.iter().zip(before) {
            let Some(code) = line.text(column) else { continue };
            let now = Run { line, name, code, ccode: state, years };
            match run {
                Some(run) if run.goes_on_in(&now) => run.years.1 = years.1,
                _ => {
                    if let Some(ended) = run.replace(now) {
                        ended.write(list, scheme, out);
                    }
                }
            }
        }
    }
    for run in runs.into_values() {
        for ((_, scheme), run) in schemes.iter().zip(run) {
            if let Some(run) = run {
                run.write(list, scheme, out);
            }
        }
    }
    Ok(())
}

fn column_and_scheme(written: &'static str) -> (&'static str, &'static str) {
    written.split_once('=').unwrap_or((written, written))
}

impl Ccode {
    fn of(
        self,
        line: &Row<'_>,
        name: Option<&str>,
        year: Option<i32>,
        places: &Places,
    ) -> Result<Option<i32>, ReadError> {
        let at = year.unwrap_or(NOW);
        Ok(match self {
            Self::Given(column) => line.code(column, 1..=9999)?,
            Self::Gw(column) => line.int(column)?.and_then(|n| places.from_gw(n, at)),
            Self::Iso3(column) => line.text(column).and_then(|c| places.from_iso3(c, at)),
            Self::IsoNumeric(column) => {
                line.int(column)?.and_then(|n| places.from_iso_numeric(n, at))
            }
            Self::Name => name.and_then(|n| places.from_name(n, at)),
        })
    }
}

impl Run<'_> {
    /// Whether the next line says the same of the year after.
    fn goes_on_in(&self, next: &Run<'_>) -> bool {
        let year_after =
            self.years.1.zip(next.years.0).is_some_and(|(last, next)| next == last + 1);
        year_after && (self.code, self.ccode) == (next.code, next.ccode)
    }

    fn write(&self, list: &CodeList, scheme: &str, out: &mut Output) {
        if self.ccode.is_none() {
            let column = list.names.first().copied().unwrap_or_default();
            out.unplaced(TABLE, column, self.name.unwrap_or(self.code));
        }
        let cells = [
            ("list", list.name.into()),
            ("name", self.name.into()),
            ("scheme", scheme.into()),
            ("code", self.code.into()),
            ("ccode", self.ccode.into()),
            ("start_year", self.years.0.into()),
            ("end_year", self.years.1.into()),
        ];
        let key: Vec<String> = list
            .key
            .iter()
            .filter_map(|column| Some(format!("{column}={}", self.line.text(column)?)))
            .collect();
        out.push(TABLE, &cells, key.join(" "));
    }
}
