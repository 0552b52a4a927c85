//! ICOW Colonial History 1.1: from whom and how every state of the system became independent.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const STATES: &str = "colonial history";

pub(crate) static DATASET: Dataset = Dataset {
    id: "icow-colonial",
    title: "ICOW Colonial History",
    publisher: "ICOW Project (Hensel)",
    citation: "Hensel, Paul R. 2018. ICOW Colonial History Data Set, version 1.1.",
    licence: "free with citation (paulhensel.org); no explicit open licence",
    url: "https://www.paulhensel.org/icowcol.html",
    get: Get::Files(&[Download {
        url: "https://www.paulhensel.org/Data/colhist.zip",
        sha256: None,
    }]),
    relations: &[("colonial_history", Relation::Complement)],
    proposed_as: None,
    tables: &["colonial_history"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: &[Missing { columns: &[], codes: &["-9"] }],
        ..FileKind::new(
            STATES,
            "state name colruler indfrom inddate indviol indtype secfrom secdate secviol into intodate cowsys gwsys notes",
        )
    }],
    editions: &[Edition {
        version: "1.1",
        released: "2018",
        marks: &[],
        last_year: 2011,
        rows: &[(STATES, 217)],
    }],
    coverage: |e| {
        let scope = "independence of the states that were ever members of the system";
        vec![Coverage::all("colonial_history", 1816, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("colonial_history");
    for row in files.rows(STATES) {
        let mut key = format!("State={}", row.need_state("state")?);
        keys.add(&row, &key)?;
        let mut placed = |column: &str| -> Result<Option<i32>, ReadError> {
            let Some(number) = row.code(column, 1..=9999)? else { return Ok(None) };
            if out.places().is_state(number) {
                return Ok(Some(number));
            }
            out.unplaced("colonial_history", column, number);
            key = format!("{key} {column}={number}");
            Ok(None)
        };
        let ccode = placed("state")?;
        let ruler = placed("colruler")?;
        let (from, secession_from) = (placed("indfrom")?, placed("secfrom")?);
        let into = placed("into")?;
        let independence = month(&row, "inddate")?;
        let cells = [
            ("ccode", ccode.into()),
            ("name", row.text("name").into()),
            ("year", independence.0.into()),
            ("month", independence.1.into()),
            ("violent", row.flag("indviol")?.into()),
            ("kind", row.code("indtype", 1..=4)?.into()),
            ("independence_from", from.into()),
            ("colonial_ruler", ruler.into()),
            ("secession_from", secession_from.into()),
            ("secession_year", month(&row, "secdate")?.0.into()),
            ("secession_violent", row.flag("secviol")?.into()),
            ("merged_into", into.into()),
            ("merged_year", month(&row, "intodate")?.0.into()),
        ];
        out.push("colonial_history", &cells, key);
    }
    Ok(())
}

/// Year and month of `YYYYMM`; some states are older than four digits, and month 0 is not known.
fn month(row: &Row<'_>, column: &str) -> Result<(Option<i32>, Option<i32>), ReadError> {
    let Some(v) = row.int(column)? else { return Ok((None, None)) };
    let (year, month) = (v / 100, v % 100);
    if !(1..=2999).contains(&year) || !(0..=12).contains(&month) {
        return Err(row.refuse(column, "a month that exists, as YYYYMM"));
    }
    Ok((Some(year), (month > 0).then_some(month)))
}
