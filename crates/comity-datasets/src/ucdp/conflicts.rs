//! UCDP/PRIO Armed Conflict Dataset: conflict-years with at least 25 battle deaths, and the states in them.
//!
//! Sides are lists of Gleditsch–Ward numbers. The published file has commas and `yyyy-mm-dd`; a copy saved again by a
//! spreadsheet (semicolons, `d-m-yyyy`, one record broken over two lines) is read too.

use std::collections::BTreeSet;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use crate::text::delimiter;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-acd",
    title: "UCDP/PRIO Armed Conflict Dataset",
    publisher: "Uppsala Conflict Data Program and Peace Research Institute Oslo",
    citation: "Davies, Shawn, Therése Pettersson, Margareta Sollenberg and Magnus Öberg. 2025. Journal of Peace Research 62(4); Gleditsch, Nils Petter, Peter Wallensteen, Mikael Eriksson, Margareta Sollenberg and Håvard Strand. 2002. Armed Conflict 1946-2001: A New Dataset. Journal of Peace Research 39(5).",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::Files(&[Download {
        url: "https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip",
        sha256: None,
    }]),
    relations: &[("conflicts", Relation::Complement)],
    proposed_as: Some("ucdp"),
    tables: &["armed_conflicts", "conflict_parties"],
    baseline: &[],
    files: &[FileKind {
        mend: Some(mend),
        ..FileKind::new(
            CONFLICTS,
            "conflict_id location side_a side_a_id side_a_2nd side_b side_b_id side_b_2nd incompatibility territory_name year intensity_level cumulative_intensity type_of_conflict start_date start_prec start_date2 start_prec2 ep_end ep_end_date ep_end_prec gwno_a gwno_a_2nd gwno_b gwno_b_2nd gwno_loc region version",
        )
    }],
    editions: &[Edition {
        version: "25.1",
        released: "2025-06",
        marks: &["25.1"],
        last_year: 2024,
        rows: &[(CONFLICTS, 2_751)],
    }],
    coverage: |e| {
        let claim = |t: &&str| {
            Coverage::all(t, 1946, e.last_year)
                .about("state-based fighting with at least 25 battle deaths in the year")
        };
        ["armed_conflicts", "conflict_parties"].iter().map(claim).collect()
    },
    map,
};

const CONFLICTS: &str = "conflict-years";
const SIDES: [(&str, &str); 4] =
    [("gwno_a", "a"), ("gwno_a_2nd", "a2"), ("gwno_b", "b"), ("gwno_b_2nd", "b2")];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("armed_conflicts");
    out.begin("conflict_parties");
    for row in files.rows(CONFLICTS) {
        let (id, year) = (row.need("conflict_id")?, row.need_year("year")?);
        let key = format!("conflict_id={id} year={year}");
        keys.add(&row, &key)?;
        let (kind, intensity) =
            (row.code("type_of_conflict", 1..=4)?, row.code("intensity_level", 1..=2)?);
        let cells = [
            ("conflict_id", id.to_string().into()),
            ("year", year.into()),
            ("location", row.text("location").into()),
            ("side_a", row.text("side_a").into()),
            ("side_b", row.text("side_b").into()),
            ("incompatibility", row.code("incompatibility", 1..=3)?.into()),
            ("conflict_type", kind.into()),
            ("intensity", intensity.into()),
            ("start_date", row.calendar_date("start_date")?.into()),
        ];
        out.push("armed_conflicts", &cells, key.as_str());
        for party in parties(&row, year, &key, "conflict_parties", out)? {
            let cells = [
                ("conflict_id", id.to_string().into()),
                ("year", year.into()),
                ("ccode", party.ccode.into()),
                ("role", party.role.into()),
                ("conflict_type", kind.into()),
                ("intensity", intensity.into()),
                ("gwcode", party.gwcode.into()),
            ];
            out.push("conflict_parties", &cells, party.source_row);
        }
    }
    Ok(())
}

/// A state in a conflict or dyad.
pub(crate) struct Party {
    /// Its Gleditsch-Ward number, as published.
    pub(crate) gwcode: i32,
    pub(crate) ccode: Option<i32>,
    /// `a`, `b`, or `a2`, `b2` for a supporter.
    pub(crate) role: &'static str,
    pub(crate) source_row: String,
}

/// The states that a row names, side by side.
pub(crate) fn parties(
    row: &Row<'_>,
    year: i32,
    key: &str,
    table: &str,
    out: &mut Output,
) -> Result<Vec<Party>, ReadError> {
    let mut parties = Vec::new();
    for (column, role) in SIDES {
        let mut placed = BTreeSet::new();
        for gwno in numbers(row, column)? {
            let ccode = out.places().from_gw(gwno, year);
            // Two numbers may stand for one state (Serbia and Yugoslavia); one without a state keeps its own row.
            if !placed.insert((ccode, ccode.map_or(gwno, |_| 0))) {
                continue;
            }
            let mut source_row = key.to_owned();
            if ccode.is_none() {
                out.unplaced(table, column, gwno);
                source_row = format!("{key} {column}={gwno}");
            }
            parties.push(Party { gwcode: gwno, ccode, role, source_row });
        }
    }
    Ok(parties)
}

fn numbers(row: &Row<'_>, column: &str) -> Result<Vec<i32>, ReadError> {
    let cells =
        row.text(column).unwrap_or("").split([',', ';']).map(str::trim).filter(|c| !c.is_empty());
    cells
        .map(|c| c.parse().map_err(|_| row.refuse(column, "a list of Gleditsch-Ward numbers")))
        .collect()
}

/// Joins a record that a spreadsheet broke over two lines: the first stops before the year, the second goes on there,
/// with some delimiters turned into commas.
fn mend(text: &str) -> Option<(String, String)> {
    let mark = char::from(delimiter(text));
    if mark == ',' {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let header: Vec<&str> = lines.first()?.split(mark).collect();
    let year = header.iter().position(|h| h.trim() == "year")?;
    let mut out = String::with_capacity(text.len());
    let mut mended = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let joined = lines.get(at + 1).and_then(|next| join(line, next, mark, year, header.len()));
        if let Some(joined) = joined {
            mended.push(format!(
                "{} on lines {} and {}",
                line.split(mark).next().unwrap_or(""),
                at + 1,
                at + 2
            ));
            // The empty line keeps the count of lines right.
            out.push_str(&joined);
            out.push('\n');
            at += 1;
        } else {
            out.push_str(line);
        }
        out.push('\n');
        at += 1;
    }
    if mended.is_empty() {
        return None;
    }
    Some((
        out,
        format!("A record broken over two lines was joined: conflict {}", mended.join(", ")),
    ))
}

fn join(line: &str, next: &str, mark: char, year: usize, width: usize) -> Option<String> {
    let first: Vec<&str> = line.split(mark).collect();
    let begun = first.iter().rposition(|c| !c.trim().is_empty())? + 1;
    if begun != year || first.first()?.trim().is_empty() {
        return None;
    }
    let rest: Vec<&str> = next.strip_prefix(mark)?.split(mark).collect();
    let mut cells: Vec<&str> = first[..begun].to_vec();
    for cell in rest {
        // A cell that begins or ends with a comma is several: their semicolons were lost.
        if cell.starts_with(',') || cell.ends_with(',') {
            cells.extend(cell.split(','));
        } else {
            cells.push(cell);
        }
    }
    while cells.len() > width && cells.last().is_some_and(|c| c.trim().is_empty()) {
        cells.pop();
    }
    let whole = cells.len() == width && cells[year].trim().parse::<u16>().is_ok();
    whole.then(|| cells.join(&mark.to_string()))
}
