//! US Overseas Loans and Grants (the "Greenbook"), 1946-2019, as the R package greenbook has them: by recipient, year, agency and account.
//!
//! The package writes amounts as text with two significant digits, and gives recipients the code of today's state, by name, whatever the year.
//! Regions and the world have no state.

use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::{Coverage, Units};
use comity_record::source::Relation;

const AID: &str = "aid by account";
const UNITED_STATES: i32 = 2;

pub(crate) static DATASET: Dataset = Dataset {
    id: "greenbook",
    title: "US Overseas Loans and Grants (Greenbook), 1946-2019",
    publisher: "US Agency for International Development, by the R package greenbook (M. Flynn)",
    citation: "United States Agency for International Development. 2021. US Overseas Loans and Grants (Greenbook); Flynn, Michael E. greenbook: Tools for Analyzing US Foreign Policy Spending Data. R package.",
    licence: "US public domain; package MIT",
    url: "https://github.com/meflynn/greenbook",
    get: Get::Files(&[Download {
        url: "https://raw.githubusercontent.com/meflynn/greenbook/a2e68b3b104aefbb3685759fa62f7eb6a46b5733/data/greenbook.aid.rda",
        sha256: None,
    }]),
    relations: &[("aid", Relation::Complement)],
    proposed_as: None,
    tables: &["aid"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            AID,
            "country ccode iso3c year region category pubrow agency account constant current",
        )
    }],
    editions: &[Edition {
        version: "2019",
        released: "2021",
        marks: &[],
        last_year: 2019,
        rows: &[(AID, 72_351)],
    }],
    coverage: |e| {
        vec![Coverage {
            units: Units::States([UNITED_STATES].into()),
            context: true,
            ..Coverage::all("aid", 1946, e.last_year).about(
                "obligations of one donor, the United States; about other donors it says nothing",
            )
        }]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("aid");
    for row in files.rows(AID) {
        let year = row.need_year("year")?;
        let name = row.text("country").ok_or_else(|| row.refuse("country", "a name"))?;
        let recipient = placed(&row, name, year, out.places())?;
        if recipient.is_none() {
            out.unplaced("aid", "recipient", name);
        }
        let category = match row.text("category") {
            Some("Economic") => "economic",
            Some("Military") => "military",
            _ => return Err(row.refuse("category", "Economic or Military")),
        };
        let millions = |column: &str| row.float(column).map(|v| v.map(|usd| usd / 1_000_000.0));
        let cells = [
            ("ccode", UNITED_STATES.into()),
            ("recipient", recipient.into()),
            ("recipient_name", name.into()),
            ("year", year.into()),
            ("constant_usd", millions("constant")?.into()),
            ("current_usd", millions("current")?.into()),
            ("category", category.into()),
            ("agency", row.text("agency").into()),
            ("account", row.text("account").into()),
        ];
        let place = row.place();
        out.push("aid", &cells, format!("row={}", place.row));
    }
    out.note("The package gives amounts with two significant digits: sums of them are not exact");
    out.note("Fiscal years; the package counts the transition quarter of 1976 with 1976");
    Ok(())
}

/// The state that a recipient was in the year: by the code where that was a state then, else by its name.
fn placed(row: &Row<'_>, name: &str, year: i32, places: &Places) -> Result<Option<i32>, ReadError> {
    let code = row.int("ccode")?.filter(|code| places.in_system(*code, year));
    let iso = || places.from_iso3(row.text("iso3c")?, year).filter(|c| places.in_system(*c, year));
    Ok(code.or_else(|| places.from_name(name, year)).or_else(iso))
}
