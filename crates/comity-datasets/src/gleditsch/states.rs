//! The list of independent states of Gleditsch and Ward, from its author's workbook or from packages that carry it.
//!
//! The packages agree on every day; those with microstates are the newer edition here.

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "gw-states",
    title: "Revised List of Independent States since the Congress of Vienna",
    publisher: "Kristian S. Gleditsch and Michael D. Ward",
    citation: "Gleditsch, Kristian S. and Michael D. Ward. 1999. Interstate System Membership: A Revised List of the Independent States since the Congress of Vienna. International Interactions 25(4): 393-413",
    licence: "free with citation",
    url: "http://ksgleditsch.com/statelist.html",
    get: Get::ByHand(
        "download the list from its page, or use a package that carries it (states, peacesciencer, isard)",
    ),
    relations: &[("gw_states", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        list(WORKBOOK, "2017", "cow_nr. cow_id name_of_state start end"),
        list(PEACESCIENCER, "2017", "gwcode stateabb statename startdate enddate"),
        list(STATES, "2020", "gwcode gwc country_name start end microstate"),
        list(ISARD, "2020", "gwcode gw_abb gw_name microstate start end"),
    ],
    editions: &[
        Edition {
            version: "2017",
            released: "2017",
            marks: &[],
            last_year: 2017,
            rows: &[(WORKBOOK, 216), (PEACESCIENCER, 216)],
        },
        Edition {
            version: "2020",
            released: "2020",
            marks: &[],
            last_year: 2020,
            rows: &[(STATES, 239), (ISARD, 239)],
        },
    ],
    coverage: |e| vec![Coverage::all("gw_states", 1816, e.last_year)],
    map,
};

const WORKBOOK: &str = "list";
const PEACESCIENCER: &str = "list in peacesciencer";
const STATES: &str = "list in states";
const ISARD: &str = "list in isard";

const fn list(role: &'static str, edition: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        edition: Some(edition),
        ..FileKind::new(role, columns)
    }
}

/// Where each packaging has number, abbreviation, name, first and last day.
const COLUMNS: [(&str, [&str; 5]); 4] = [
    (WORKBOOK, ["cow_nr.", "cow_id", "name_of_state", "start", "end"]),
    (PEACESCIENCER, ["gwcode", "stateabb", "statename", "startdate", "enddate"]),
    (ISARD, ["gwcode", "gw_abb", "gw_name", "start", "end"]),
    (STATES, ["gwcode", "gwc", "country_name", "start", "end"]),
];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("gw_states");
    let mut there = COLUMNS.iter().filter(|(role, _)| files.get(role).is_some());
    let Some((role, [number, abbr, name, first, last])) = there.next() else { return Ok(()) };
    for (other, _) in there {
        out.note(format!("{}: the same list once more, not read", files.name(other)));
    }
    let mut keys = Keys::default();
    for row in files.rows(role) {
        let gwcode = row.need_state(number)?;
        let day = |column| -> Result<Date, ReadError> {
            row.calendar_date(column)?.ok_or_else(|| row.refuse(column, "a date"))
        };
        let (start, end) = (day(first)?, day(last)?);
        row.forwards(When::day(start), When::day(end))?;
        let key = format!("{number}={gwcode} {first}={start}");
        keys.add(&row, &key)?;
        // The packages close what is open with the last day of their list, or with the last day there is.
        let open = i32::from(end.year()) >= files.edition().last_year;
        let microstate = match row.text("microstate") {
            Some("1" | "TRUE" | "true") => Some(true),
            Some("0" | "FALSE" | "false") => Some(false),
            None => None,
            Some(_) => return Err(row.refuse("microstate", "true or false")),
        };
        // Germany and Yemen change their COW code within a spell: it is written in two parts.
        for (ccode, from, to) in out.places().from_gw_between(gwcode, start, end) {
            if ccode.is_none() {
                out.unplaced("gw_states", number, gwcode);
            }
            let goes_on = open && to == end;
            let mut cells = vec![
                ("gwcode", gwcode.into()),
                ("ccode", ccode.into()),
                ("abbr", row.text(abbr).into()),
                ("name", row.text(name).into()),
                ("microstate", microstate.into()),
                ("extended", goes_on.into()),
            ];
            let to = if goes_on { When::default() } else { When::day(to) };
            cells.extend(spell(When::day(from), to));
            out.push("gw_states", &cells, &key);
        }
    }
    Ok(())
}
