//! GDELT event exports: files of 15 minutes (2.0) or a day (1.0), without a header line.
//!
//! An actor's country code places it; an actor without one (a role, an organisation, a faith) keeps its code. These files are
//! slices of a stream: their events are facts, their silence says nothing. To add up many of them, see [`crate::events`].
//!
//! Each event carries its score. The list of codes with scores that goes around with them is of an older CAMEO, in which some codes
//! mean something else: it is kept as a scheme of its own.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::coded_event::{CodeList, Event, OLD_CAMEO, Side, cameo_code, event_codes, placed};
use crate::cells::Cells;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need, RowTest};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "gdelt",
    title: "GDELT Events",
    publisher: "The GDELT Project",
    citation: "Leetaru, Kalev and Philip A. Schrodt. 2013. GDELT: Global Data on Events, Location, and Tone, 1979-2012. ISA Annual Convention, San Francisco",
    licence: "free for any use, with citation and a link to the GDELT Project",
    url: "https://www.gdeltproject.org/data.html",
    get: Get::ByHand(
        "choose the days or quarters of an hour in the file lists on its page, and download their export files",
    ),
    relations: &[("events", Relation::Rival), ("event_codes", Relation::Complement)],
    proposed_as: None,
    tables: &["events"],
    baseline: &[],
    files: &[
        export(NEW, "2.0", NEW_COLUMNS),
        export(OLD, "1.0", OLD_COLUMNS),
        export(OLDEST, "1.0", OLDEST_COLUMNS),
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(SCORES, "description goldsteinscale cameocode")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(NAMES, "cameoeventcode eventdescription")
        },
        nothing("mentions", MENTIONS, MENTION_COLUMNS),
        FileKind {
            bare: Some(IS_MENTIONS),
            ..nothing("mentions (no header)", MENTIONS, MENTION_COLUMNS)
        },
        nothing("columns", COLUMNS, "name type description"),
        nothing("columns (names alone)", COLUMNS, "tableid"),
        nothing("columns (header row)", COLUMNS, "tableid datatype empty description"),
        FileKind {
            bare: Some(|rows| is_json(rows, "\"value\"")),
            ..nothing(
                "codes with scores (JSON)",
                "its scores are not those that GDELT's events carry",
                "line",
            )
        },
        FileKind {
            bare: Some(|rows| is_json(rows, "\"name\"")),
            ..nothing(
                "codes with names (JSON)",
                "the names of the codes are read from GDELT's own list (CAMEO.eventcodes.txt)",
                "line",
            )
        },
    ],
    editions: &[
        Edition { version: "1.0", released: "2013", marks: &[], last_year: 2026, rows: &[] },
        Edition { version: "2.0", released: "2015-02", marks: &[], last_year: 2026, rows: &[] },
    ],
    coverage: |_| Vec::new(),
    map,
};

const MENTIONS: &str = "each line is an article that mentions an event, not an event";
const MENTION_COLUMNS: &str = "globaleventid eventtimedate mentiontimedate mentiontype mentionsourcename mentionidentifier sentenceid actor1charoffset actor2charoffset actioncharoffset inrawtext confidence mentiondoclen mentiondoctone mentiondoctranslationinfo extras";
const COLUMNS: &str = "it says what the columns of the export files are, which the program knows";
const NEW: &str = "export";
const OLD: &str = "export (58 columns)";
const OLDEST: &str = "export (57 columns)";
const SCORES: &str = "codes with scores";
const NAMES: &str = "codes with names";
const NEW_COLUMNS: &str = "globaleventid sqldate monthyear year fractiondate actor1code actor1name actor1countrycode actor1knowngroupcode actor1ethniccode actor1religion1code actor1religion2code actor1type1code actor1type2code actor1type3code actor2code actor2name actor2countrycode actor2knowngroupcode actor2ethniccode actor2religion1code actor2religion2code actor2type1code actor2type2code actor2type3code isrootevent eventcode eventbasecode eventrootcode quadclass goldsteinscale nummentions numsources numarticles avgtone actor1geo_type actor1geo_fullname actor1geo_countrycode actor1geo_adm1code actor1geo_adm2code actor1geo_lat actor1geo_long actor1geo_featureid actor2geo_type actor2geo_fullname actor2geo_countrycode actor2geo_adm1code actor2geo_adm2code actor2geo_lat actor2geo_long actor2geo_featureid actiongeo_type actiongeo_fullname actiongeo_countrycode actiongeo_adm1code actiongeo_adm2code actiongeo_lat actiongeo_long actiongeo_featureid dateadded sourceurl";
const OLD_COLUMNS: &str = "globaleventid sqldate monthyear year fractiondate actor1code actor1name actor1countrycode actor1knowngroupcode actor1ethniccode actor1religion1code actor1religion2code actor1type1code actor1type2code actor1type3code actor2code actor2name actor2countrycode actor2knowngroupcode actor2ethniccode actor2religion1code actor2religion2code actor2type1code actor2type2code actor2type3code isrootevent eventcode eventbasecode eventrootcode quadclass goldsteinscale nummentions numsources numarticles avgtone actor1geo_type actor1geo_fullname actor1geo_countrycode actor1geo_adm1code actor1geo_lat actor1geo_long actor1geo_featureid actor2geo_type actor2geo_fullname actor2geo_countrycode actor2geo_adm1code actor2geo_lat actor2geo_long actor2geo_featureid actiongeo_type actiongeo_fullname actiongeo_countrycode actiongeo_adm1code actiongeo_lat actiongeo_long actiongeo_featureid dateadded sourceurl";
const OLDEST_COLUMNS: &str = "globaleventid sqldate monthyear year fractiondate actor1code actor1name actor1countrycode actor1knowngroupcode actor1ethniccode actor1religion1code actor1religion2code actor1type1code actor1type2code actor1type3code actor2code actor2name actor2countrycode actor2knowngroupcode actor2ethniccode actor2religion1code actor2religion2code actor2type1code actor2type2code actor2type3code isrootevent eventcode eventbasecode eventrootcode quadclass goldsteinscale nummentions numsources numarticles avgtone actor1geo_type actor1geo_fullname actor1geo_countrycode actor1geo_adm1code actor1geo_lat actor1geo_long actor1geo_featureid actor2geo_type actor2geo_fullname actor2geo_countrycode actor2geo_adm1code actor2geo_lat actor2geo_long actor2geo_featureid actiongeo_type actiongeo_fullname actiongeo_countrycode actiongeo_adm1code actiongeo_lat actiongeo_long actiongeo_featureid dateadded";

