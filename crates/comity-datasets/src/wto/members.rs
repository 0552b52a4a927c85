//! Members of the World Trade Organization, with the days of their accession.
//!
//! They stand in `treaty_participation`, as parties to the agreement that established it: the organisation is among those of the Correlates of
//! War already, where it would be counted twice.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use crate::un::participation::{Act, Listed, Spell};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const MEMBERS: &str = "members";
const TREATY: &str = "WTO";
const TITLE: &str = "Marrakesh Agreement Establishing the World Trade Organization";
const LISTED_ON: Date = Date::constant(2026, 2, 3);

pub(crate) static DATASET: Dataset = Dataset {
    id: "wto-members",
    title: "Members of the World Trade Organization",
    publisher: "World Trade Organization; the table is from Wikipedia",
    citation: "World Trade Organization. Members and Observers. https://www.wto.org",
    licence: "terms of the WTO: reuse with attribution",
    url: "https://www.wto.org/english/thewto_e/whatis_e/tif_e/org6_e.htm",
    get: Get::ByHand(
        "the page lists members with their dates; a table of them is in the repository mgaldino/treaties-ideal-point (2026)",
    ),
    relations: &[("treaty_participation", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[FileKind {
        version: None,
        years: "accession_date",
        ..FileKind::new(
            MEMBERS,
            "country_name accession_date accession_date_raw is_original_member country_code_iso3 notes",
        )
    }],
    editions: &[Edition {
        version: "2024-08",
        released: "2024-08-30",
        marks: &[],
        last_year: 2024,
        rows: &[(MEMBERS, 166)],
    }],
    // Nobody has left it.
    coverage: |e| {
        let claim = Coverage::all("treaty_participation", 1995, e.last_year);
        vec![claim.about("members of the World Trade Organization").only("treaty_id", &[TREATY])]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("treaty_participation");
    let mut members: BTreeMap<String, Listed> = BTreeMap::new();
    for row in files.rows(MEMBERS) {
        let name =
            row.text("country_name").ok_or_else(|| row.refuse("country_name", "a member"))?;
        let key = format!("country_name={name}");
        keys.add(&row, &key)?;
        let day = row.calendar_date("accession_date")?;
        let day = day.ok_or_else(|| row.refuse("accession_date", "a day"))?;
        let original = match row.text("is_original_member").map(str::to_lowercase).as_deref() {
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            _ => return Err(row.refuse("is_original_member", "TRUE or FALSE")),
        };
        let act = if original { Act::Acceptance } else { Act::Accession };
        let listed = Listed {
            name: name.to_owned(),
            bound: Some(day),
            in_force: Some(day),
            act: Some(act),
            key: key.clone(),
            ..Listed::default()
        };
        members.insert(key, listed);
    }
    let last = members.values().filter_map(|m| m.bound).max().unwrap_or(LISTED_ON).max(LISTED_ON);
    for listed in members.values() {
        Spell { id: TREATY, title: Some(TITLE), last, left_by: None, older: false }
            .write(listed, out);
    }
    Ok(())
}
