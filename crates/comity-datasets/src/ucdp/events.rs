//! UCDP Georeferenced Event Dataset: events of organised violence with their deaths, day and place.
//!
//! No file says which release it is, or whether it is the whole world or one country. The whole is recognised by its size; else what goes
//! around are extracts (of a country, as the Humanitarian Data Exchange gives them out, with a line of tags below the header;
//! of some years; samples): their events are facts, their silence says nothing. An event that two files hold is read once.

use std::collections::BTreeSet;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const ROLES: [&str; 3] = ["events", "events of a country (HDX)", "events, columns of 2019"];
/// Every release since 2022 has more events than this.
const WHOLE: usize = 300_000;
const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["NA"] }];
const EVENTS: &str = "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office source_date source_headline source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob";
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
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
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
    let mut seen = BTreeSet::new();
    let (mut tags, mut again) = (0, 0);
    out.begin("conflict_events");
    for row in ROLES.iter().flat_map(|role| files.rows(role)) {
        if row.text("id").is_none() && row.text("year").is_some_and(|y| y.starts_with('#')) {
            tags += 1;
            continue;
        }
        let event = row.need("id")?;
        if !seen.insert(event) {
            again += 1;
            continue;
        }
        write(&row, event, out)?;
    }
    if let Some(whole) = files.get(ROLES[0]).filter(|s| s.len() >= WHOLE) {
        let mut last = 1989;
        for row in whole.rows() {
            last = last.max(row.need_year("year")?);
        }
        let scope = "organised violence with deaths, by parties with 25 or more of them in a year";
        out.claim(Coverage::all("conflict_events", 1989, last).about(scope));
    }
    if tags > 0 {
        out.note(format!("{tags} line of tags (HXL) below the header is not an event"));
    }
    if again > 0 {
        out.note(format!("{again} events stand in more than one of the files and are read once"));
    }
    Ok(())
}

fn write(row: &Row<'_>, event: i32, out: &mut Output) -> Result<(), ReadError> {
    let year = row.need_year("year")?;
    let mut key = format!("id={event}");
    let mut cells: Vec<(&'static str, Value)> = vec![
        ("event_id", event.to_string().into()),
        ("date", row.calendar_date("date_start")?.into()),
        ("end_date", row.calendar_date("date_end")?.into()),
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
