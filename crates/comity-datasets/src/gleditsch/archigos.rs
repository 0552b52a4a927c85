//! Archigos 4.1: who led a state, from which day to which, and how they came and went; and what LEAD knows of their lives before.
//!
//! Read from the publisher's own file, which calls the number of Gleditsch and Ward `ccode`, or from the R package peacesciencer. States are those of Gleditsch and Ward, placed by date; where a leader stayed while the
//! state's code changed (Germany on 3 October 1990), there is a row for each code, divided at that day.

use jiff::civil::Date;

use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const ORIGINAL: &str = "leaders (publisher's file)";
/// As the R package peacesciencer has it.
const LEADERS: &str = "leaders";
const UNKNOWN: &[Missing] =
    &[Missing { columns: &["yrborn", "yrdied"], codes: &["-999", "-888", "-777"] }];
const LIVES: &str = "lives of leaders";

pub(crate) static DATASET: Dataset = Dataset {
    id: "archigos",
    title: "Archigos: a data set of leaders, 1875-2015",
    publisher: "Goemans, Gleditsch and Chiozza; copy in the R package peacesciencer (Miller)",
    citation: "Goemans, Henk E., Kristian Skrede Gleditsch and Giacomo Chiozza. 2009. Introducing Archigos: A Dataset of Political Leaders. Journal of Peace Research 46(2): 269-283.",
    licence: "free with citation; no explicit open licence (the package is GPL-2)",
    url: "http://ksgleditsch.com/archigos.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("archigos"), sha256: None }]),
    relations: &[("leaders", Relation::Complement)],
    proposed_as: None,
    tables: &["leaders"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(
                LEADERS,
                "obsid gwcode leadid leader yrborn gender startdate enddate entry exit exitcode",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "eindate eoutdate numentry numexit numexitcode numposttenurefate",
            missing: UNKNOWN,
            ..FileKind::new(
                ORIGINAL,
                "obsid leadid ccode idacr leader startdate enddate entry exit exitcode prevtimesinoffice posttenurefate gender yrborn yrdied borndate ebirthdate deathdate edeathdate dbpediauri fties ftcur",
            )
        },
    ],
    editions: &[Edition {
        version: "4.1",
        released: "2016-03",
        marks: &[],
        last_year: 2015,
        rows: &[(ORIGINAL, 3_409), (LEADERS, 3_409)],
    }],
    coverage: |e| {
        let scope =
            "the leader who in fact held the most power, of states of the Gleditsch and Ward list";
        vec![Coverage::all("leaders", 1875, e.last_year).about(scope)]
    },
    map,
};

