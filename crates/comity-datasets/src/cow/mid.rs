//! Militarized Interstate Disputes 5: disputes (MIDA), participants (MIDB) and incidents (MIDIP).
//!
//! A state may take part in one dispute in several spells: 29 such rows in MIDB are spells, not doubles.

use std::collections::BTreeMap;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["-9"] }];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-mid",
    title: "Militarized Interstate Disputes, 1816-2014",
    publisher: "Correlates of War Project",
    citation: "Palmer, Glenn, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela Karstens, Chase Bloch, Nick Dietrich, Kayla Kahn, Kellan Ritter and Michael J. Soules. 2022. The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. Conflict Management and Peace Science 39(4).",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/mids/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/MID-5-Data-and-Supporting-Materials.zip",
        sha256: None,
    }]),
    relations: &[("disputes", Relation::Rival)],
    proposed_as: None,
    tables: &["disputes", "dispute_parties", "incidents"],
    baseline: &["disputes"],
    files: &[
        FileKind {
            missing: MISSING,
            years: "endyear",
            ..FileKind::new(
                "MIDA (disputes)",
                "dispnum stday stmon styear endday endmon endyear outcome settle fatality fatalpre maxdur mindur hiact hostlev recip numa numb ongo2014 version",
            )
        },
        FileKind {
            missing: MISSING,
            years: "endyear",
            ..FileKind::new(
                "MIDB (participants)",
                "dispnum stabb ccode stday stmon styear endday endmon endyear sidea revstate revtype1 revtype2 fatality fatalpre hiact hostlev orig version",
            )
        },
        FileKind {
            need: Need::Optional,
            missing: MISSING,
            years: "endyear",
            ..FileKind::new(
                "MIDIP (incident participants)",
                "dispnum incidnum stabb ccode stday stmon styear endday endmon endyear insidea sidea fatality fatalpre action hostlev revtype1 revtype2 version",
            )
        },
        FileKind {
            need: Need::Nothing("incidents are read per participant, from MIDIP"),
            ..FileKind::new(
                "MIDI (incidents)",
                "dispnum incidnum stday stmon styear endday endmon endyear duration tbi fatality fatalpre action hostlev numa version",
            )
        },
    ],
    editions: &[Edition {
        version: "5.0",
        released: "2020",
        marks: &["5"],
        last_year: 2014,
        rows: &[(DISPUTES, 2_436), (PARTIES, 5_883), (INCIDENTS, 9_619)],
    }],
    coverage: |e| {
        vec![
            Coverage::all("disputes", 1816, e.last_year),
            Coverage::all("dispute_parties", 1816, e.last_year),
            Coverage::all("incidents", 1993, e.last_year),
        ]
    },
    map,
};

/// Incidents published with an end some days before their beginning: the year of the end is kept, the day is not.
const SLIPS: &[i32] = &[4_193_001];
const DISPUTES: &str = "MIDA (disputes)";
const PARTIES: &str = "MIDB (participants)";
const INCIDENTS: &str = "MIDIP (incident participants)";

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let disputes = disputes(files, out)?;
    parties(files, out, &disputes)?;
    if files.get(INCIDENTS).is_some() {
        incidents(files, out, &disputes)?;
    }
    Ok(())
}

fn dates(row: &Row<'_>) -> Result<(When, When), ReadError> {
    let start = row.date("styear", "stmon", "stday")?;
    let end = row.date("endyear", "endmon", "endday")?;
    row.forwards(start, end)?;
    Ok((start, end))
}

fn disputes(files: &Files, out: &mut Output) -> Result<Keys, ReadError> {
    let (mut keys, mut ongoing) = (Keys::default(), 0);
    out.begin("disputes");
    for row in files.rows(DISPUTES) {
        let key = format!("dispnum={}", row.need("dispnum")?);
        keys.add(&row, &key)?;
        row.need_year("styear")?;
        ongoing += usize::from(row.flag("ongo2014")? == Some(true));
        let (start, end) = dates(&row)?;
        let mut cells = vec![
            ("dispute_id", row.text("dispnum").into()),
            ("outcome", row.code("outcome", 1..=9)?.into()),
            ("settlement", row.code("settle", 1..=4)?.into()),
            ("fatality", row.code("fatality", 0..=6)?.into()),
            ("hiact", row.code("hiact", 0..=21)?.into()),
            ("hostility", row.code("hostlev", 1..=5)?.into()),
            ("reciprocated", row.flag("recip")?.into()),
            ("fatalities", row.int("fatalpre")?.into()),
            ("mindur", row.int("mindur")?.into()),
            ("maxdur", row.int("maxdur")?.into()),
            ("start_month", start.month.map(i32::from).into()),
        ];
        cells.extend(spell(start, end));
        out.push("disputes", &cells, key);
    }
    if ongoing > 0 {
        out.note(format!(
            "{ongoing} disputes were under way at the end of 2014 (ongo2014 = 1); their ends are the last acts coded"
        ));
    }
    Ok(keys)
}

