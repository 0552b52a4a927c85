//! Events of the Kansas Event Data System by region, as the R package `events` carries them, with the scales that score them.
//!
//! The files have one header; a region is recognised by its first events. Three sets (Gulf, Balkans, Central Asia) are coded in WEIS and
//! name countries in the older way of the project, whatever the object is called (`gulf.cameo`); two (Levant, Turkey) in CAMEO. A code
//! is a country and what follows it: its first three letters place it.

use super::coded_event::{CodeList, Event, OLD_CAMEO, Place, Side, event_codes, has_root};
use crate::cells::{Cell, Cells};
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need, RowTest};
use crate::error::ReadError;
use crate::output::Output;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const EVENTS: &str = "date source target code";

pub(crate) static DATASET: Dataset = Dataset {
    id: "keds",
    title: "Kansas Event Data System",
    publisher: "Philip A. Schrodt and Deborah J. Gerner, KEDS and Penn State Event Data Project; packaged by Will Lowe",
    citation: "Schrodt, Philip A. and Deborah J. Gerner. 1994. Validity Assessment of a Machine-Coded Event Data Set for the Middle East, 1982-92. American Journal of Political Science 38(3): 825-854; Goldstein, Joshua S. 1992. A Conflict-Cooperation Scale for WEIS Events Data. Journal of Conflict Resolution 36(2): 369-385",
    licence: "free with citation; the package is GPL",
    url: "http://eventdata.parusanalytics.com/data.html",
    get: Get::ByHand(
        "install the R package `events` from its archive (github.com/conjugateprior/events, folder data)",
    ),
    relations: &[("events", Relation::Rival), ("event_codes", Relation::Complement)],
    proposed_as: None,
    tables: &["events"],
    baseline: &[],
    files: &[
        region(LEVANT, EVENTS, |rows| begins(rows, "1979-04-15", "EGYGOV")),
        region(GULF, EVENTS, |rows| begins(rows, "1979-04-15", "IRQ")),
        region(TURKEY, EVENTS, |rows| begins(rows, "1992-01-03", "IRQ")),
        region(CENTRAL_ASIA, EVENTS, |rows| begins(rows, "1989-05-02", "AFGPLC")),
        region(BALKANS, "date source target code desc", |rows| begins(rows, "1989-04-02", "YUG")),
        region(CAMEO_SCALE, "name value", |rows| has(rows, "0211")),
        region(WEIS_SCALE, "name value", |rows| has(rows, "225") && !has(rows, "0211")),
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(NAMES, "cameocode eventdescription")
        },
        FileKind {
            mend: Some(taken_apart),
            bare: Some(|rows| rows.get(0, 0).bytes().all(|b| b.is_ascii_digit())),
            need: Need::Optional,
            version: None,
            ..FileKind::new(CAMEO_LIST, "code goldstein name")
        },
    ],
    editions: &[Edition {
        version: "2017",
        released: "2017-06",
        marks: &[],
        last_year: 2011,
        rows: &[
            (LEVANT, 145_709),
            (GULF, 54_466),
            (TURKEY, 29_029),
            (BALKANS, 72_953),
            (CENTRAL_ASIA, 8_377),
        ],
    }],
    coverage: |_| Vec::new(),
    map,
};

const LEVANT: &str = "levant";
const GULF: &str = "gulf";
const TURKEY: &str = "turkey";
const BALKANS: &str = "balkans";
const CENTRAL_ASIA: &str = "central-asia";
const CAMEO_SCALE: &str = "scores of CAMEO codes";
const WEIS_SCALE: &str = "scores of WEIS codes";
const NAMES: &str = "names of CAMEO codes";
const CAMEO_LIST: &str = "scores and names of CAMEO codes";

/// Codes that in the CAMEO of the scale mean something else than in that of the events (016: an empathetic comment, and a denial), with
/// another score.
const MOVED: [&str; 5] = ["016", "124", "163", "164", "166"];

const fn region(role: &'static str, columns: &'static str, first_rows: RowTest) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        row_test: Some(first_rows),
        ..FileKind::new(role, columns)
    }
}

/// The scale as a text, lines like `010:[0.0] Make statement`, as a table; its remarks become empty lines.
fn taken_apart(text: &str) -> Option<(String, String)> {
    if !text.trim_start().starts_with("## CAMEO SCALE") {
        return None;
    }
    let row = |line: &str| {
        let (code, rest) = line.trim().split_once(":[")?;
        let (score, name) = rest.split_once(']')?;
        Some(format!("{code}\t{score}\t{}", name.trim()))
    };
    let mut codes = 0;
    let mut table = String::with_capacity(text.len());
    for line in text.lines() {
        match row(line) {
            _ if line.starts_with('#') => {}
            Some(row) => {
                codes += 1;
                table.push_str(&row);
            }
            // Whatever else stands there is refused with its place.
            None => table.push_str(line.trim()),
        }
        table.push('\n');
    }
    Some((table, format!("The scale is a text; {codes} codes were read from its lines")))
}

