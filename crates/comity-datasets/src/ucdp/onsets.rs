//! UCDP's onsets of armed conflict by state and year, 1946-2017: how many conflicts began, or came back after years of quiet.
//!
//! Read from the objects of the R package peacesciencer. States are those of Gleditsch and Ward, placed by date.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const ONSETS: &str = "onsets";
const COLUMNS: [(&str, &str); 6] = [
    ("new_conflicts", "sumnewconf"),
    ("onsets_1", "sumonset1"),
    ("onsets_2", "sumonset2"),
    ("onsets_3", "sumonset3"),
    ("onsets_5", "sumonset5"),
    ("onsets_10", "sumonset10"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-onsets",
    title: "Onsets of armed conflict, 1946-2017",
    publisher: "Uppsala Conflict Data Program; copy in the R package peacesciencer (Miller)",
    citation: "Pettersson, Therese, Stina Högbladh and Magnus Öberg. 2019. Organized Violence, 1989-2018 and Peace Agreements. Journal of Peace Research 56(4): 589-603.",
    licence: "CC BY 4.0",
    url: "https://svmiller.com/peacesciencer/reference/ucdp_onsets.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("ucdp_onsets"), sha256: None }]),
    relations: &[("conflict_onsets", Relation::Complement)],
    proposed_as: None,
    tables: &["conflict_onsets"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        years: "year",
        ..FileKind::new(
            ONSETS,
            "gwcode year sumnewconf sumonset1 sumonset2 sumonset3 sumonset5 sumonset10",
        )
    }],
    editions: &[Edition {
        version: "19.1",
        released: "2019",
        marks: &[],
        last_year: 2017,
        rows: &[(ONSETS, 10_142)],
    }],
    coverage: |e| {
        let scope = "conflicts of a government with at least 25 battle deaths in a year";
        vec![Coverage::all("conflict_onsets", 1946, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("conflict_onsets");
    for row in files.rows(ONSETS) {
        let (gwcode, year) = (row.need_state("gwcode")?, row.need_year("year")?);
        let key = format!("gwcode={gwcode} year={year}");
        keys.add(&row, &key)?;
        let ccode = out.places().from_gw(gwcode, year);
        if ccode.is_none() {
            out.unplaced("conflict_onsets", "gwcode", gwcode);
        }
        let mut cells: Vec<(&str, Value)> =
            vec![("gwcode", gwcode.into()), ("ccode", ccode.into()), ("year", year.into())];
        for (name, column) in COLUMNS {
            cells.push((name, row.int(column)?.into()));
        }
        out.push("conflict_onsets", &cells, key);
    }
    Ok(())
}
