//! International Military Intervention, 1946-2005: the two collections of ICPSR (6035 and 21282) in one file.
//!
//! Dates are `YYYYMMDD`. 99999999 is not known, 88888888 went on when the data ended; a day that its month does not have (31 June) stands for
//! the end of a month, and the month is read. Of organisations and coalitions (1000 and above) the number is kept. Casualties of nines
//! alone are not known; 998 is a least number.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const INTERVENTIONS: &str = "interventions";
const UNKNOWN: &str = "99999999";
const ONGOING: &str = "88888888";
/// At least so many: the exact number is uncertain.
const AT_LEAST: i32 = 998;
/// Not a state: an organisation or a coalition.
const ORGANISATIONS: i32 = 1000;
const CODES: &[&str] = &[
    "source",
    "direction",
    "type",
    "amount",
    "air",
    "naval",
    "size_naval",
    "firing_outside",
    "domestic_dispute",
    "affect_policies",
    "social_protective",
    "pursuit_border",
    "economic",
    "strategic",
    "humanitarian",
    "territorial",
    "military/diplomatic",
    "contiguity",
    "int_contig",
];
const NINES: &[&str] = &["999", "9999", "99999", "999999", "9999999", "99999999"];
const MISSING: &[Missing] = &[
    Missing { columns: CODES, codes: &["9"] },
    Missing { columns: &["intervener_casualties", "target_casualties"], codes: NINES },
];
/// Column here, as published, and the highest code.
const SCALES: [(&str, &str, i32); 11] = [
    ("origin", "source", 4),
    ("direction", "direction", 6),
    ("activity", "type", 5),
    ("troops", "amount", 4),
    ("air", "air", 5),
    ("naval", "naval", 5),
    ("naval_size", "size_naval", 2),
    ("firing_outside", "firing_outside", 2),
    ("territorial", "territorial", 2),
    ("contiguous", "contiguity", 2),
    ("from_contiguous", "int_contig", 2),
];
const FLAGS: [(&str, &str); 8] = [
    ("domestic_dispute", "domestic_dispute"),
    ("affect_policies", "affect_policies"),
    ("social", "social_protective"),
    ("pursuit", "pursuit_border"),
    ("economic", "economic"),
    ("strategic", "strategic"),
    ("humanitarian", "humanitarian"),
    ("diplomatic", "military/diplomatic"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "imi",
    title: "International Military Intervention, 1946-2005",
    publisher: "Pearson and Baumann; Kisangani and Pickering (ICPSR 6035 and 21282)",
    citation: "Pearson, Frederic S. and Robert A. Baumann. 1993. International Military Intervention, 1946-1988. Ann Arbor, MI: ICPSR 6035; Kisangani, Emizet N. F. and Jeffrey Pickering. 2008. International Military Intervention, 1989-2005. Ann Arbor, MI: ICPSR 21282",
    licence: "ICPSR terms of use: no redistribution",
    url: "https://www.icpsr.umich.edu/web/ICPSR/studies/21282",
    get: Get::ByHand(
        "sign in at ICPSR, download studies 6035 and 21282, and add the file of both as CSV with its 26 named columns",
    ),
    relations: &[("interventions", Relation::Complement)],
    proposed_as: None,
    tables: &["interventions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: MISSING,
        ..FileKind::new(
            INTERVENTIONS,
            "intervener target start end source direction type amount air naval size_naval firing_outside intervener_casualties target_casualties domestic_dispute affect_policies social_protective pursuit_border economic strategic humanitarian territorial military/diplomatic contiguity int_contig description",
        )
    }],
    editions: &[Edition {
        version: "2005",
        released: "2008-01",
        marks: &[],
        last_year: 2005,
        rows: &[(INTERVENTIONS, 1_111)],
    }],
    coverage: |e| {
        let scope =
            "regular forces inside another state in a political dispute, as reported in the press";
        vec![Coverage::all("interventions", 1946, e.last_year).about(scope)]
    },
    map,
};

