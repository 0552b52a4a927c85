//! UCDP Georeferenced Event Dataset: events of organised violence with their deaths, day and place.
//!
//! No file says which release it is, or whether it is the whole world or one country. The whole is recognised by its size; else what goes
//! around are extracts (of a country, as the Humanitarian Data Exchange gives them out, with a line of tags below the header;
//! of some years; samples): their events are facts, their silence says nothing. An event that two files hold is read once.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Missing, Row};
use crate::text::Cells;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const ROLES: [&str; 3] = ["events", "events of a country (HDX)", "events, columns of 2019"];
/// Every release since 2022 has more events than this.
const WHOLE: usize = 300_000;
pub(super) const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["NA"] }];
pub(super) const EVENTS: &str = "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office source_date source_headline source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob";
const EVENTS_HDX: &str = "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office source_date source_headline source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country iso3 country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob";
const EVENTS_2019: &str = "id year active_year type_of_violence conflict_new_id conflict_name dyad_new_id dyad_name side_a_new_id side_a side_b_new_id gwnob side_b number_of_sources source_article source_office source_date source_headline source_original where_prec where_coordinates adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown low best high";

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-ged",
    title: "UCDP Georeferenced Event Dataset",
    publisher: "Uppsala Conflict Data Program",
    citation: "Sundberg, Ralph and Erik Melander. 2013. Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50(4): 523-532; Davies, Shawn, Therése Pettersson, Margareta Sollenberg and Magnus Öberg. 2025. Journal of Peace Research 62(4).",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::Files(&[Download {
        url: "https://ucdp.uu.se/downloads/ged/ged251-csv.zip",
        sha256: None,
    }]),
    relations: &[("conflict_events", Relation::Complement)],
    proposed_as: None,
    tables: &["conflict_events"],
    baseline: &["conflict_events"],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            row_test: Some(|rows| !is_candidate(rows)),
            ..FileKind::new(ROLES[0], EVENTS)
        },
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            ..FileKind::new(ROLES[1], EVENTS_HDX)
        },
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            ..FileKind::new(ROLES[2], EVENTS_2019)
        },
    ],
    editions: &[Edition {
        version: "unnumbered",
        released: "2011",
        marks: &[],
        last_year: 2024,
        rows: &[],
    }],
    coverage: |e| {
        let claim = Coverage::all("conflict_events", 1989, e.last_year)
            .about("extracts of the event data: what they leave out is not known");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let rows = ROLES.iter().flat_map(|role| files.rows(role));
    let refused = read(rows, out)?;
    if let Some(whole) = files.get(ROLES[0]).filter(|s| s.len() >= WHOLE && refused == 0) {
        let mut last = 1989;
        for row in whole.rows() {
            last = last.max(row.need_year("year")?);
        }
        let scope = "organised violence with deaths, by parties with 25 or more of them in a year";
        out.claim(Coverage::all("conflict_events", 1989, last).about(scope));
    }
    Ok(())
}

/// Whether these are candidate events, which go around under the same header: some are still to be checked, or of parties that have no
/// number or no name yet.
pub(super) fn is_candidate(rows: &Cells) -> bool {
    let some = |column: &str, is: fn(&str) -> bool| {
        rows.column(column).is_some_and(|at| (0..rows.len()).any(|row| is(rows.get(row, at))))
    };
    some("code_status", |status| status.starts_with("Check"))
        || some("conflict_dset_id", |id| id.contains("XXX"))
}

/// Reads events, each once, and says how many rows were refused: those whose days were damaged, as spreadsheets do.
pub(super) fn read<'a>(
    rows: impl Iterator<Item = Row<'a>>,
    out: &mut Output,
) -> Result<usize, ReadError> {
    let mut seen = BTreeSet::new();
    let (mut tags, mut again, mut refused) = (0, 0, 0);
    out.begin("conflict_events");
    for row in rows {
        if row.text("id").is_none() && row.text("year").is_some_and(|y| y.starts_with('#')) {
            tags += 1;
            continue;
        }
        let event = row.need("id")?;
        let days = day(&row, "date_start").and_then(|first| Ok((first, day(&row, "date_end")?)));
        let Some(days) = out.or_refuse(days)? else {
            refused += 1;
            continue;
        };
        if seen.insert(event) {
            write(&row, event, days, out)?;
        } else {
            again += 1;
        }
    }
    if tags > 0 {
        out.note(format!("{tags} line of tags (HXL) below the header is not an event"));
    }
    if again > 0 {
        out.note(format!("{again} events stand in more than one of the files and are read once"));
    }
    Ok(refused)
}

/// A day with its year first, as UCDP writes it: of others it is not known whether the day or the month comes first.
fn day(row: &Row<'_>, column: &str) -> Result<Option<Date>, ReadError> {
    let begins_with_year = |text: &str| text.get(..4).is_some_and(|y| y.parse::<u16>().is_ok());
    match row.text(column) {
        Some(text) if !begins_with_year(text) => Err(row.refuse(column, "a day, as YYYY-MM-DD")),
        _ => row.calendar_date(column),
    }
}

fn write(
    row: &Row<'_>,
    event: i32,
    (first, last): (Option<Date>, Option<Date>),
    out: &mut Output,
) -> Result<(), ReadError> {
    let year = row.need_year("year")?;
    let mut key = format!("id={event}");
    let mut cells: Vec<(&'static str, Value)> = vec![
        ("event_id", event.to_string().into()),
        ("date", first.into()),
        ("end_date", last.into()),
        ("year", year.into()),
        ("date_precision", row.code("date_prec", 1..=5)?.into()),
        ("violence", row.code("type_of_violence", 1..=3)?.into()),
        ("conflict_id", row.int("conflict_new_id")?.map(|c| c.to_string()).into()),
        ("dyad_id", row.int("dyad_new_id")?.map(|c| c.to_string()).into()),
        ("side_a", row.text("side_a").into()),
        ("side_b", row.text("side_b").into()),
        ("place", row.text("where_coordinates").into()),
        ("place_precision", row.code("where_prec", 1..=7)?.into()),
        ("latitude", row.float("latitude")?.into()),
        ("longitude", row.float("longitude")?.into()),
        ("status", row.text("code_status").into()),
    ];
    for (name, column) in [("ccode_a", "gwnoa"), ("ccode_b", "gwnob"), ("country", "country_id")] {
        let gwno = row.int(column)?;
        let ccode = gwno.and_then(|g| out.places().from_gw(g, year));
        if let (Some(gwno), None) = (gwno, ccode) {
            out.unplaced("conflict_events", name, gwno);
            key = format!("{key} {column}={gwno}");
        }
        cells.push((name, ccode.into()));
    }
    for (name, column) in [
        ("best", "best"),
        ("low", "low"),
        ("high", "high"),
        ("deaths_a", "deaths_a"),
        ("deaths_b", "deaths_b"),
        ("deaths_civilians", "deaths_civilians"),
        ("deaths_unknown", "deaths_unknown"),
    ] {
        cells.push((name, row.int(column)?.into()));
    }
    out.push("conflict_events", &cells, key);
    Ok(())
}
