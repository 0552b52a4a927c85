//! The Historical Index of Ethnic Fractionalization, 1945-2013 (Dražanová 2020), as the R package peacesciencer carries it: some rows stand
//! two or three times, and two countries of one year may be one state.

use std::collections::BTreeMap;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use comity_record::source::Relation;

const INDEX: &str = "country-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "hief",
    title: "Historical Index of Ethnic Fractionalization (HIEF), 1945-2013",
    publisher: "Lenka Dražanová (R package peacesciencer)",
    citation: "Dražanová, Lenka. 2020. Introducing the Historical Index of Ethnic Fractionalization (HIEF) Dataset: Accounting for Longitudinal Changes in Ethnic Diversity. Journal of Open Humanities Data 6",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/hief.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("hief"), sha256: None }]),
    relations: &[("ethnic_fractionalization", Relation::Complement)],
    proposed_as: None,
    tables: &["ethnic_fractionalization"],
    baseline: &[],
    files: &[FileKind { version: None, ..FileKind::new(INDEX, "ccode gwcode year efindex") }],
    editions: &[Edition {
        version: "2020",
        released: "2020",
        marks: &[],
        last_year: 2013,
        rows: &[(INDEX, 8_808)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    // What each state and year was said to be, in the order of the rows.
    let mut said: BTreeMap<(i32, i32), Vec<String>> = BTreeMap::new();
    let mut again = 0;
    out.begin("ethnic_fractionalization");
    for row in files.rows(INDEX) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let index = row.float("efindex")?;
        let shown = index.map(|index| index.to_string()).unwrap_or_default();
        let others = said.entry((ccode, year)).or_default();
        if others.contains(&shown) {
            again += 1;
            continue;
        }
        let mut key = format!("ccode={ccode} year={year}");
        if !others.is_empty() {
            key = format!("{key} efindex={shown}");
        }
        others.push(shown);
        let cells = [
            ("ccode", ccode.into()),
            ("gwcode", row.int("gwcode")?.into()),
            ("year", year.into()),
            ("ethnic_fractionalization", index.into()),
        ];
        out.covers(
            "ethnic_fractionalization",
            "shares of groups in the population",
            Some(ccode),
            year,
        );
        out.push("ethnic_fractionalization", &cells, key);
    }
    if again > 0 {
        out.note(format!(
            "{again} rows say again what another says of the state and year; one stands"
        ));
    }
    Ok(())
}
