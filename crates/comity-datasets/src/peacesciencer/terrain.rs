//! How rugged and how mountainous the land of a state is: Nunn and Puga (2012) and Gibler and Miller (2014), as the R package peacesciencer
//! carries them. Both are of about the year 2000, and have no year.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Value;
use comity_record::source::Relation;

const LAND: &str = "states";

pub(crate) static DATASET: Dataset = Dataset {
    id: "rugged-terrain",
    title: "Terrain: ruggedness and mountains",
    publisher: "Steven V. Miller (R package peacesciencer)",
    citation: "Nunn, Nathan and Diego Puga. 2012. Ruggedness: The Blessing of Bad Geography in Africa. Review of Economics and Statistics 94(1): 20-36; Gibler, Douglas M. and Steven V. Miller. 2014. External Territorial Threat, State Capacity, and Civil War. Journal of Peace Research 51(5): 634-646.",
    licence: "GPL-2 (package)",
    url: "https://svmiller.com/peacesciencer/reference/rugged.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("rugged"), sha256: None }]),
    relations: &[("terrain", Relation::Complement)],
    proposed_as: None,
    tables: &["terrain"],
    baseline: &[],
    files: &[FileKind { version: None, ..FileKind::new(LAND, "ccode gwcode rugged newlmtnest") }],
    editions: &[Edition {
        version: "2014",
        released: "2014",
        marks: &[],
        last_year: 2000,
        rows: &[(LAND, 192)],
    }],
    // It has no years, and lists the states that it has figures for.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("terrain");
    for row in files.rows(LAND) {
        let ccode = row.need_state("ccode")?;
        let key = format!("ccode={ccode}");
        keys.add(&row, &key)?;
        let cells: Vec<(&str, Value)> = vec![
            ("ccode", ccode.into()),
            ("gwcode", row.int("gwcode")?.into()),
            ("ruggedness", row.float("rugged")?.into()),
            ("mountains_log", row.float("newlmtnest")?.into()),
        ];
        out.push("terrain", &cells, key);
    }
    Ok(())
}
