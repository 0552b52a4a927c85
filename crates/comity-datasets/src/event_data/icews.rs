//! ICEWS coded events, a file a year or a piece of one, and the yearly counts by dyad that the netify package carries.
//!
//! Countries are written as names. The counts are of 152 states that the package kept.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use super::coded_event::{CodeList, Event, Side, cameo_code, event_codes, placed};
use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Missing, Row, Sheet, shorten};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["NA", "NULL"] }];

pub(crate) static DATASET: Dataset = Dataset {
    id: "icews",
    title: "ICEWS Coded Event Data",
    publisher: "Lockheed Martin, on Harvard Dataverse",
    citation: "Boschee, Elizabeth, Jennifer Lautenschlager, Sean O'Brien, Steve Shellman, James Starz and Michael Ward. 2015. ICEWS Coded Event Data. Harvard Dataverse, doi:10.7910/DVN/28075",
    licence: "CC0 1.0",
    url: "https://doi.org/10.7910/DVN/28075",
    get: Get::ByHand("download the files of the years wanted from its Dataverse page"),
    relations: &[
        ("events", Relation::Rival),
        ("event_codes", Relation::Complement),
        ("event_years", Relation::Complement),
    ],
    proposed_as: None,
    tables: &["events", "event_years"],
    baseline: &["events"],
    files: &[
        FileKind {
            optional: "year yearmonth",
            many: true,
            apart: true,
            ..kind(
                EVENTS,
                "event_id event_date source_name source_sectors source_country event_text cameo_code intensity target_name target_sectors target_country story_id sentence_number publisher city district province country latitude longitude",
            )
        },
        FileKind { open: true, ..kind(YEARS, "i j year id verbcoop matlcoop verbconf matlconf") },
        FileKind {
            optional: "root_code order",
            many: true,
            ..kind(
                CODES,
                "eventtype_id name code goldstein nsleft nsright description usage_notes example",
            )
        },
        kind(MAPPINGS, "code name goldstein nsleft nsright"),
        FileKind {
            many: true,
            ..kind(MORE, "name code goldstein description usage_notes example")
        },
    ],
    editions: &[Edition {
        version: "unnumbered",
        released: "2015-03",
        marks: &[],
        last_year: 2023,
        rows: &[],
    }],
    coverage: |_| Vec::new(),
    map,
};

const EVENTS: &str = "events";
const YEARS: &str = "counts by year and dyad (netify)";
const CODES: &str = "event types";
const MAPPINGS: &str = "Goldstein scores";
const MORE: &str = "CAMEO event types";

const fn kind(role: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        missing: MISSING,
        ..FileKind::new(role, columns)
    }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let list = |role| CodeList {
        role,
        scheme: "cameo",
        code: "code",
        name: Some("name"),
        goldstein: Some("goldstein"),
    };
    event_codes(files, &[list(CODES), list(MAPPINGS), list(MORE)], out)?;
    events(files, out)?;
    years(files, out)
}

