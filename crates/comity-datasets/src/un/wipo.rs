//! Treaties that the World Intellectual Property Organization administers: their contracting parties.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::participation::{self, Act, Listed, Spell};
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::{Coverage, Units};
use comity_record::source::Relation;

const STATUS: &str = "contracting parties";
const LISTED_ON: Date = Date::constant(2026, 2, 3);

pub(crate) static DATASET: Dataset = Dataset {
    id: "wipo-treaties",
    title: "Contracting parties of treaties administered by the World Intellectual Property Organization",
    publisher: "World Intellectual Property Organization",
    citation: "World Intellectual Property Organization. WIPO-Administered Treaties, contracting parties. WIPO Lex. https://www.wipo.int/wipolex/en/treaties/",
    licence: "terms of WIPO; the facts are public record",
    url: "https://www.wipo.int/wipolex/en/treaties/",
    get: Get::ByHand(
        "the site has a page for each treaty; a table of them is in the repository mgaldino/treaties-ideal-point (2026)",
    ),
    relations: &[("treaty_participation", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[FileKind {
        version: None,
        years: "action_date signature_date",
        ..FileKind::new(
            STATUS,
            "country_name treaty_id treaty_name action_type action_date signature_date entry_into_force_date treaty_open_year wipo_treaty_id source_url",
        )
    }],
    editions: &[Edition {
        version: "2026-02",
        released: "2026-02-03",
        marks: &[],
        last_year: 2026,
        rows: &[(STATUS, 2_461)],
    }],
    // Who is listed is covered, treaty by treaty.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let mut listed: Vec<(String, Option<&str>, Listed)> = Vec::new();
    let mut last = LISTED_ON;
    for row in files.rows(STATUS) {
        let (id, one) = read(&row, &mut keys)?;
        last = last.max(one.bound.unwrap_or(last)).max(one.signed.unwrap_or(last));
        listed.push((id, row.text("treaty_name"), one));
    }
    out.begin("treaty_participation");
    let mut parties: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for (id, title, one) in &listed {
        Spell { id, title: *title, last, left_by: None, older: false }.write(one, out);
        let state = participation::state_of(&one.name, last, out.places());
        parties.entry(id).or_default().extend(state);
    }
    for (id, states) in parties {
        let claim = Coverage::all("treaty_participation", 1883, i32::from(last.year()) - 1)
            .about("who is in the list; it does not show who left before")
            .only("treaty_id", &[id]);
        out.claim(Coverage { units: Units::States(states), ..claim });
    }
    Ok(())
}

fn read(row: &Row<'_>, keys: &mut Keys) -> Result<(String, Listed), ReadError> {
    let name = row.text("country_name").ok_or_else(|| row.refuse("country_name", "a party"))?;
    let number = row.need("wipo_treaty_id")?;
    let key = format!("wipo_treaty_id={number} country_name={name}");
    keys.add(row, &key)?;
    let act = row.text("action_type").map(Act::named).transpose();
    let act = act.map_err(|()| row.refuse("action_type", "ratification or another act"))?;
    let signed = row.calendar_date("signature_date")?;
    let bound = row.calendar_date("action_date")?;
    let in_force = row.calendar_date("entry_into_force_date")?;
    // Where the act has no day the day of entry into force is the first that is known.
    let bound = bound.or(in_force);
    let undated = signed.is_none() && bound.is_none();
    let name = name.to_owned();
    Ok((format!("WIPO-{number}"), Listed { name, signed, bound, act, undated, in_force, key }))
}
