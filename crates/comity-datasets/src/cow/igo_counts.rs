//! How many international organisations a state belongs to, by year: COW IGO 3.0 added up for the R package peacesciencer.
//!
//! The memberships themselves (dataset `cow-igo`) say which; this is for who has the counts alone.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Value;
use comity_record::source::Relation;

const COUNTS: &str = "state-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-igo-counts",
    title: "Memberships in international organisations, counted by state and year, 1816-2014",
    publisher: "Correlates of War Project (Pevehouse and others); counted by Miller (R package peacesciencer)",
    citation: "Pevehouse, Jon C. W., Timothy Nordstrom, Roseanne W. McManus and Anne Spencer Jamison. 2020. Tracking Organizations in the World: The Correlates of War IGO Version 3.0 Datasets. Journal of Peace Research 57(3): 492-503.",
    licence: super::terms::TERMS,
    url: "https://svmiller.com/peacesciencer/reference/cow_igo_sy.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("cow_igo_sy"), sha256: None }]),
    relations: &[("igo_counts", Relation::Complement)],
    proposed_as: None,
    tables: &["igo_counts"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            COUNTS,
            "ccode year sum_igo_full sum_igo_associate sum_igo_observer sum_igo_anytype",
        )
    }],
    editions: &[Edition {
        version: "3.0",
        released: "2021",
        marks: &[],
        last_year: 2014,
        rows: &[(COUNTS, 15_557)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("igo_counts");
    for row in files.rows(COUNTS) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![("ccode", ccode.into()), ("year", year.into())];
        for (name, column) in [
            ("full", "sum_igo_full"),
            ("associate", "sum_igo_associate"),
            ("observer", "sum_igo_observer"),
            ("any_kind", "sum_igo_anytype"),
        ] {
            cells.push((name, row.code(column, 0..=1000)?.into()));
        }
        out.covers("igo_counts", "organisations whose members are known", Some(ccode), year);
        out.push("igo_counts", &cells, key);
    }
    Ok(())
}
