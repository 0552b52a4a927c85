//! Latent external territorial threat, 1816-2010 (Miller 2022): estimates of how much a state's land is threatened from outside.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Value;
use comity_record::source::Relation;

const THREATS: &str = "state-years";
const COLUMNS: [(&str, &str); 8] = [
    ("threat", "lterrthreat"),
    ("deviation", "sd"),
    ("low", "lwr"),
    ("high", "upr"),
    ("weighted_threat", "m_lterrthreat"),
    ("weighted_deviation", "m_sd"),
    ("weighted_low", "m_lwr"),
    ("weighted_high", "m_upr"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "territorial-threat",
    title: "Latent external territorial threat, 1816-2010",
    publisher: "Steven V. Miller (R package peacesciencer)",
    citation: "Miller, Steven V. 2022. A Random Item Response Model of External Territorial Threat, 1816-2010. Journal of Global Security Studies 7(4).",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/terrthreat.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("terrthreat"), sha256: None }]),
    relations: &[("territorial_threat", Relation::Complement)],
    proposed_as: None,
    tables: &["territorial_threat"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(THREATS, "ccode year lterrthreat sd lwr upr m_lterrthreat m_sd m_lwr m_upr")
    }],
    editions: &[Edition {
        version: "2022",
        released: "2022",
        marks: &[],
        last_year: 2010,
        rows: &[(THREATS, 14_781)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("territorial_threat");
    for row in files.rows(THREATS) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![("ccode", ccode.into()), ("year", year.into())];
        for (name, column) in COLUMNS {
            cells.push((name, row.float(column)?.into()));
        }
        out.covers(
            "territorial_threat",
            "estimates from disputes, rivalries and borders",
            Some(ccode),
            year,
        );
        out.push("territorial_threat", &cells, key);
    }
    Ok(())
}
