//! Capitals of the states of the Correlates of War system with their coordinates, compiled for the R package peacesciencer.

use super::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use super::error::ReadError;
use super::output::{Output, spell};
use super::row::{Keys, When};
use crate::coverage::Coverage;
use crate::source::Relation;

const CAPITALS: &str = "capitals";

pub(super) static DATASET: Dataset = Dataset {
    id: "cow-capitals",
    title: "State capitals and their coordinates, 1816-2024",
    publisher: "Steven V. Miller (R package peacesciencer)",
    citation: "Miller, Steven V. 2022. {peacesciencer}: An R Package for Quantitative Peace Science Research. Conflict Management and Peace Science 39(6): 755-779.",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/cow_capitals.html",
    get: Get::Files(&[Download { url: super::peacesciencer_file!("cow_capitals"), sha256: None }]),
    relations: &[("capitals", Relation::Complement)],
    files: &[
        FileKind {
            version: None,
            ..FileKind::new(CAPITALS, "ccode statenme capital stdate enddate lat lng")
        },
        FileKind {
            need: Need::Nothing("the same capitals for the states of Gleditsch and Ward"),
            version: None,
            ..FileKind::new(
                "capitals (Gleditsch and Ward)",
                "gwcode statenme capital stdate enddate lat lng",
            )
        },
    ],
    editions: &[Edition {
        version: "1.2.9",
        marks: &[],
        last_year: 2024,
        rows: &[(CAPITALS, 242)],
    }],
    coverage: |e| vec![Coverage::all("capitals", 1816, e.last_year)],
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, last) = (Keys::default(), files.edition().last_year);
    out.begin("capitals");
    for row in files.rows(CAPITALS) {
        let ccode = row.need_state("ccode")?;
        let day = |column: &str| -> Result<When, ReadError> {
            let date = row.calendar_date(column)?;
            date.map(When::day).ok_or_else(|| row.refuse(column, "a day"))
        };
        let (start, end) = (day("stdate")?, day("enddate")?);
        row.forwards(start, end)?;
        let key = format!("ccode={ccode} stdate={}", row.text("stdate").unwrap_or(""));
        keys.add(&row, &key)?;
        let end = if end.year == Some(last) { When::default() } else { end };
        let mut cells = vec![
            ("ccode", ccode.into()),
            ("name", row.text("capital").into()),
            ("latitude", row.float("lat")?.into()),
            ("longitude", row.float("lng")?.into()),
        ];
        cells.extend(spell(start, end));
        out.push("capitals", &cells, key);
    }
    Ok(())
}