pub(crate) static LEAD: Dataset = Dataset {
    id: "lead",
    title: "Leader Experience and Attribute Descriptions",
    publisher: "Ellis, Horowitz and Stam; copy in the R package peacesciencer (Miller)",
    citation: "Ellis, Cali Mortenson, Michael C. Horowitz and Allan C. Stam. 2015. Introducing the LEAD Data Set. International Interactions 41(4): 718-741.",
    licence: "free with citation; no explicit open licence (the package is GPL-2)",
    url: "https://svmiller.com/peacesciencer/reference/LEAD.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("LEAD"), sha256: None }]),
    relations: &[("leader_backgrounds", Relation::Complement)],
    proposed_as: None,
    tables: &["leader_backgrounds"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            LIVES,
            "obsid leveledu milservice combat rebel warwin warloss rebelwin rebelloss yrsexper physhealth mentalhealth",
        )
    }],
    editions: &[Edition {
        version: "2015",
        released: "2015",
        marks: &[],
        last_year: 2004,
        rows: &[(LIVES, 3_409)],
    }],
    coverage: |e| {
        let claim = Coverage::all("leader_backgrounds", 1875, e.last_year)
            .about("leaders of Archigos; what is not known of one is null");
        vec![Coverage { context: true, ..claim }]
    },
    map: lives,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut split, last) =
        (Keys::default(), 0, i16::try_from(files.edition().last_year).unwrap_or(i16::MAX));
    out.begin("leaders");
    let (role, number) =
        if files.get(ORIGINAL).is_some() { (ORIGINAL, "ccode") } else { (LEADERS, "gwcode") };
    if role == ORIGINAL && files.get(LEADERS).is_some() {
        out.note(format!("{}: the same list once more, not read", files.name(LEADERS)));
    }
    for row in files.rows(role) {
        let id = row.text("obsid").ok_or_else(|| row.refuse("obsid", "a leader's number"))?;
        let key = format!("obsid={id}");
        keys.add(&row, &key)?;
        let day = |column: &str| -> Result<When, ReadError> {
            let date = row.calendar_date(column)?;
            date.map(When::day).ok_or_else(|| row.refuse(column, "a day"))
        };
        let (start, end) = (day("startdate")?, day("enddate")?);
        row.forwards(start, end)?;
        let gwcode = row.need_state(number)?;
        let female = match row.text("gender") {
            Some("M") => Some(false),
            Some("F") => Some(true),
            None => None,
            Some(_) => return Err(row.refuse("gender", "M or F")),
        };
        let cells: Vec<(&str, Value)> = vec![
            ("leader_id", id.into()),
            ("person_id", row.text("leadid").into()),
            ("gwcode", gwcode.into()),
            ("name", row.text("leader").into()),
            ("born", row.int("yrborn")?.into()),
            ("female", female.into()),
            ("entry", row.text("entry").into()),
            ("exit", row.text("exit").into()),
            ("exit_reason", row.text("exitcode").into()),
        ];
        // Three are still in office on the last day of 2014, all others on the last of the list.
        let open =
            row.text("exit") == Some("Still in Office") && end.date == Date::new(last, 12, 31).ok();
        let (Some(first), Some(to)) = (start.date, end.date) else {
            return Err(row.refuse("startdate", "a day"));
        };
        let pieces = pieces(gwcode, first, to, out.places());
        split += pieces.len() - 1;
        for (nth, (ccode, from, to)) in pieces.iter().enumerate() {
            if ccode.is_none() {
                out.unplaced("leaders", number, gwcode);
            }
            let goes_on = open && nth + 1 == pieces.len();
            let mut cells = cells.clone();
            cells.push(("ccode", (*ccode).into()));
            let to = if goes_on { When::default() } else { When::day(*to) };
            cells.extend(spell(When::day(*from), to));
            let key = if nth == 0 { key.clone() } else { format!("{key} from={from}") };
            out.push("leaders", &cells, key);
        }
    }
    if split > 0 {
        out.note(format!(
            "{split} times a leader stayed while the code of the state changed; there is a row for each code"
        ));
    }
    Ok(())
}

/// The time in office, divided on the day on which the state's `ccode` changes. Days on which the number stands for no state are no
/// change: who is in office then leads the state that comes after, or that was before.
fn pieces(gwcode: i32, first: Date, last: Date, places: &Places) -> Vec<(Option<i32>, Date, Date)> {
    let mut pieces: Vec<(Option<i32>, Date, Date)> = Vec::new();
    for (ccode, from, to) in places.from_gw_between(gwcode, first, last) {
        match pieces.last_mut() {
            Some(before) if ccode.is_none() || before.0 == ccode => before.2 = to,
            Some(before) if before.0.is_none() => (before.0, before.2) = (ccode, to),
            _ => pieces.push((ccode, from, to)),
        }
    }
    pieces
}

fn lives(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("leader_backgrounds");
    for row in files.rows(LIVES) {
        let id = row.text("obsid").ok_or_else(|| row.refuse("obsid", "a leader's number"))?;
        let key = format!("obsid={id}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![
            ("leader_id", id.into()),
            ("education", row.code("leveledu", 0..=3)?.into()),
            ("years_experience", row.code("yrsexper", 0..=99)?.into()),
        ];
        for (name, column) in [
            ("military_service", "milservice"),
            ("combat", "combat"),
            ("rebel", "rebel"),
            ("won_war", "warwin"),
            ("lost_war", "warloss"),
            ("won_rebellion", "rebelwin"),
            ("lost_rebellion", "rebelloss"),
            ("physical_illness", "physhealth"),
            ("mental_illness", "mentalhealth"),
        ] {
            cells.push((name, row.flag(column)?.into()));
        }
        out.push("leader_backgrounds", &cells, key);
    }
    Ok(())
}