const fn export(role: &'static str, edition: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        edition: Some(edition),
        bare: Some(IS_EXPORT),
        many: true,
        apart: true,
        ..FileKind::new(role, columns)
    }
}

const fn nothing(role: &'static str, why: &'static str, columns: &'static str) -> FileKind {
    FileKind { need: Need::Nothing(why), version: None, ..FileKind::new(role, columns) }
}

/// The day, its month and its year stand in the second, third and fourth column.
const IS_EXPORT: RowTest = |rows| digits(rows, &[(1, 8), (2, 6), (3, 4)]);

/// The times of the event and of the mention, to the second, stand in the second and third column.
const IS_MENTIONS: RowTest = |rows| digits(rows, &[(1, 14), (2, 14)]);

/// Whether these columns are numbers of so many digits in the first rows.
fn digits(rows: &Cells, columns: &[(usize, usize)]) -> bool {
    let number = |row: usize, column: usize, digits: usize| {
        let cell = rows.get(row, column);
        cell.len() == digits && cell.bytes().all(|b| b.is_ascii_digit())
    };
    !rows.is_empty()
        && (0..rows.len().min(5)).all(|r| columns.iter().all(|(c, d)| number(r, *c, *d)))
}

/// Whether these are the lines of an object of CAMEO codes, each with this member first.
fn is_json(rows: &Cells, member: &str) -> bool {
    rows.len() > 2
        && rows.get(0, 0) == "{"
        && rows.get(1, 0).starts_with("\"01\":")
        && rows.get(2, 0).starts_with(member)
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let names = CodeList {
        role: NAMES,
        scheme: "cameo",
        code: "cameoeventcode",
        name: Some("eventdescription"),
        goldstein: None,
    };
    let scores = CodeList {
        role: SCORES,
        scheme: OLD_CAMEO,
        code: "cameocode",
        name: Some("description"),
        goldstein: Some("goldsteinscale"),
    };
    event_codes(files, &[names, scores], out)?;
    let mut seen = BTreeSet::new();
    let (mut again, mut years) = (0, None::<(i32, i32)>);
    for row in [NEW, OLD, OLDEST].iter().flat_map(|role| files.rows(role)) {
        let id =
            row.text("globaleventid").ok_or_else(|| row.refuse("globaleventid", "a number"))?;
        let date = day(&row, "sqldate")?;
        if !seen.insert(id) {
            again += 1;
            continue;
        }
        let year = i32::from(date.year());
        years = Some(years.map_or((year, year), |(from, to)| (from.min(year), to.max(year))));
        let (actor, target) = (side(&row, 1, date, out), side(&row, 2, date, out));
        let fips = row.text("actiongeo_countrycode");
        let location = Side {
            ccode: placed(
                out,
                "actiongeo_countrycode",
                fips,
                date,
                super::super::codes::Places::from_fips,
            ),
            code: fips,
            name: row.text("actiongeo_fullname"),
        };
        let code = cameo_code(&row, "eventcode")?;
        let goldstein = row.float("goldsteinscale")?;
        if goldstein.is_some_and(|g| !(-10.0..=10.0).contains(&g)) {
            return Err(row.refuse("goldsteinscale", "a score from -10 to 10"));
        }
        let event = Event {
            id: id.to_owned(),
            date,
            actor,
            target,
            scheme: "cameo",
            code,
            goldstein,
            quad: row.code("quadclass", 1..=4)?,
            mentions: row.int("nummentions")?,
            location,
        };
        event.push(out, format!("globaleventid={id}"));
    }
    if again > 0 {
        out.note(format!(
            "{again} lines repeat an event that stands in these files already; each is read once"
        ));
    }
    if let Some((from, to)) = years {
        let claim = Coverage::all("events", from, to)
            .about("slices of a stream of coded news: what they leave out is not known");
        out.claim(Coverage { context: true, ..claim });
    }
    Ok(())
}

/// A side of a row: its country code places it, and without one its own code is counted.
fn side<'a>(row: &Row<'a>, number: usize, date: Date, out: &mut Output) -> Side<'a> {
    let [code, name, country] = match number {
        1 => ["actor1code", "actor1name", "actor1countrycode"],
        _ => ["actor2code", "actor2name", "actor2countrycode"],
    };
    let own = row.text(code);
    let state = match row.text(country) {
        Some(there) => {
            placed(out, country, Some(there), date, super::super::codes::Places::from_cameo)
        }
        None => placed(out, code, own, date, |_, _, _| None),
    };
    Side { ccode: state, code: own, name: row.text(name) }
}

/// A day as `YYYYMMDD`.
fn day(row: &Row<'_>, column: &str) -> Result<Date, ReadError> {
    let refuse = || row.refuse(column, "a day that exists, as YYYYMMDD");
    let number = row.need(column)?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let date = Date::new(i16::try_from(year).map_err(|_| refuse())?, month as i8, day as i8);
    date.ok().filter(|d| d.year() >= 1900).ok_or_else(refuse)
}
