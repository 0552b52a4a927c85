//! UCDP Dyadic: the years in which two sides of a state-based conflict fought each other, and the states in each dyad.

use super::conflicts::parties;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const DYADS: &str = "dyad-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-dyadic",
    title: "UCDP Dyadic Dataset",
    publisher: "Uppsala Conflict Data Program",
    citation: "Davies, Shawn, Garoun Engström, Therése Pettersson and Magnus Öberg. 2024. Organized Violence 1989-2023, and the Prevalence of Organized Crime Groups. Journal of Peace Research 61(4); Harbom, Lotta, Erik Melander and Peter Wallensteen. 2008. Dyadic Dimensions of Armed Conflict, 1946-2007. Journal of Peace Research 45(5): 697-710.",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::Files(&[Download {
        url: "https://ucdp.uu.se/downloads/dyadic/ucdp-dyadic-241-csv.zip",
        sha256: None,
    }]),
    relations: &[("conflicts", Relation::Complement)],
    proposed_as: None,
    tables: &["conflict_dyads", "dyad_parties"],
    baseline: &[],
    files: &[FileKind::new(
        DYADS,
        "dyad_id conflict_id location side_a side_a_id side_a_2nd side_b side_b_id side_b_2nd incompatibility territory_name year intensity_level type_of_conflict start_date start_prec start_date2 start_prec2 gwno_a gwno_a_2nd gwno_b gwno_b_2nd gwno_loc region version",
    )],
    editions: &[Edition {
        version: "24.1",
        released: "2024-06",
        marks: &["24.1"],
        last_year: 2023,
        rows: &[(DYADS, 3_357)],
    }],
    coverage: |e| {
        let scope =
            "dyads of a government and another side with at least 25 battle deaths in the year";
        ["conflict_dyads", "dyad_parties"]
            .map(|table| Coverage::all(table, 1946, e.last_year).about(scope))
            .into()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("conflict_dyads");
    out.begin("dyad_parties");
    for row in files.rows(DYADS) {
        let (dyad, conflict) =
            (row.need("dyad_id")?.to_string(), row.need("conflict_id")?.to_string());
        let year = row.need_year("year")?;
        let key = format!("dyad_id={dyad} year={year}");
        keys.add(&row, &key)?;
        let cells = [
            ("dyad_id", dyad.as_str().into()),
            ("conflict_id", conflict.as_str().into()),
            ("year", year.into()),
            ("location", row.text("location").into()),
            ("side_a", row.text("side_a").into()),
            ("side_b", row.text("side_b").into()),
            ("incompatibility", row.code("incompatibility", 1..=3)?.into()),
            ("territory", row.text("territory_name").into()),
            ("conflict_type", row.code("type_of_conflict", 1..=4)?.into()),
            ("intensity", row.code("intensity_level", 1..=2)?.into()),
            ("start_date", row.calendar_date("start_date")?.into()),
        ];
        out.push("conflict_dyads", &cells, key.as_str());
        for party in parties(&row, year, &key, "dyad_parties", out)? {
            let cells = [
                ("dyad_id", dyad.as_str().into()),
                ("conflict_id", conflict.as_str().into()),
                ("year", year.into()),
                ("ccode", party.ccode.into()),
                ("role", party.role.into()),
            ];
            out.push("dyad_parties", &cells, party.source_row);
        }
    }
    Ok(())
}
