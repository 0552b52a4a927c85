//! Multinational Military Exercises 7: who trained with whom, 1980-2010.
//!
//! Participants are named in columns, up to 39 of them; `-9` stands for participants that are not known.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const EXERCISES: &str = "exercises";
/// How many columns name participants, lettered as the columns of a sheet.
const PARTICIPANTS: u8 = 39;

pub(crate) static DATASET: Dataset = Dataset {
    id: "mme",
    title: "Multinational Military Exercises, 1980-2010",
    publisher: "Jordan Bernhardt (Harvard Dataverse)",
    citation: "Bernhardt, Jordan. 2020. Joint Military Exercises. Harvard Dataverse, doi:10.7910/DVN/KHFODX",
    licence: "free with citation",
    url: "https://doi.org/10.7910/DVN/KHFODX",
    get: Get::ByHand("on its page download the data (MME, version 7) in their original format"),
    relations: &[("exercises", Relation::Rival)],
    proposed_as: None,
    tables: &["exercises"],
    baseline: &["exercises"],
    files: &[
        FileKind {
            version: None,
            open: true,
            missing: &[Missing { columns: &[], codes: &["-9", "NA", "xx"] }],
            ..FileKind::new(
                EXERCISES,
                "mmeid ex_name series_name location lat lon startdate s.year s.month s.day enddate e.year e.month e.day cpx air land sea amphibious cyber warfighting peacekeeping humanitarian focusdescription additionalparticipantinfo statea stateb statez stateam",
            )
        },
        FileKind {
            need: Need::Nothing(
                "the same exercises, a row per participant and year; the list that they were made from is read",
            ),
            ..FileKind::new(
                "exercises by participant",
                "mmeid ex_name series_name gwcode country year location lat lon startdate s.year s.month s.day enddate e.year e.month e.day cpx air land sea amphibious cyber warfighting peacekeeping humanitarian focusdescription additionalparticipantinfo participant_count",
            )
        },
    ],
    editions: &[Edition {
        version: "7",
        released: "2020",
        marks: &[],
        last_year: 2010,
        rows: &[(EXERCISES, 3_707)],
    }],
    coverage: |e| {
        let scope = "exercises of two states or more, as reported in the news";
        vec![Coverage::all("exercises", 1980, e.last_year).about(scope)]
    },
    map,
};

fn column(number: u8) -> String {
    let letter = char::from(b'a' + number % 26);
    if number < 26 { format!("state{letter}") } else { format!("statea{letter}") }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let columns: Vec<String> = (0..PARTICIPANTS).map(column).collect();
    let (mut unknown, mut twice, mut backwards) = (0, 0, 0);
    out.begin("exercises");
    for row in files.rows(EXERCISES) {
        let id = row.text("mmeid").ok_or_else(|| row.refuse("mmeid", "a number"))?;
        let year = row.need_year("s.year")?;
        let start = row.date("s.year", "s.month", "s.day")?;
        let mut end = row.date("e.year", "e.month", "e.day")?;
        if row.forwards(start, end).is_err() {
            backwards += 1;
            end = When { year: start.year, ..When::default() };
        }
        let mut named: Vec<&str> = Vec::new();
        for column in &columns {
            match row.text(column) {
                Some(name) if named.contains(&name) => twice += 1,
                Some(name) => named.push(name),
                None => {}
            }
        }
        let cells = exercise(&row, named.len() as i32, start, end)?;
        let key = format!("mmeid={id} s.year={year}");
        for name in &named {
            let ccode = out.places().from_name(name, year);
            if ccode.is_none() {
                out.unplaced("exercises", "state", name);
            }
            let who: [(&str, Value); 2] =
                [("ccode", ccode.into()), ("participant", (*name).into())];
            out.push("exercises", &[cells.as_slice(), &who].concat(), format!("{key} {name}"));
        }
        if named.is_empty() {
            unknown += 1;
            out.push("exercises", &cells, key);
        }
    }
    out.note("Three numbers stand for two exercises each (mme3457, mme3458, mme3460); the year distinguishes them");
    out.note(format!(
        "Of {unknown} exercises no participant is known: they have a row without one. {twice} times a state stands twice among the participants"
    ));
    if backwards > 0 {
        out.note(format!(
            "{backwards} exercises end before they begin: only the year of their beginning is kept as that of their end"
        ));
    }
    Ok(())
}

fn exercise(
    row: &Row<'_>,
    participants: i32,
    start: When,
    end: When,
) -> Result<Vec<(&'static str, Value)>, ReadError> {
    let mut cells: Vec<(&str, Value)> = vec![
        ("exercise_id", row.text("mmeid").into()),
        ("name", row.text("ex_name").into()),
        ("series", row.text("series_name").into()),
        ("location", row.text("location").into()),
        ("latitude", row.float("lat")?.into()),
        ("longitude", row.float("lon")?.into()),
        ("command_post", row.flag("cpx")?.into()),
        ("focus", row.text("focusdescription").into()),
        ("participants", Some(participants).filter(|n| *n > 0).into()),
    ];
    for kind in
        ["air", "land", "sea", "amphibious", "cyber", "warfighting", "peacekeeping", "humanitarian"]
    {
        cells.push((kind, row.flag(kind)?.into()));
    }
    cells.extend(spell(start, end));
    Ok(cells)
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_of_participants_are_lettered_like_those_of_a_sheet() {
        assert_eq!([0, 25, 26, 38].map(super::column), ["statea", "statez", "stateaa", "stateam"]);
    }
}
