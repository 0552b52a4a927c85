//! UCDP battle-related deaths: estimates per conflict and year, and per dyad and year.
//!
//! The two files have the same columns; in the one of conflicts `dyad_id` is a list, in the one of dyads a conflict comes
//! back for every dyad of its year.

use std::collections::BTreeSet;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use crate::text::Cells;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const CONFLICTS: &str = "deaths by conflict and year";
const DYADS: &str = "deaths by dyad and year";
const COLUMNS: &str = "conflict_id dyad_id location_inc side_a side_a_id side_a_2nd side_b side_b_id side_b_2nd incompatibility territory_name year bd_best bd_low bd_high type_of_conflict battle_location gwno_a gwno_a_2nd gwno_b gwno_b_2nd gwno_loc gwno_battle region version";

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-deaths",
    title: "UCDP Battle-Related Deaths Dataset",
    publisher: "Uppsala Conflict Data Program",
    citation: "Davies, Shawn, Garoun Engström, Therése Pettersson and Magnus Öberg. 2024. Organized Violence 1989-2023, and the Prevalence of Organized Crime Groups. Journal of Peace Research 61(4).",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::Files(&[
        Download {
            url: "https://ucdp.uu.se/downloads/brd/ucdp-brd-conf-241-csv.zip",
            sha256: None,
        },
        Download {
            url: "https://ucdp.uu.se/downloads/brd/ucdp-brd-dyadic-241-csv.zip",
            sha256: None,
        },
    ]),
    relations: &[("conflicts", Relation::Complement)],
    proposed_as: None,
    tables: &["battle_deaths", "dyad_battle_deaths"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            row_test: Some(|rows| !several_per_conflict(rows)),
            ..FileKind::new(CONFLICTS, COLUMNS)
        },
        FileKind {
            need: Need::Optional,
            row_test: Some(several_per_conflict),
            ..FileKind::new(DYADS, COLUMNS)
        },
    ],
    editions: &[Edition {
        version: "24.1",
        released: "2024-06",
        marks: &["24.1"],
        last_year: 2023,
        rows: &[(CONFLICTS, 1_520), (DYADS, 1_920)],
    }],
    coverage: |e| {
        let scope = "state-based fighting with at least 25 battle deaths in the year";
        ["battle_deaths", "dyad_battle_deaths"]
            .map(|table| Coverage::all(table, 1989, e.last_year).about(scope))
            .into()
    },
    map,
};

/// Whether a conflict comes back within one year: never in the file of conflicts, early in the one of dyads.
fn several_per_conflict(rows: &Cells) -> bool {
    let (Some(conflict), Some(year)) = (rows.column("conflict_id"), rows.column("year")) else {
        return false;
    };
    let mut seen = BTreeSet::new();
    (0..rows.len()).any(|r| !seen.insert((rows.get(r, conflict), rows.get(r, year))))
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, table) in [(CONFLICTS, "battle_deaths"), (DYADS, "dyad_battle_deaths")] {
        if files.get(role).is_none() {
            continue;
        }
        let mut keys = Keys::default();
        out.begin(table);
        for row in files.rows(role) {
            let (conflict, year) = (row.need("conflict_id")?, row.need_year("year")?);
            let mut cells = deaths(&row, conflict, year)?;
            let key = if role == DYADS {
                let dyad = row.need("dyad_id")?;
                cells.push(("dyad_id", dyad.to_string().into()));
                format!("dyad_id={dyad} year={year}")
            } else {
                format!("conflict_id={conflict} year={year}")
            };
            keys.add(&row, &key)?;
            out.push(table, &cells, key);
        }
    }
    Ok(())
}

fn deaths(
    row: &Row<'_>,
    conflict: i32,
    year: i32,
) -> Result<Vec<(&'static str, Value)>, ReadError> {
    Ok(vec![
        ("conflict_id", conflict.to_string().into()),
        ("year", year.into()),
        ("location", row.text("location_inc").into()),
        ("battle_location", row.text("battle_location").into()),
        ("side_a", row.text("side_a").into()),
        ("side_b", row.text("side_b").into()),
        ("conflict_type", row.code("type_of_conflict", 1..=4)?.into()),
        ("best", row.int("bd_best")?.into()),
        ("low", row.int("bd_low")?.into()),
        ("high", row.int("bd_high")?.into()),
    ])
}
