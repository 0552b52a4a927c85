//! Fractionalization and polarization of ethnic and religious groups, 1945-2013, from the CREG project (Nardulli and others 2012), as the R
//! package peacesciencer carries them: by the project's own number of the country, of which two may stand for one state in a year.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Value;
use comity_record::source::Relation;

const GROUPS: &str = "country-years";
const COLUMNS: [(&str, &str); 4] = [
    ("ethnic_fractionalization", "ethfrac"),
    ("ethnic_polarization", "ethpol"),
    ("religious_fractionalization", "relfrac"),
    ("religious_polarization", "relpol"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "creg",
    title: "Ethnic and religious fractionalization and polarization (CREG), 1945-2013",
    publisher: "Cline Center for Democracy (R package peacesciencer)",
    citation: "Nardulli, Peter F., Cara J. Wong, Ajay Singh, Buddy Peyton and Joseph Bajjalieh. 2012. The Composition of Religious and Ethnic Groups (CREG) Project. Cline Center for Democracy",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/creg.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("creg"), sha256: None }]),
    relations: &[("fractionalization", Relation::Complement)],
    proposed_as: None,
    tables: &["fractionalization"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(GROUPS, "ccode gwcode creg_ccode year ethfrac ethpol relfrac relpol")
    }],
    editions: &[Edition {
        version: "2012",
        // In the package; the project itself ended in 2012.
        released: "2021",
        marks: &[],
        last_year: 2013,
        rows: &[(GROUPS, 11_523)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("fractionalization");
    for row in files.rows(GROUPS) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let own = row.need("creg_ccode")?;
        let key = format!("creg_ccode={own} ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![
            ("ccode", ccode.into()),
            ("gwcode", row.int("gwcode")?.into()),
            ("country_code", own.into()),
            ("year", year.into()),
        ];
        for (name, column) in COLUMNS {
            cells.push((name, row.float(column)?.into()));
        }
        out.covers("fractionalization", "shares of groups in the population", Some(ccode), year);
        out.push("fractionalization", &cells, key);
    }
    Ok(())
}
