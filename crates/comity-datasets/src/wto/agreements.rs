//! Regional trade agreements that are notified to the World Trade Organization, with their parties.
//!
//! A party is in from the agreement's entry into force, and to its end; where a party has days of its own they stand in a column. The Union is
//! one party: its members are named where they signed, and are in through it. Changes of agreements change no parties.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use crate::un::participation::states;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const AGREEMENTS: &str = "all agreements";
const UNION: &str = "European Union";

pub(crate) static DATASET: Dataset = Dataset {
    id: "wto-rta",
    title: "Regional Trade Agreements Database",
    publisher: "World Trade Organization",
    citation: "World Trade Organization. Regional Trade Agreements Database. https://rtais.wto.org",
    licence: "terms of the WTO: reuse with attribution",
    url: "https://rtais.wto.org/UI/PublicMaintainRTAHome.aspx",
    get: Get::ByHand("on its page choose \"Export all RTAs\" and add the workbook"),
    relations: &[("trade_agreements", Relation::Rival)],
    proposed_as: None,
    tables: &["trade_agreements"],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            open: true,
            ..FileKind::new(
                AGREEMENTS,
                "rta_id rta_name coverage type notification status date_of_signature_(g) date_of_signature_(s) date_of_entry_into_force_(g) date_of_entry_into_force_(s) inactive_date accession? rta_composition current_signatories original_signatories specific_entry/exit_dates",
            )
        },
        FileKind {
            need: Need::Nothing("changes of agreements, which change no parties"),
            version: None,
            ..FileKind::new(
                "changes of agreements",
                "rta_id rta_name parties_concerned changes_affect date_of_notification_of_changes date_of_signature_of_changes date_of_entry_into_force_of_changes remarks",
            )
        },
    ],
    editions: &[Edition {
        version: "2026-02",
        released: "2026-02",
        marks: &[],
        last_year: 2025,
        rows: &[(AGREEMENTS, 655)],
    }],
    // Agreements that nobody notified are not in it, and members that joined the Union later are in through it alone.
    coverage: |e| {
        let claim = Coverage::all("trade_agreements", 1948, e.last_year)
            .about("agreements notified to the WTO, by who signed them");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

/// What an agreement says of all its parties.
struct Agreement<'a> {
    id: i32,
    name: &'a str,
    kind: &'static str,
    signed: Option<Date>,
    force: Date,
    over: Option<Date>,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let last_year = files.edition().last_year;
    out.begin("trade_agreements");
    for row in files.rows(AGREEMENTS) {
        let id = row.need("rta_id")?;
        keys.add(&row, &format!("RTA ID={id}"))?;
        let status = row.text("status").ok_or_else(|| row.refuse("status", "a status"))?;
        match status {
            "In Force" | "In force for at least one Party" | "Inactive" => {}
            early if early.starts_with("Early announcement") => {
                *counted
                    .entry("not in force: announced, under negotiation or signed")
                    .or_default() += 1;
                continue;
            }
            _ => return Err(row.refuse("status", "a status of the database")),
        }
        let agreement = agreement(&row, id, status == "Inactive")?;
        parties(&row, &agreement, last_year, &mut counted, out)?;
    }
    for (what, rows) in counted {
        out.note(format!("{rows} {what}"));
    }
    out.note("An agreement of the Union names the members that signed it and the Union, which is no state here; who joined the Union later is in through it and has no row");
    Ok(())
}

fn agreement<'a>(row: &Row<'a>, id: i32, inactive: bool) -> Result<Agreement<'a>, ReadError> {
    let earlier = |goods: &str, services: &str| -> Result<Option<Date>, ReadError> {
        let (goods, services) = (row.calendar_date(goods)?, row.calendar_date(services)?);
        Ok(goods.into_iter().chain(services).min())
    };
    let force = earlier("date_of_entry_into_force_(g)", "date_of_entry_into_force_(s)")?;
    let force = force.ok_or_else(|| row.refuse("date_of_entry_into_force_(g)", "a day"))?;
    let over = row.calendar_date("inactive_date")?.filter(|_| inactive);
    if inactive && over.is_none() {
        return Err(row.refuse("inactive_date", "the day on which it ended"));
    }
    let kind = row.text("type").unwrap_or("");
    Ok(Agreement {
        id,
        name: row.text("rta_name").unwrap_or(""),
        kind: if kind.split([' ', '&']).any(|k| k == "CU") { "customs-union" } else { "trade" },
        signed: earlier("date_of_signature_(g)", "date_of_signature_(s)")?,
        force,
        over,
    })
}

