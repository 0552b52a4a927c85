//! Directed dyadic interstate wars 4.01: one row per pair of opponents and year, in both directions.
//!
//! A dyadic war is a series of battles between the armies of two states within an interstate war; its days are those of these
//! battles. What it says of outcome and deaths is repeated in every year.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const YEARS: &str = "directed dyad-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-war-dyadic",
    title: "Dyadic Interstate War Dataset, directed",
    publisher: "Correlates of War Project (Maoz, Johnson, Kaplan, Ogunkoya and Shreve)",
    citation: "Maoz, Zeev, Paul L. Johnson, Jasper Kaplan, Fiona Ogunkoya and Aaron P. Shreve. 2019. The Dyadic Militarized Interstate Disputes (MIDs) Dataset Version 3.0: Logic, Characteristics, and Comparisons to Alternative Datasets. Journal of Conflict Resolution 63(3): 811-835.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Dyadic-Interstate-War-Dataset.zip",
        sha256: None,
    }]),
    relations: &[("wars", Relation::Complement)],
    proposed_as: Some("cow-war"),
    tables: &["dyadic_wars"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            YEARS,
            "warnum disno dyindex statea stateb warstrtmnth warstrtday warstrtyr warendmnth warenday warendyr year warolea waroleb wardyadrolea wardyadroleb outcomea batdtha batdthb changes_1 changes_2 batdths durindx",
        )
    }],
    editions: &[Edition {
        version: "4.01",
        released: "2020",
        marks: &[],
        last_year: 2010,
        rows: &[(YEARS, 1_364)],
    }],
    coverage: |e| {
        let scope = "battles between two states within an interstate war: 100 deaths of each, or 1,000 troops";
        vec![Coverage::all("dyadic_wars", 1816, e.last_year).about(scope)]
    },
    map,
};

/// Pairs published with a day that does not exist: a month of 24, a year of 19118.
const SLIPS: &[&str] = &["257.03", "257.24"];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut slips) = (Keys::default(), 0);
    out.begin("dyadic_wars");
    for row in files.rows(YEARS) {
        let (war, year) = (row.need("warnum")?, row.need_year("year")?);
        let (a, b) = (row.need_state("statea")?, row.need_state("stateb")?);
        let key = format!("warnum={war} statea={a} stateb={b} year={year}");
        keys.add(&row, &key)?;
        let slip = row.text("dyindex").is_some_and(|d| SLIPS.contains(&d));
        let mut date = |year: &str, month: &str, day: &str| match row.date(year, month, day) {
            Err(_) if slip => {
                slips += 1;
                Ok(When::default())
            }
            date => date,
        };
        let start = date("warstrtyr", "warstrtmnth", "warstrtday")?;
        let end = date("warendyr", "warendmnth", "warenday")?;
        row.forwards(start, end)?;
        let cells = [
            ("war_id", war.to_string().into()),
            ("dispute_id", row.text("disno").into()),
            ("ccode", a.into()),
            ("partner", b.into()),
            ("year", year.into()),
            ("role", row.code("warolea", 1..=4)?.into()),
            ("partner_role", row.code("waroleb", 1..=4)?.into()),
            ("dyad_role", row.code("wardyadrolea", 1..=3)?.into()),
            ("partner_dyad_role", row.code("wardyadroleb", 1..=3)?.into()),
            ("outcome", row.code("outcomea", 1..=3)?.into()),
            ("deaths", row.int("batdtha")?.into()),
            ("partner_deaths", row.int("batdthb")?.into()),
            ("start", start.date.into()),
            ("end", end.date.into()),
        ];
        out.push("dyadic_wars", &cells, key);
    }
    if slips > 0 {
        out.note(format!(
            "{slips} days are published with a month of 24 or a year of 19118; they are left out"
        ));
    }
    Ok(())
}
