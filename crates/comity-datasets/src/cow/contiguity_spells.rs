//! Direct contiguity by spell as the R package peacesciencer has it: with the spells in between, in which two states are known not to be contiguous.
//!
//! The master list of the Correlates of War (dataset `cow-contiguity`) has the spells of contiguity alone; panels by year need to know whether
//! a year began with one.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const SPELLS: &str = "spells";

pub(crate) static DATASET: Dataset = Dataset {
    id: "contiguity-spells",
    title: "Direct Contiguity Data by spell, 1816-2016",
    publisher: "Correlates of War Project; copy in the R package peacesciencer (Miller)",
    citation: "Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman. 2002. The Correlates of War Project Direct Contiguity Data, Version 3. Conflict Management and Peace Science 19(2): 58-66.",
    licence: super::terms::TERMS,
    url: "https://svmiller.com/peacesciencer/reference/cow_contdir.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("cow_contdir"), sha256: None }]),
    relations: &[("contiguity_spells", Relation::Complement)],
    proposed_as: None,
    tables: &["contiguity_spells"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(SPELLS, "ccode1 ccode2 conttype stdate enddate")
    }],
    editions: &[Edition {
        version: "3.2",
        released: "2017",
        marks: &[],
        last_year: 2016,
        rows: &[(SPELLS, 1_874)],
    }],
    coverage: |e| {
        let scope = "homelands that touch, or lie within 400 miles of water";
        vec![Coverage::all("contiguity_spells", 1816, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, last) = (Keys::default(), files.edition().last_year);
    out.begin("contiguity_spells");
    for row in files.rows(SPELLS) {
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let day = |column: &str| -> Result<When, ReadError> {
            let date = row.calendar_date(column)?;
            date.map(When::day).ok_or_else(|| row.refuse(column, "a day"))
        };
        let (start, end) = (day("stdate")?, day("enddate")?);
        row.forwards(start, end)?;
        let kind = row.code("conttype", 0..=5)?;
        let begin = row.text("stdate").unwrap_or("");
        let key =
            format!("ccode1={one} ccode2={two} stdate={begin} conttype={}", kind.unwrap_or(-9));
        keys.add(&row, &key)?;
        // Days stand for months: what ends in the last December goes on.
        let end_month = end.month;
        let end =
            if end.year == Some(last) && end_month == Some(12) { When::default() } else { end };
        let mut cells = vec![
            ("ccode", one.into()),
            ("partner", two.into()),
            ("conttype", kind.into()),
            ("start_month", start.month.map(i32::from).into()),
            ("end_month", end.month.map(i32::from).into()),
        ];
        cells.extend(spell(When { date: None, ..start }, When { date: None, ..end }));
        out.push("contiguity_spells", &cells, key);
    }
    Ok(())
}
