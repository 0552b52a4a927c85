//! Militarized Interstate Events 1.0: threats, displays and uses of force between two states, 1816-2014, by day.
//!
//! Of clashes (17) and battles (22) it is not recorded who began: the lower number stands first. Where the day is not known (-9), the month
//! is. The same events go around as CSV, Stata and R.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const EVENTS: &str = "events";
const MISSING: &[Missing] = &[Missing { columns: &["stday", "endday"], codes: &["-9"] }];
/// Clash and battle: without a direction.
const NON_DIRECTED: [i32; 2] = [17, 22];

pub(crate) static DATASET: Dataset = Dataset {
    id: "mie",
    title: "Militarized Interstate Events",
    publisher: "Gibler and Miller (University of Alabama)",
    citation: "Gibler, Douglas M. and Steven V. Miller. 2024. The Militarized Interstate Events (MIE) Dataset, 1816-2014. Conflict Management and Peace Science 41(4): 463-481.",
    licence: "user agreement: no commercial use, no distribution but for replication",
    url: "https://internationalconflict.ua.edu/data-download/",
    get: Get::ByHand(
        "on its page accept the agreement and download the MIE data (a zip); add it as it is",
    ),
    relations: &[("dispute_events", Relation::Complement)],
    proposed_as: None,
    tables: &["dispute_events"],
    baseline: &[],
    files: &[
        FileKind {
            missing: MISSING,
            ..FileKind::new(
                EVENTS,
                "micnum eventnum ccode1 ccode2 stmon stday styear endmon endday endyear sidea1 action hostlev fatalmin1 fatalmax1 fatalmin2 fatalmax2 version",
            )
        },
        FileKind {
            need: Need::Nothing(
                "confrontations with variables that others computed for teaching; the events that they consist of are read",
            ),
            version: None,
            open: true,
            ..FileKind::new(
                "confrontations for teaching",
                "mic_id micname year stdate enddate duration events involved fatalmin fatalmax",
            )
        },
    ],
    editions: &[Edition {
        version: "1.0",
        released: "2023-07",
        marks: &["mie-1.0"],
        last_year: 2014,
        rows: &[(EVENTS, 28_011)],
    }],
    coverage: |e| {
        let scope = "threats, displays and uses of force between states of the system, known at least to the month";
        vec![Coverage::all("dispute_events", 1816, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("dispute_events");
    for row in files.rows(EVENTS) {
        let (cells, key) = event(&row)?;
        keys.add(&row, &key)?;
        out.push("dispute_events", &cells, key);
    }
    Ok(())
}

fn event(row: &Row<'_>) -> Result<(Vec<(&'static str, Value)>, String), ReadError> {
    let (confrontation, event) = (row.need("micnum")?, row.need("eventnum")?);
    let action = row.code("action", 0..=22)?;
    let start = row.date("styear", "stmon", "stday")?;
    let end = row.date("endyear", "endmon", "endday")?;
    row.forwards(start, end)?;
    let mut cells = vec![
        ("dispute_id", confrontation.to_string().into()),
        ("event", event.into()),
        ("ccode", row.need_state("ccode1")?.into()),
        ("partner", row.need_state("ccode2")?.into()),
        ("directed", action.map(|a| !NON_DIRECTED.contains(&a)).into()),
        ("side_a", row.flag("sidea1")?.into()),
        ("action", action.into()),
        ("hostility", row.code("hostlev", 1..=5)?.into()),
        ("start_month", start.month.map(i32::from).into()),
        ("end_month", end.month.map(i32::from).into()),
    ];
    for (least, most, from, to) in [
        ("fatalities_min", "fatalities_max", "fatalmin1", "fatalmax1"),
        ("partner_fatalities_min", "partner_fatalities_max", "fatalmin2", "fatalmax2"),
    ] {
        let (low, high) = (row.code(from, 0..=i32::MAX)?, row.code(to, 0..=i32::MAX)?);
        if low > high && high.is_some() {
            return Err(row.refuse(to, "at least as many as the least number"));
        }
        cells.extend([(least, low.into()), (most, high.into())]);
    }
    cells.extend(spell(start, end));
    Ok((cells, format!("micnum={confrontation} eventnum={event}")))
}
