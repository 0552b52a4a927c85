//! COW Non-State Wars 4.0: wars among peoples, factions and entities outside the state system. No state is a party to them.

use super::wars::MISSING;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const WARS: &str = "wars";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-war-nonstate",
    title: "Non-State War Data",
    publisher: "Correlates of War Project (Sarkees and Wayman)",
    citation: "Sarkees, Meredith Reid and Frank Wayman. 2010. Resort to War: 1816-2007. Washington: CQ Press.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Non-StateWarData_v4.0.csv",
        sha256: None,
    }]),
    relations: &[("wars", Relation::Complement)],
    proposed_as: Some("cow-war"),
    tables: &["wars", "war_parties"],
    baseline: &[],
    files: &[FileKind {
        missing: MISSING,
        years: "startyear endyear",
        ..FileKind::new(
            WARS,
            "warnum warname wartype wherefought sidea1 sidea2 sideb1 sideb2 sideb3 sideb4 sideb5 startyear startmonth startday endyear endmonth endday initiator transfrom transto outcome sideadeaths sidebdeaths totalcombatdeaths version",
        )
    }],
    editions: &[Edition {
        version: "4.0",
        released: "2010",
        marks: &["4"],
        last_year: 2007,
        rows: &[(WARS, 62)],
    }],
    coverage: |e| {
        let scope = "wars without a state on either side, with 1,000 battle deaths in a year";
        let claim = Coverage::all("wars", 1816, e.last_year).about(scope);
        vec![claim.only("war_type", &["non-state"])]
    },
    map,
};

/// Names of one side, in the order published.
fn side(row: &Row<'_>, columns: &[&str]) -> String {
    columns.iter().filter_map(|c| row.text(c)).collect::<Vec<_>>().join(", ")
}

/// A number that may have commas between its thousands.
fn thousands(row: &Row<'_>, column: &str) -> Result<Option<i32>, ReadError> {
    let Some(cell) = row.text(column) else { return Ok(None) };
    let number = cell.replace(',', "").parse();
    number.map(Some).map_err(|_| row.refuse(column, "a whole number"))
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("wars");
    for row in files.rows(WARS) {
        let number = row.need("warnum")?;
        let key = format!("warnum={number}");
        keys.add(&row, &key)?;
        row.need_year("startyear")?;
        let start = row.date("startyear", "startmonth", "startday")?;
        let end = row.date("endyear", "endmonth", "endday")?;
        row.forwards(start, end)?;
        let a = side(&row, &["sidea1", "sidea2"]);
        let b = side(&row, &["sideb1", "sideb2", "sideb3", "sideb4", "sideb5"]);
        let initiator = match row.text("initiator") {
            Some("A") => Some(a.clone()),
            Some("B") => Some(b.clone()),
            None => None,
            Some(_) => return Err(row.refuse("initiator", "A or B")),
        };
        let kind = match row.code("wartype", 8..=9)? {
            Some(8) => Some("outside-states"),
            Some(_) => Some("across-borders"),
            None => None,
        };
        let mut cells = vec![
            ("war_id", number.to_string().into()),
            ("name", row.text("warname").into()),
            ("war_type", "non-state".into()),
            ("kind", kind.into()),
            ("side_a", a.into()),
            ("side_b", b.into()),
            ("initiator_name", initiator.into()),
            ("outcome", row.code("outcome", 1..=7)?.into()),
            ("deaths_a", thousands(&row, "sideadeaths")?.into()),
            ("deaths_b", thousands(&row, "sidebdeaths")?.into()),
            ("deaths", thousands(&row, "totalcombatdeaths")?.into()),
            ("continues", row.text("transfrom").into()),
            ("continued_as", row.text("transto").into()),
        ];
        cells.extend(spell(start, end));
        out.push("wars", &cells, key);
    }
    Ok(())
}
