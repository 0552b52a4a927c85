//! Correlates of War state system membership and major powers.

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Row, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-states",
    title: "State System Membership List and Major Powers",
    publisher: "Correlates of War Project",
    citation: "Correlates of War Project. 2017. State System Membership List, v2016. https://correlatesofwar.org",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/state-system-membership/",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("system", Relation::Complement)],
    proposed_as: None,
    tables: &["states", "major_powers"],
    baseline: &[],
    files: &[
        FileKind {
            years: "endyear",
            ..FileKind::new(
                "states",
                "stateabb ccode statenme styear stmonth stday endyear endmonth endday version",
            )
        },
        FileKind {
            need: Need::Optional,
            years: "endyear",
            ..FileKind::new(
                "majors",
                "stateabb ccode styear stmonth stday endyear endmonth endday version",
            )
        },
        FileKind {
            need: Need::Nothing("the years of membership follow from the states file"),
            ..FileKind::new("system years", "stateabb ccode year version")
        },
        FileKind {
            need: Need::Nothing("codes and names are read from the states file"),
            version: None,
            ..FileKind::new("country codes", "stateabb ccode statenme")
        },
        copy("states (R package states)", "cowcode cowc country_name start end microstate"),
        copy("states (R package isard)", "ccode cw_abb cw_name start end"),
    ],
    editions: &[Edition {
        version: "2016",
        released: "2017",
        marks: &["2016"],
        last_year: 2016,
        rows: &[("states", 243), ("majors", 14)],
    }],
    coverage: |e| {
        ["states", "state_codes", "major_powers"]
            .iter()
            .map(|t| Coverage::all(t, 1816, e.last_year))
            .collect()
    },
    map,
};

/// The list as a package carries it.
const fn copy(role: &'static str, columns: &'static str) -> FileKind {
    FileKind {
        need: Need::Nothing("the states are read from the published states file"),
        version: None,
        ..FileKind::new(role, columns)
    }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    let mut keys = Keys::default();
    for row in files.rows("states") {
        let (ccode, cells, key) = membership(&row, last_year, &mut keys)?;
        let abbr = row.text("stateabb");
        let mut state = vec![
            ("ccode", ccode.into()),
            ("abbr", abbr.into()),
            ("name", row.text("statenme").into()),
        ];
        state.extend(cells.iter().cloned());
        out.push("states", &state, &*key);
        let mut abbreviation =
            vec![("ccode", ccode.into()), ("system", "abbr".into()), ("code", abbr.into())];
        abbreviation.extend(cells);
        out.push("state_codes", &abbreviation, key);
    }
    if files.get("majors").is_some() {
        out.begin("major_powers");
    }
    let mut keys = Keys::default();
    for row in files.rows("majors") {
        let (ccode, cells, key) = membership(&row, last_year, &mut keys)?;
        let mut major = vec![("ccode", ccode.into())];
        major.extend(cells);
        out.push("major_powers", &major, key);
    }
    Ok(())
}

type Cell = (&'static str, comity_record::rows::Value);

/// The dates of a membership; one that ends on the list's last day, the end of its last year, goes on.
fn membership(
    row: &Row<'_>,
    last_year: i32,
    keys: &mut Keys,
) -> Result<(i32, Vec<Cell>, String), ReadError> {
    let ccode = row.need_state("ccode")?;
    let start = row.date("styear", "stmonth", "stday")?;
    let end = row.date("endyear", "endmonth", "endday")?;
    row.forwards(start, end)?;
    let styear = row.need_year("styear")?;
    let key = format!("ccode={ccode} styear={styear}");
    keys.add(
        row,
        &format!(
            "{key} stmonth={} stday={}",
            start.month.unwrap_or(0),
            start.date.map_or(0, Date::day)
        ),
    )?;
    let open =
        end.date.is_some_and(|d| (i32::from(d.year()), d.month(), d.day()) == (last_year, 12, 31));
    let mut cells = vec![("extended", open.into())];
    cells.extend(spell(start, if open { When::default() } else { end }));
    Ok((ccode, cells, key))
}
