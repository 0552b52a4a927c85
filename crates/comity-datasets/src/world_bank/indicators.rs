//! World Development Indicators: one indicator a file, either a row per country and year, or a column per year below the lines of the
//! World Bank's own downloads; or several, as its data bank ([`super::databank`]) and packages of R write them ([`super::packages`]).
//!
//! A file with a row per country and year does not say which indicator it holds: its name does (`ny.gdp.mktp.cd.csv`), or, for a few
//! indicators, a figure that all releases agree on nearly. Countries have ISO codes; regions, income groups and territories keep theirs and have no state.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row, Sheet};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const LONG: &str = "an indicator, a row per country and year";
const WIDE: &str = "an indicator, a column per year";
/// Output in current US dollars and its growth: what the table `economy` takes from here.
const ECONOMY: [(&str, &str); 3] = [
    ("NY.GDP.MKTP.CD", "gdp_usd"),
    ("NY.GDP.MKTP.KD.ZG", "gdp_growth"),
    ("SP.POP.TOTL", "population"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "wdi",
    title: "World Development Indicators",
    publisher: "World Bank",
    citation: "World Bank. World Development Indicators. Washington, DC",
    licence: "CC BY 4.0",
    url: "https://data.worldbank.org/indicator",
    get: Get::ByHand(
        "choose an indicator on its page and download it as CSV or Excel, for example NY.GDP.MKTP.CD; each file holds one",
    ),
    relations: &[("indicators", Relation::Complement), ("economy", Relation::Complement)],
    proposed_as: None,
    tables: &["economy", "indicators"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            many: true,
            apart: true,
            ..FileKind::new(LONG, "country_name country_code year value")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            many: true,
            apart: true,
            open: true,
            below: true,
            ..FileKind::new(
                WIDE,
                "country_name country_code indicator_name indicator_code 1960 1990 2000",
            )
        },
        super::databank::WIDE,
        super::databank::LONG,
        super::packages::BY_YEAR,
        super::packages::BY_DATE,
        FileKind {
            need: Need::Nothing("describes the countries"),
            version: None,
            ..FileKind::new("countries", "country_code region incomegroup specialnotes tablename")
        },
        FileKind {
            need: Need::Nothing("describes the indicator"),
            version: None,
            ..FileKind::new(
                "indicators",
                "indicator_code indicator_name source_note source_organization",
            )
        },
    ],
    editions: &[Edition {
        version: "download",
        released: "2010-04",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    // What is published is known; states and years of `economy` are covered through their rows.
    coverage: |e| {
        let claim = Coverage::all("indicators", 1960, e.last_year).about("the indicators added");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

/// The figure of Argentina in 2000, by which a file whose name does not say the indicator is known: code, least and most.
const KNOWN: [(&str, f64, f64); 6] = [
    ("NY.GDP.MKTP.CD", 2.5e11, 3.2e11),
    ("BX.KLT.DINV.CD.WD", 0.9e10, 1.2e10),
    ("DT.ODA.ODAT.CD", 4e7, 1e8),
    ("NY.GDP.MKTP.KD.ZG", -0.9, -0.7),
    ("MS.MIL.XPND.GD.ZS", 1.05, 1.25),
    ("MS.MIL.XPND.ZS", 3.6, 4.6),
];

/// The columns of a state and year for `economy`, with the country's code.
type Economies<'a> = BTreeMap<(i32, i32), (&'a str, [Option<f64>; 3])>;

/// Figures read so far: a second file of an indicator may repeat them, and may not contradict them.
#[derive(Default)]
struct Seen {
    keys: Keys,
    figures: HashMap<String, Option<u64>>,
    again: usize,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut made = Made::default();
    out.begin("indicators");
    for sheet in files.all(LONG) {
        let indicator = indicator_of(sheet.file()).or_else(|| by_figure(sheet));
        for row in sheet.rows() {
            let Some(indicator) = &indicator else {
                return Err(row.refuse(
                    "value",
                    "a file named for its indicator, for example ny.gdp.mktp.cd.csv (nothing in it says which it holds)",
                ));
            };
            let year = row.need_year("year")?;
            let value = row.float("value")?;
            one(&by_iso3(&row)?, indicator, year, value, &mut made, out)?;
        }
    }
    for sheet in files.all(WIDE) {
        let years: Vec<(&str, i32)> = sheet
            .header()
            .iter()
            .filter(|h| h.len() == 4)
            .filter_map(|h| Some((h.as_str(), h.parse().ok()?)))
            .collect();
        for row in sheet.rows() {
            let code = row.text("indicator_code");
            let indicator = code.ok_or_else(|| row.refuse("indicator_code", "an indicator"))?;
            for (column, year) in &years {
                if let Some(value) = row.float(column)? {
                    one(&by_iso3(&row)?, indicator, *year, Some(value), &mut made, out)?;
                }
            }
        }
    }
    super::databank::read(files, &mut made, out)?;
    super::packages::read(files, &mut made, out)?;
    let Made { seen, economies, differ } = made;
    if !differ.is_empty() {
        let some: Vec<&str> = differ.iter().take(3).map(String::as_str).collect();
        out.note(format!(
            "{} countries have a code and a name of different states; the code holds: {}",
            differ.len(),
            some.join("; ")
        ));
    }
    out.begin("economy");
    for ((ccode, year), (country, values)) in economies {
        let mut cells = vec![("ccode", ccode.into()), ("year", year.into())];
        cells.extend(ECONOMY.iter().zip(values).map(|((_, column), v)| (*column, v.into())));
        out.covers("economy", "output as national accounts have it", Some(ccode), year);
        out.push("economy", &cells, format!("{country} {year}"));
    }
    if seen.again > 0 {
        out.note(format!("{} figures stand there twice and are read once", seen.again));
    }
    out.note("Figures of Germany and Yemen before 1990 stand for the Federal Republic and the Yemen Arab Republic");
    Ok(())
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Made<'a> {
    seen: Seen,
    economies: Economies<'a>,
    /// Countries whose code and name are of different states.
    differ: BTreeSet<String>,
}

/// The country of a row, by the code that is there.
pub(super) struct Country<'a> {
    pub row: Row<'a>,
    pub code: &'a str,
    pub name: Option<&'a str>,
    pub place: fn(&Places, &str, i32) -> Option<i32>,
}

/// The country of a row by its code of three letters.
pub(super) fn by_iso3<'a>(row: &Row<'a>) -> Result<Country<'a>, ReadError> {
    let code = row.text("country_code").ok_or_else(|| row.refuse("country_code", "a code"))?;
    let place = |places: &Places, code: &str, year: i32| places.from_iso3(code, year);
    Ok(Country { row: *row, code, name: row.text("country_name"), place })
}

