//! The list of independent states of Gleditsch and Ward, from its author's workbook or from packages that carry it.
//!
//! The packages agree on every day; those with microstates are the newer edition here. The oldest edition is two files of lines without
//! a header, as its authors published them: the list, and the microstates.

use jiff::civil::Date;

use crate::cells::Cells;
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
        FileKind { bare: Some(|rows| is_lines(rows, true)), ..list(LINES, "2008", LINE) },
        FileKind { bare: Some(|rows| is_lines(rows, false)), ..list(MICROSTATES, "2008", LINE) },
    ],
    editions: &[
        Edition {
            version: "2008",
            released: "2008-11",
            marks: &[],
            last_year: 2008,
            rows: &[(LINES, 214), (MICROSTATES, 23)],
        },
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
const LINES: &str = "list (lines)";
const MICROSTATES: &str = "microstates (lines)";
const LINE: &str = "number abbreviation name start end";

/// Whether the first rows are lines of the list: a number, letters, a name and two days. The list begins with the United States.
fn is_lines(rows: &Cells, list: bool) -> bool {
    let day = |cell: &str| {
        let parts: Vec<&str> = cell.split(':').collect();
        let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        lengths == [2, 2, 4] && parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_line = |row: usize| {
        let number = rows.get(row, 0).parse::<u16>().is_ok_and(|n| n < 1000);
        number && rows.get(row, 1).len() == 3 && day(rows.get(row, 3)) && day(rows.get(row, 4))
    };
    let begins = rows.get(0, 0) == "2";
    !rows.is_empty() && begins == list && (0..rows.len().min(5)).all(is_line)
}

const fn list(role: &'static str, edition: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Optional,
        version: None,
        edition: Some(edition),
        ..FileKind::new(role, columns)
    }
}

/// Where each packaging has number, abbreviation, name, first and last day.
const COLUMNS: [(&str, [&str; 5]); 6] = [
    (WORKBOOK, ["cow_nr.", "cow_id", "name_of_state", "start", "end"]),
    (PEACESCIENCER, ["gwcode", "stateabb", "statename", "startdate", "enddate"]),
    (ISARD, ["gwcode", "gw_abb", "gw_name", "start", "end"]),
    (STATES, ["gwcode", "gwc", "country_name", "start", "end"]),
    (LINES, ["number", "abbreviation", "name", "start", "end"]),
    (MICROSTATES, ["number", "abbreviation", "name", "start", "end"]),
];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("gw_states");
    let mut keys = Keys::default();
    if files.edition().version == "2008" {
        if files.get(LINES).is_none() {
            return Err(ReadError::MissingFile {
                dataset: "gw-states".into(),
                version: "2008".into(),
                missing: LINES.into(),
                have: format!("{MICROSTATES}: {}", files.name(MICROSTATES)),
                help: "It begins with the United States (iisystem.dat)".into(),
            });
        }
        for role in [LINES, MICROSTATES] {
            spells(files, role, &mut keys, out)?;
        }
        return Ok(());
    }
    let mut there = COLUMNS.iter().filter(|(role, _)| files.get(role).is_some());
    let Some((role, _)) = there.next() else { return Ok(()) };
    for (other, _) in there {
        out.note(format!("{}: the same list once more, not read", files.name(other)));
    }
    spells(files, role, &mut keys, out)
}

/// The spells of the file of a role.
fn spells(files: &Files, role: &str, keys: &mut Keys, out: &mut Output) -> Result<(), ReadError> {
    let columns = COLUMNS.iter().find(|(r, _)| *r == role);
    let Some((_, [number, abbr, name, first, last])) = columns else { return Ok(()) };
    let without_header = [LINES, MICROSTATES].contains(&role);
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
        if without_header && i32::from(end.year()) > files.edition().last_year {
            return Err(row.refuse(last, "a day to 2008: this is another edition of the list, which is read as its workbook or from a package (states, peacesciencer)"));
        }
        let microstate = match row.text("microstate") {
            None if without_header => Some(role == MICROSTATES),
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
