//! How willing leaders are to use force: estimates of a latent trait from what LEAD knows of their lives (Carter and Smith 2020).
//!
//! Four models: the first from experience of conflict and risk alone, the second with political orientation and psychology besides, the third
//! and fourth the same from all 36 variables of LEAD. Read from an object of the R package peacesciencer.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const ESTIMATES: &str = "leaders' willingness to use force";
const COLUMNS: [&str; 8] = [
    "theta1_mean",
    "theta1_sd",
    "theta2_mean",
    "theta2_sd",
    "theta3_mean",
    "theta3_sd",
    "theta4_mean",
    "theta4_sd",
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "leader-willingness",
    title: "Leaders' willingness to use force",
    publisher: "Carter and Smith; copy in the R package peacesciencer (Miller)",
    citation: "Carter, Jeff and Charles E. Smith, Jr. 2020. A Framework for Measuring Leaders' Willingness to Use Force. American Political Science Review 114(4): 1352-1358.",
    licence: "free with citation; no explicit open licence (the package is GPL-2)",
    url: "https://svmiller.com/peacesciencer/reference/lwuf.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("lwuf"), sha256: None }]),
    relations: &[("leader_willingness", Relation::Complement)],
    proposed_as: None,
    tables: &["leader_willingness"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            ESTIMATES,
            "obsid theta1_mean theta1_sd theta2_mean theta2_sd theta3_mean theta3_sd theta4_mean theta4_sd",
        )
    }],
    editions: &[Edition {
        version: "2020",
        released: "2020",
        marks: &[],
        last_year: 2004,
        rows: &[(ESTIMATES, 3_409)],
    }],
    coverage: |e| {
        let claim = Coverage::all("leader_willingness", 1875, e.last_year)
            .about("leaders of Archigos; what is not estimated of one is null");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("leader_willingness");
    for row in files.rows(ESTIMATES) {
        let id = row.text("obsid").ok_or_else(|| row.refuse("obsid", "a leader's number"))?;
        let key = format!("obsid={id}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![("leader_id", id.into())];
        for column in COLUMNS {
            cells.push((column, row.float(column)?.into()));
        }
        out.push("leader_willingness", &cells, key);
    }
    Ok(())
}