fn parties(
    row: &Row<'_>,
    agreement: &Agreement<'_>,
    last_year: i32,
    counted: &mut BTreeMap<&'static str, usize>,
    out: &mut Output,
) -> Result<(), ReadError> {
    let names = |column: &str| -> BTreeSet<String> {
        let cell = row.text(column).unwrap_or("");
        cell.split(';').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect()
    };
    let (original, current) = (names("original_signatories"), names("current_signatories"));
    let own = own_days(row)?;
    for name in original.union(&current) {
        let (entry, exit) = own.get(name).copied().unwrap_or_default();
        if entry.is_some_and(|day| day.year() == 9999) {
            *counted
                .entry("signatories for which an agreement is not in force yet")
                .or_default() += 1;
            continue;
        }
        if entry.is_none() && !original.contains(name) && name != UNION {
            *counted.entry("parties that did not sign at first, without a day: they count from the entry into force").or_default() += 1;
        }
        let there = current.contains(name) || current.contains(UNION);
        if agreement.over.is_none() && exit.is_none() && !there {
            *counted
                .entry(
                    "signatories (of agreements in force) that are parties no longer, without a day: their end is not known",
                )
                .or_default() += 1;
        }
        let end = exit.into_iter().chain(agreement.over).min();
        let start = entry.unwrap_or(agreement.force);
        party(agreement, name, (start, end), last_year, out);
    }
    Ok(())
}

fn party(
    agreement: &Agreement<'_>,
    name: &str,
    (start, end): (Date, Option<Date>),
    last_year: i32,
    out: &mut Output,
) {
    let from = i32::from(start.year());
    let to = end.map_or(last_year, |e| i32::from(e.year()));
    let runs = states(name, (from, to), out.places());
    let last_run = runs.len().saturating_sub(1);
    for (at, (ccode, first, last)) in runs.into_iter().enumerate() {
        if ccode.is_none() {
            out.unplaced("trade_agreements", "signatories", name);
        }
        let closed = at < last_run || end.is_some();
        let cells: [(&str, Value); 10] = [
            ("agreement_id", agreement.id.to_string().into()),
            ("name", agreement.name.into()),
            ("ccode", ccode.into()),
            ("member", name.into()),
            ("kind", agreement.kind.into()),
            ("signed_year", agreement.signed.map(|d| i32::from(d.year())).into()),
            ("start", (at == 0).then_some(start).into()),
            ("start_year", first.into()),
            ("end", end.filter(|_| at == last_run).into()),
            ("end_year", closed.then_some(last).into()),
        ];
        let mut key = format!("RTA ID={} signatory={name}", agreement.id);
        if at > 0 {
            key = format!("{key} from={first}");
        }
        out.push("trade_agreements", &cells, key);
    }
}

/// The days of parties that have their own: `Myanmar(31-May-2022 - ); Ukraine( - 21-Jul-2023)`.
fn own_days(row: &Row<'_>) -> Result<BTreeMap<String, (Option<Date>, Option<Date>)>, ReadError> {
    const COLUMN: &str = "specific_entry/exit_dates";
    let mut own = BTreeMap::new();
    let refuse =
        || row.refuse(COLUMN, "parties with their days, as Name(01-Jan-2020 - 31-Dec-2021)");
    for part in row.text(COLUMN).unwrap_or("").split(';').map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let (name, days) =
            part.strip_suffix(')').and_then(|p| p.rsplit_once('(')).ok_or_else(refuse)?;
        let (from, to) = days.split_once(" - ").ok_or_else(refuse)?;
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => day(text).map(Some).ok_or_else(refuse),
        };
        own.insert(name.trim().to_owned(), (day(from)?, day(to)?));
    }
    Ok(own)
}

/// `01-Jan-2020`.
fn day(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|m| *m == month)?;
    Date::new(year.parse().ok()?, i8::try_from(month + 1).ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_the_database_writes_them() {
        assert_eq!(day("01-Jan-9999"), Some(Date::constant(9999, 1, 1)));
        assert_eq!(day("22-Apr-2006"), Some(Date::constant(2006, 4, 22)));
        assert!(day("31-Feb-2006").is_none() && day("2006").is_none());
    }
}
