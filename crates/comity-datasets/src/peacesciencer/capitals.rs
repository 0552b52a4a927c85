//! Capitals of states with their coordinates, compiled for the R package peacesciencer: by Correlates of War code, and once more by
//! Gleditsch-Ward number, which stands in a table of its own (`gw_capitals`).

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const CAPITALS: &str = "capitals";
const GW_CAPITALS: &str = "capitals (Gleditsch and Ward)";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-capitals",
    title: "State capitals and their coordinates, 1816-2024",
    publisher: "Steven V. Miller (R package peacesciencer)",
    citation: "Miller, Steven V. 2022. {peacesciencer}: An R Package for Quantitative Peace Science Research. Conflict Management and Peace Science 39(6): 755-779.",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/cow_capitals.html",
    get: Get::Files(&[
        Download { url: crate::peacesciencer_file!("cow_capitals"), sha256: None },
        Download { url: crate::peacesciencer_file!("gw_capitals"), sha256: None },
    ]),
    relations: &[("capitals", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(CAPITALS, "ccode statenme capital stdate enddate lat lng")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(GW_CAPITALS, "gwcode statenme capital stdate enddate lat lng")
        },
    ],
    editions: &[Edition {
        version: "1.2.9",
        released: "2026",
        marks: &[],
        last_year: 2024,
        rows: &[(CAPITALS, 242), (GW_CAPITALS, 264)],
    }],
    coverage: |e| ["capitals", "gw_capitals"].map(|t| Coverage::all(t, 1816, e.last_year)).into(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, table, code) in
        [(CAPITALS, "capitals", "ccode"), (GW_CAPITALS, "gw_capitals", "gwcode")]
    {
        if files.get(role).is_some() {
            capitals(files, role, table, code, out)?;
        }
    }
    Ok(())
}

fn capitals(
    files: &Files,
    role: &str,
    table: &str,
    code: &str,
    out: &mut Output,
) -> Result<(), ReadError> {
    let (mut keys, last) = (Keys::default(), files.edition().last_year);
    out.begin(table);
    for row in files.rows(role) {
        let state = row.need_state(code)?;
        let day = |column: &str| -> Result<When, ReadError> {
            let date = row.calendar_date(column)?;
            date.map(When::day).ok_or_else(|| row.refuse(column, "a day"))
        };
        let (start, end) = (day("stdate")?, day("enddate")?);
        row.forwards(start, end)?;
        let key = format!("{code}={state} stdate={}", row.text("stdate").unwrap_or(""));
        keys.add(&row, &key)?;
        let end = if end.year == Some(last) { When::default() } else { end };
        let mut cells = vec![
            (code, state.into()),
            ("name", row.text("capital").into()),
            ("latitude", row.float("lat")?.into()),
            ("longitude", row.float("lng")?.into()),
        ];
        cells.extend(spell(start, end));
        out.push(table, &cells, key);
    }
    Ok(())
}