/// What the notes of the source say, counted row by row.
#[derive(Default)]
struct Met {
    organisations: usize,
    no_day: Vec<String>,
    unknown_start: usize,
    unknown_end: usize,
    ongoing: usize,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut met) = (Keys::default(), Met::default());
    out.begin("interventions");
    for row in files.rows(INTERVENTIONS) {
        let made = made(&row, &mut keys, &mut met);
        if let Some((cells, key)) = out.or_refuse(made)? {
            out.push("interventions", &cells, key);
        }
    }
    if !met.no_day.is_empty() {
        out.note(format!(
            "{} dates have a day that their month does not have, and are read to the month: {}",
            met.no_day.len(),
            met.no_day.join(", ")
        ));
    }
    out.note(format!(
        "{} interventions are of organisations or coalitions (numbers of 1000 and above), which are no states",
        met.organisations
    ));
    out.note(format!(
        "{} went on when the data ended and stand as open; of {} it is not known when they ended, and of {} when they began: the latter stand in no year",
        met.ongoing, met.unknown_end, met.unknown_start
    ));
    out.note("Origins 3 and 4, and the codes 0 and 1 of firing_outside, are as published: the codebook does not have them in this form");
    Ok(())
}

type Cells = Vec<(&'static str, Value)>;

fn made(row: &Row<'_>, keys: &mut Keys, met: &mut Met) -> Result<(Cells, String), ReadError> {
    let (actor, target) = (row.need_state("intervener")?, row.need_state("target")?);
    let text = |column: &str| row.text(column).unwrap_or("");
    let key =
        format!("intervener={actor} target={target} start={} end={}", text("start"), text("end"));
    let ongoing = row.text("end") == Some(ONGOING);
    let mut no_day = Vec::new();
    let start = date(row, "start", &mut no_day)?;
    let end = if ongoing { When::default() } else { date(row, "end", &mut no_day)? };
    row.forwards(start, end)?;
    keys.add(row, &key)?;
    let mut cells: Cells = vec![
        ("ccode", (actor < ORGANISATIONS).then_some(actor).into()),
        ("actor", actor.into()),
        ("target", target.into()),
        ("target_code", target.into()),
        ("ongoing", ongoing.into()),
        ("start_month", start.month.map(i32::from).into()),
        ("end_month", end.month.map(i32::from).into()),
        ("description", row.text("description").into()),
    ];
    for (name, column, most) in SCALES {
        cells.push((name, row.code(column, 0..=most)?.into()));
    }
    for (name, column) in FLAGS {
        cells.push((name, row.flag(column)?.into()));
    }
    for (name, least, column) in [
        ("casualties", "casualties_least", "intervener_casualties"),
        ("target_casualties", "target_casualties_least", "target_casualties"),
    ] {
        let number = row.code(column, 0..=i32::MAX)?;
        cells.push((name, number.into()));
        cells.push((least, number.map(|n| n == AT_LEAST).into()));
    }
    cells.extend(spell(start, end));
    met.no_day.extend(no_day);
    met.organisations += usize::from(actor >= ORGANISATIONS);
    met.ongoing += usize::from(ongoing);
    met.unknown_start += usize::from(start.year.is_none());
    met.unknown_end += usize::from(!ongoing && end.year.is_none());
    Ok((cells, key))
}

/// A date; of a day that its month does not have, the month.
fn date(row: &Row<'_>, column: &str, no_day: &mut Vec<String>) -> Result<When, ReadError> {
    let text = row.text(column).ok_or_else(|| row.refuse(column, "a day, as YYYYMMDD"))?;
    if text == UNKNOWN {
        return Ok(When::default());
    }
    if let Some(when) = When::compact(text) {
        return Ok(when);
    }
    let month = text.get(..6).and_then(|m| When::compact(&format!("{m}00")));
    let after_the_last = text.get(6..).is_some_and(|day| matches!(day, "29" | "30" | "31"));
    match month.filter(|_| after_the_last) {
        Some(month) => {
            no_day.push(format!("{text} (line {})", row.place().line));
            Ok(month)
        }
        None => Err(row.refuse(column, "a day, as YYYYMMDD")),
    }
}