fn parties(files: &Files, out: &mut Output, disputes: &Keys) -> Result<(), ReadError> {
    let mut spells: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    for row in files.rows(PARTIES) {
        *spells
            .entry((row.text("dispnum").unwrap_or(""), row.need_state("ccode")?))
            .or_default() += 1;
    }
    let mut keys = Keys::default();
    out.begin("dispute_parties");
    for row in files.rows(PARTIES) {
        let (dispnum, ccode, styear) =
            (row.need("dispnum")?, row.need_state("ccode")?, row.need_year("styear")?);
        disputes.require(&row, &format!("dispnum={dispnum}"), files.name(DISPUTES))?;
        let mut key = format!("dispnum={dispnum} ccode={ccode} styear={styear}");
        let several =
            spells.get(&(row.text("dispnum").unwrap_or(""), ccode)).is_some_and(|n| *n > 1);
        if several {
            let (month, day) = (row.int("stmon")?.unwrap_or(-9), row.int("stday")?.unwrap_or(-9));
            key = format!("{key} stmon={month} stday={day}");
        }
        keys.add(&row, &key)?;
        let (start, end) = dates(&row)?;
        let mut cells = vec![
            ("dispute_id", row.text("dispnum").into()),
            ("ccode", ccode.into()),
            ("side_a", row.flag("sidea")?.into()),
            ("originator", row.flag("orig")?.into()),
            ("revisionist", row.flag("revstate")?.into()),
            ("revtype1", row.code("revtype1", 0..=4)?.into()),
            ("revtype2", row.code("revtype2", 0..=4)?.into()),
            ("fatality", row.code("fatality", 0..=6)?.into()),
            ("hiact", row.code("hiact", 0..=21)?.into()),
            ("hostility", row.code("hostlev", 1..=5)?.into()),
            ("fatalities", row.int("fatalpre")?.into()),
            ("start_month", start.month.map(i32::from).into()),
            ("end_month", end.month.map(i32::from).into()),
        ];
        cells.extend(spell(start, end));
        out.push("dispute_parties", &cells, key);
    }
    Ok(())
}

fn incidents(files: &Files, out: &mut Output, disputes: &Keys) -> Result<(), ReadError> {
    let (mut keys, mut slips) = (Keys::default(), Vec::new());
    out.begin("incidents");
    for row in files.rows(INCIDENTS) {
        let (dispnum, incidnum, ccode) =
            (row.need("dispnum")?, row.need("incidnum")?, row.need_state("ccode")?);
        disputes.require(&row, &format!("dispnum={dispnum}"), files.name(DISPUTES))?;
        let key = format!("incidnum={incidnum} ccode={ccode}");
        keys.add(&row, &key)?;
        row.need_year("styear")?;
        let start = row.date("styear", "stmon", "stday")?;
        let mut end = row.date("endyear", "endmon", "endday")?;
        if SLIPS.contains(&incidnum) && row.forwards(start, end).is_err() {
            slips.push(key.clone());
            end.date = None;
        } else {
            row.forwards(start, end)?;
        }
        let mut cells = vec![
            ("dispute_id", row.text("dispnum").into()),
            ("incident_id", row.text("incidnum").into()),
            ("ccode", ccode.into()),
            ("inside_a", row.flag("insidea")?.into()),
            ("side_a", row.flag("sidea")?.into()),
            ("fatality", row.code("fatality", 0..=6)?.into()),
            ("action", row.code("action", 0..=21)?.into()),
            ("hostility", row.code("hostlev", 1..=5)?.into()),
            ("revtype1", row.code("revtype1", 0..=4)?.into()),
            ("revtype2", row.code("revtype2", 0..=4)?.into()),
        ];
        cells.extend(spell(start, end));
        out.push("incidents", &cells, key);
    }
    if !slips.is_empty() {
        out.note(format!(
            "{} incident spells are published with an end before their beginning; the day of the end is left out: {}",
            slips.len(),
            slips.join(", ")
        ));
    }
    Ok(())
}