fn begins(rows: &Cells, date: &str, source: &str) -> bool {
    let is = |column, text: &str| {
        rows.column(column).is_some_and(|at| match rows.cell(0, at) {
            Cell::Text(cell) => cell == text,
            Cell::Date(day) => day.to_string() == text,
            _ => false,
        })
    };
    !rows.is_empty() && is("date", date) && is("source", source)
}

fn has(rows: &Cells, code: &str) -> bool {
    let Some(name) = rows.column("name") else { return false };
    (0..rows.len()).any(|row| rows.get(row, name) == code)
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let scale = |role, scheme| CodeList {
        role,
        scheme,
        code: "name",
        name: None,
        goldstein: Some("value"),
    };
    let names = CodeList {
        role: NAMES,
        scheme: "cameo",
        code: "cameocode",
        name: Some("eventdescription"),
        goldstein: None,
    };
    let list = CodeList {
        role: CAMEO_LIST,
        scheme: OLD_CAMEO,
        code: "code",
        name: Some("name"),
        goldstein: Some("goldstein"),
    };
    // The events of one region say what their codes mean.
    let meanings = CodeList {
        role: BALKANS,
        scheme: "weis",
        code: "code",
        name: Some("desc"),
        goldstein: None,
    };
    let lists = [names, scale(CAMEO_SCALE, OLD_CAMEO), list, scale(WEIS_SCALE, "weis"), meanings];
    let scores = event_codes(files, &lists, out)?;
    let (mut mistyped, mut years) = (0, None::<(i32, i32)>);
    let (mut unscored, mut moved) = (0, 0);
    let cameo: Place = |places, code, date| places.from_cameo(code, date);
    let weis: Place = |places, code, date| places.from_keds(code, date);
    for (role, scheme, place) in [
        (LEVANT, "cameo", cameo),
        (GULF, "weis", weis),
        (TURKEY, "cameo", cameo),
        (BALKANS, "weis", weis),
        (CENTRAL_ASIA, "weis", weis),
    ] {
        for row in files.rows(role) {
            let Some(date) = row.calendar_date("date")? else {
                return Err(row.refuse("date", "a date"));
            };
            let year = i32::from(date.year());
            years = Some(years.map_or((year, year), |(from, to)| (from.min(year), to.max(year))));
            let mut side = |column| {
                let code = row.text(column);
                // A country and what follows it; the whole code is in the row.
                let country = code.map(|c| c.get(..3).unwrap_or(c));
                let state = country.and_then(|c| place(out.places(), c, date));
                if let (Some(country), None) = (country, state) {
                    out.unplaced("events", column, country);
                }
                Side { ccode: state, code, name: None }
            };
            let (actor, target) = (side("source"), side("target"));
            let written = row.text("code").ok_or_else(|| row.refuse("code", "an event code"))?;
            let code = written.trim_end_matches(']');
            mistyped += usize::from(code != written);
            if !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(row.refuse("code", "an event code"));
            }
            if scheme == "cameo" && !has_root(code) {
                return Err(row.refuse("code", "a CAMEO code with a root from 01 to 20"));
            }
            let scale = if scheme == "cameo" { OLD_CAMEO } else { scheme };
            let elsewhere = scale == OLD_CAMEO && MOVED.contains(&code);
            let score = scores.get(&(scale, code.to_owned())).copied();
            let goldstein = score.filter(|_| !elsewhere);
            moved += usize::from(score.is_some() && elsewhere);
            unscored += usize::from(score.is_none());
            let number = row.place().row;
            let event = Event {
                id: format!("{role} {number}"),
                date,
                actor,
                target,
                scheme,
                code,
                goldstein,
                quad: None,
                mentions: None,
                location: Side::default(),
            };
            event.push(out, format!("{role} row={number}"));
        }
    }
    if mistyped > 0 {
        out.note(format!(
            "{mistyped} codes are written with a bracket at the end, which is left out"
        ));
    }
    if moved > 0 {
        out.note(format!(
            "{moved} events have a code ({}) that means something else in the CAMEO of the scale: their Goldstein score is null",
            MOVED.join(", ")
        ));
    }
    if unscored > 0 {
        out.note(format!("{unscored} events have a code that the scales at hand do not score: their Goldstein score is null"));
    }
    if let Some((from, to)) = years {
        let claim = Coverage::all("events", from, to)
            .about("events of some regions coded from the leads of one news agency");
        out.claim(Coverage { context: true, ..claim });
    }
    Ok(())
}
