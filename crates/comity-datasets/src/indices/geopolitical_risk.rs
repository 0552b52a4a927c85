//! Geopolitical Risk Index of Caldara and Iacoviello: how much of what newspapers print is about it, by month, for the world and 44 countries.
//!
//! One sheet: a row a month, a column an index. Columns of countries end in their ISO 3166-1 code: GPRC of ten newspapers from 1985, GPRHC of three from
//! 1900, where today's codes stand for the states before (Russia, the Soviet Union). Two columns at the end name the others. A blank is a month that the index does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::covered::Covered;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Sheet;
use comity_record::rows::Field;
use comity_record::source::Relation;

const MONTHS: &str = "indices by month";
/// Indices of countries: what stands before the code.
const BY_COUNTRY: [&str; 2] = ["gprc_", "gprhc_"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "gpr",
    title: "Geopolitical Risk Index",
    publisher: "Caldara and Iacoviello",
    citation: "Caldara, Dario and Matteo Iacoviello. 2022. Measuring Geopolitical Risk. American Economic Review 112(4): 1194-1225.",
    licence: "free with citation",
    url: "https://www.matteoiacoviello.com/gpr.htm",
    get: Get::ByHand("on its page download the monthly data (data_gpr_export.xls)"),
    relations: &[("indices", Relation::Complement)],
    proposed_as: None,
    tables: &["indices"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        open: true,
        ..FileKind::new(MONTHS, "month gpr gprt gpra gprh gprht gprha gprc_usa gprhc_usa")
    }],
    // A month is added every month, without a number of the release.
    editions: &[Edition {
        version: "unnumbered",
        released: "2018-02",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    coverage: |_| Vec::new(),
    map,
};

/// A column that holds an index.
struct Index {
    column: String,
    name: String,
    title: Option<String>,
    code: Option<String>,
    country: Option<String>,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let places = Arc::clone(&files.places);
    let mut covered = Covered::default();
    let filling = out.columns(
        "indices",
        ["name", "title", "ccode", "code", "country", "year", "month", "value"],
    );
    let (mut last, mut months) = (None, BTreeSet::new());
    for sheet in files.all(MONTHS) {
        let indices = indices(sheet);
        for row in sheet.rows() {
            let Some(day) = row.calendar_date("month")? else {
                return Err(row.refuse("month", "the first day of a month"));
            };
            let (year, month) = (i32::from(day.year()), i32::from(day.month()));
            if !months.insert((year, month)) {
                return Err(row.refuse("month", "a month that stands on no other line"));
            }
            last = last.max(Some((year, month)));
            for index in &indices {
                let Some(value) = row.float(&index.column)? else { continue };
                let ccode =
                    index.code.as_deref().and_then(|code| places.from_iso3_of_today(code, year));
                if let (Some(code), None) = (&index.code, ccode) {
                    out.unplaced("indices", "code", code);
                }
                // A year is covered when it has ended.
                if let Some(ccode) = ccode.filter(|_| month == 12) {
                    covered.add(&index.name, ccode, year);
                }
                let fields = [
                    Field::Text(&index.name),
                    index.title.as_deref().into(),
                    ccode.into(),
                    index.code.as_deref().into(),
                    index.country.as_deref().into(),
                    year.into(),
                    month.into(),
                    value.into(),
                ];
                out.put(&filling, fields, format_args!("month={year}-{month:02} {}", index.column));
            }
        }
    }
    if let Some((year, month)) = last {
        out.note(format!(
            "The last month is {year}-{month:02}; indices of the world have no state"
        ));
    }
    covered.claim("months of the index", out);
    Ok(())
}

/// The columns that hold an index, with what the sheet says of them.
fn indices(sheet: &Sheet) -> Vec<Index> {
    let mut titles: BTreeMap<String, &str> = BTreeMap::new();
    for row in sheet.rows() {
        if let (Some(name), Some(label)) = (row.text("var_name"), row.text("var_label")) {
            titles.insert(name.to_lowercase(), label);
        }
    }
    let is_index = |column: &&String| {
        !column.is_empty() && !matches!(column.as_str(), "month" | "var_name" | "var_label")
    };
    let index = |column: &String| {
        let title = titles.get(column).copied();
        let code = BY_COUNTRY.iter().find_map(|before| column.strip_prefix(before));
        let Some(code) = code else {
            return Index {
                column: column.clone(),
                name: column.to_uppercase(),
                title: title.map(str::to_owned),
                code: None,
                country: None,
            };
        };
        // `Country GPR: Percent of articles (Chile)`: the country stands at the end.
        let parts = title.and_then(|t| t.strip_suffix(')')?.rsplit_once(" ("));
        Index {
            column: column.clone(),
            name: column[..column.len() - code.len() - 1].to_uppercase(),
            title: parts.map(|(title, _)| title).or(title).map(str::to_owned),
            code: Some(code.to_uppercase()),
            country: parts.map(|(_, country)| country.to_owned()),
        }
    };
    sheet.header().iter().filter(is_index).map(index).collect()
}