/// Adds one figure.
pub(super) fn one<'a>(
    country: &Country<'a>,
    indicator: &str,
    year: i32,
    value: Option<f64>,
    made: &mut Made<'a>,
    out: &mut Output,
) -> Result<(), ReadError> {
    let Country { row, code, name, place } = country;
    let key = format!("{indicator} {code} {year}");
    let bits = value.map(f64::to_bits);
    let seen = &mut made.seen;
    if seen.figures.get(&key) == Some(&bits) {
        seen.again += 1;
        return Ok(());
    }
    seen.keys.add(row, &key)?;
    seen.figures.insert(key.clone(), bits);
    let ccode = place(out.places(), code, year);
    let named = name.and_then(|name| out.places().from_name(name, year));
    if let (Some(name), true) = (name, ccode.is_some() && named.is_some() && ccode != named) {
        made.differ.insert(format!("{code} ({name})"));
    }
    match ccode {
        None => out.unplaced("indicators", "country_code", code),
        Some(ccode) => {
            let at = ECONOMY.iter().position(|(code, _)| *code == indicator);
            if let Some(at) = at.filter(|_| value.is_some()) {
                made.economies.entry((ccode, year)).or_insert((*code, [None; 3])).1[at] = value;
            }
        }
    }
    let cells = [
        ("ccode", ccode.into()),
        ("country_code", (*code).into()),
        ("country_name", (*name).into()),
        ("year", year.into()),
        ("indicator", indicator.into()),
        ("value", value.into()),
    ];
    out.push("indicators", &cells, key);
    Ok(())
}

/// An indicator's code, as the World Bank writes them: parts of letters and digits, divided by dots (`NY.GDP.MKTP.CD`).
pub(super) fn code_of(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let short =
        |p: &&str| !p.is_empty() && p.len() <= 5 && p.bytes().all(|b| b.is_ascii_alphanumeric());
    (parts.len() >= 3 && parts[0].len() == 2 && parts.iter().all(short))
        .then(|| name.to_uppercase())
}

/// The indicator that has this figure for Argentina in 2000.
fn by_figure(sheet: &Sheet) -> Option<String> {
    let row = sheet.rows().find(|row| {
        row.text("country_code") == Some("ARG") && row.int("year").ok() == Some(Some(2000))
    })?;
    let figure = row.float("value").ok()??;
    let (code, ..) = KNOWN.iter().find(|(_, least, most)| (*least..=*most).contains(&figure))?;
    Some((*code).to_owned())
}

/// The indicator that a file is named for.
fn indicator_of(file: &str) -> Option<String> {
    let name = file.rsplit(['/', '\\', ' ']).next()?;
    let stem = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".CSV"))?;
    code_of(stem)
}

#[cfg(test)]
mod tests {
    use super::indicator_of;

    #[test]
    fn a_file_is_named_for_its_indicator() {
        assert_eq!(indicator_of("ms.mil.xpnd.gd.zs.csv").as_deref(), Some("MS.MIL.XPND.GD.ZS"));
        assert_eq!(indicator_of("data.csv"), None);
        assert_eq!(indicator_of("my.final.version-2.csv"), None);
    }
}
