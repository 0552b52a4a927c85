//! COW's militarized disputes by directed pair of opponents and year, as laid out for the R package peacesciencer from the participants of MID 5.0.
//!
//! The same follows from the participants' days (dataset `cow-mid`), but for one year of one pair; panels take these where they are there.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const YEARS: &str = "directed dyad-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-mid-dyads",
    title: "Militarized Interstate Disputes by directed dyad and year, 1816-2014",
    publisher: "Correlates of War Project; laid out by Miller (R package peacesciencer)",
    citation: "Palmer, Glenn, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela Karstens, Chase Bloch, Nick Dietrich, Kayla Kahn, Kellan Ritter and Michael J. Soules. 2022. The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. Conflict Management and Peace Science 39(4).",
    licence: super::terms::TERMS,
    url: "https://svmiller.com/peacesciencer/reference/cow_mid_dirdisps.html",
    get: Get::Files(&[Download {
        url: crate::peacesciencer_file!("cow_mid_dirdisps"),
        sha256: None,
    }]),
    relations: &[("dyadic_disputes", Relation::Rival)],
    proposed_as: None,
    tables: &["dyadic_disputes"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: &[Missing { columns: &[], codes: &["-9"] }],
        ..FileKind::new(
            YEARS,
            "dispnum ccode1 ccode2 year dispongoing disponset sidea1 sidea2 fatality1 fatality2 fatalpre1 fatalpre2 hiact1 hiact2 hostlev1 hostlev2 orig1 orig2",
        )
    }],
    editions: &[Edition {
        version: "5.0",
        released: "2021",
        marks: &[],
        last_year: 2014,
        rows: &[(YEARS, 11_390)],
    }],
    coverage: |e| vec![Coverage::all("dyadic_disputes", 1816, e.last_year)],
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("dyadic_disputes");
    for row in files.rows(YEARS) {
        let dispute = row.need("dispnum")?;
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        let key = format!("dispnum={dispute} ccode1={one} ccode2={two} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![
            ("dispute_id", dispute.to_string().into()),
            ("ccode", one.into()),
            ("partner", two.into()),
            ("year", year.into()),
            ("onset", row.flag("disponset")?.into()),
            ("side_a", row.flag("sidea1")?.into()),
            ("partner_side_a", row.flag("sidea2")?.into()),
            ("originator", row.flag("orig1")?.into()),
            ("partner_originator", row.flag("orig2")?.into()),
            ("fatalities", row.int("fatalpre1")?.into()),
            ("partner_fatalities", row.int("fatalpre2")?.into()),
        ];
        for (own, partner, column, last) in [
            ("fatality", "partner_fatality", "fatality", 6),
            ("hiact", "partner_hiact", "hiact", 21),
            ("hostility", "partner_hostility", "hostlev", 5),
        ] {
            cells.push((own, row.code(&format!("{column}1"), 0..=last)?.into()));
            cells.push((partner, row.code(&format!("{column}2"), 0..=last)?.into()));
        }
        out.push("dyadic_disputes", &cells, key);
    }
    Ok(())
}
