//! COW Territorial Change 6: every transfer of territory that a state of the system took part in.
//!
//! `gainer` and `loser` are also codes of colonies, organisations and states that were not yet, or no longer, in the
//! system; only a state of the system in that year is a `gainer` or `loser` here, other codes stay in `source_row`.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-territorial-change",
    title: "Territorial Change, 1816-2018",
    publisher: "Correlates of War Project",
    citation: "Tir, Jaroslav, Philip Schafer, Paul F. Diehl and Gary Goertz. 1998. Territorial Changes, 1816-1996: Procedures and Data. Conflict Management and Peace Science 16: 89-97.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/territorial-change/",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("territorial_changes", Relation::Complement)],
    proposed_as: None,
    tables: &["territorial_changes"],
    baseline: &[],
    files: &[FileKind {
        running: true,
        missing: &[Missing { columns: &[], codes: &["-9", "."] }],
        ..FileKind::new(
            CHANGES,
            "year month gainer gaintype procedur entity contgain area pop portion loser losetype contlose entry exit number indep conflict version",
        )
    }],
    editions: &[Edition {
        version: "6",
        released: "2021",
        marks: &["6"],
        last_year: 2018,
        rows: &[(CHANGES, 842)],
    }],
    coverage: |e| {
        let scope = "territory that changed hands, with a state of the system on one side; gains in war only where they lasted";
        vec![Coverage::all("territorial_changes", 1816, e.last_year).about(scope)]
    },
    map,
};

const CHANGES: &str = "changes";

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("territorial_changes");
    for row in files.rows(CHANGES) {
        let (number, year) = (row.need("number")?, row.need_year("year")?);
        let mut key = format!("number={number}");
        keys.add(&row, &key)?;
        let mut sides = [None, None];
        for (side, column) in sides.iter_mut().zip(["gainer", "loser"]) {
            *side = row.int(column)?;
            if let Some(code) = side.take_if(|code| !out.places().in_system(*code, year)) {
                out.unplaced("territorial_changes", column, code);
                key = format!("{key} {column}={code}");
            }
        }
        let cells = [
            ("change_id", number.to_string().into()),
            ("year", year.into()),
            ("month", row.code("month", 1..=12)?.into()),
            ("gainer", sides[0].into()),
            ("loser", sides[1].into()),
            ("entity", row.int("entity")?.into()),
            ("procedure", row.code("procedur", 1..=6)?.into()),
            // The manual has 0 for dependent territory and 1 for homeland.
            ("gain_type", row.code("gaintype", 0..=1)?.into()),
            ("lose_type", row.code("losetype", 0..=1)?.into()),
            ("area", row.float("area")?.into()),
            ("population", row.float("pop")?.into()),
            ("independence", row.flag("indep")?.into()),
            ("conflict", row.flag("conflict")?.into()),
        ];
        out.push("territorial_changes", &cells, key);
    }
    Ok(())
}