fn events(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut seen: BTreeMap<i32, (u64, usize, u32)> = BTreeMap::new();
    let (mut again, mut elsewhere, mut years) = (0, 0, None::<(i32, i32)>);
    let sheets: Vec<&Sheet> = files.all(EVENTS).collect();
    let rows = sheets.iter().enumerate().flat_map(|(nth, s)| s.rows().map(move |row| (nth, row)));
    for (nth, row) in rows {
        let id = row.need("event_id")?;
        // A number is that of one event: a row that repeats it says the same, or one of the two is wrong.
        let this = (content(&row), nth, row.place().row);
        if let Some(first) = seen.insert(id, this) {
            if first.0 != this.0 {
                return Err(other_event(id, &row, sheets.get(first.1), first.2));
            }
            if first.1 == nth {
                again += 1;
            } else {
                elsewhere += 1;
            }
            continue;
        }
        let Some(date) = row.calendar_date("event_date")? else {
            return Err(row.refuse("event_date", "a date"));
        };
        let year = i32::from(date.year());
        years = Some(years.map_or((year, year), |(from, to)| (from.min(year), to.max(year))));
        let mut side = |country, name| {
            let code = row.text(country);
            Side { ccode: placed(out, country, code, date, state), code, name: row.text(name) }
        };
        let actor = side("source_country", "source_name");
        let target = side("target_country", "target_name");
        let location = side("country", "city");
        let code = cameo_code(&row, "cameo_code")?;
        let goldstein = row.float("intensity")?;
        if goldstein.is_some_and(|g| !(-10.0..=10.0).contains(&g)) {
            return Err(row.refuse("intensity", "a score from -10 to 10"));
        }
        let event = Event {
            id: id.to_string(),
            date,
            actor,
            target,
            scheme: "cameo",
            code,
            goldstein,
            quad: None,
            mentions: None,
            location,
        };
        event.push(out, format!("event_id={id}"));
    }
    for (rows, file) in [(again, "the same"), (elsewhere, "another")] {
        if rows > 0 {
            let plural = if rows == 1 { "row repeats" } else { "rows repeat" };
            out.note(format!("{rows} {plural} an event of {file} file; each is read once"));
        }
    }
    if let Some((from, to)) = years {
        let claim = Coverage::all("events", from, to)
            .about("events coded from news; whether a year is whole its file does not say");
        out.claim(Coverage { context: true, ..claim });
    }
    Ok(())
}

/// What a row says of its event: its day and its code. Names are written in other letters in other copies of the files.
fn content(row: &Row<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for column in ["event_date", "cameo_code"] {
        row.text(column).hash(&mut hasher);
    }
    hasher.finish()
}

/// The error for a number of an event that stands for another event too.
fn other_event(id: i32, row: &Row<'_>, sheet: Option<&&Sheet>, first: u32) -> ReadError {
    let there = sheet.and_then(|sheet| sheet.rows().nth(first as usize - 1));
    let words = |row: &Row<'_>| {
        let cells = ["event_date", "cameo_code"].map(|c| row.text(c).unwrap_or("nothing"));
        cells.map(shorten).join(", ")
    };
    let first = there.map_or_else(String::new, |r| format!("{} ({})", r.place(), words(&r)));
    ReadError::Another {
        place: Box::new(row.place()),
        key: format!("event_id={id}"),
        what: words(row),
        first,
    }
}

/// A country by its name: `Congo` is the one whose capital is Brazzaville, the other is written in full.
fn state(places: &Places, name: &str, date: Date) -> Option<i32> {
    places.from_name(if name == "Congo" { "Republic of the Congo" } else { name }, date)
}

fn years(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut span = None::<(i32, i32)>;
    let mut known = BTreeMap::new();
    for row in files.rows(YEARS) {
        let year = row.need_year("year")?;
        span = Some(span.map_or((year, year), |(from, to)| (from.min(year), to.max(year))));
        let (actor, target) = (name(&row, "i")?, name(&row, "j")?);
        let mut place = |column, name| {
            // The same names come back in every row.
            let ccode =
                *known.entry((name, year)).or_insert_with(|| out.places().from_name(name, year));
            if ccode.is_none() {
                out.unplaced("event_years", column, name);
            }
            ccode
        };
        let (ccode, partner) = (place("i", actor), place("j", target));
        let count = |column| row.code(column, 0..=i32::MAX);
        let cells = [
            ("ccode", ccode.into()),
            ("partner", partner.into()),
            ("actor", actor.into()),
            ("target", target.into()),
            ("year", year.into()),
            ("verbal_cooperation", count("verbcoop")?.into()),
            ("material_cooperation", count("matlcoop")?.into()),
            ("verbal_conflict", count("verbconf")?.into()),
            ("material_conflict", count("matlconf")?.into()),
        ];
        out.push("event_years", &cells, format!("id={}", row.text("id").unwrap_or_default()));
    }
    if let Some((from, to)) = span {
        let claim = Coverage::all("event_years", from, to)
            .about("events coded from news between the states that the package kept");
        out.claim(Coverage { context: true, ..claim });
    }
    Ok(())
}

fn name<'a>(row: &Row<'a>, column: &str) -> Result<&'a str, ReadError> {
    row.text(column).ok_or_else(|| row.refuse(column, "a country's name"))
}
