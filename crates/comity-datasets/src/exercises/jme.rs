//! Joint Military Exercises 3: who trained with whom, 1970-2010, from the news and from reports of ministries of defence.
//!
//! A working sheet: its second part, added later, has dates as text only (`09/xx/2006`), numbers end with the first part, and a few
//! days exist in no calendar. Participants have ISO codes, in columns.

use jiff::civil::Date;

use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const EXERCISES: &str = "exercises";
/// How many columns name participants: State A to State Z, State AA to State AD.
const PARTICIPANTS: u8 = 30;

pub(crate) static DATASET: Dataset = Dataset {
    id: "jme",
    title: "Joint Military Exercises, 1970-2010",
    publisher: "Vito D'Orazio",
    citation: "D'Orazio, Vito. 2012. War Games: North Korea's Reaction to US and South Korean Military Exercises. Journal of East Asian Studies 12(2): 275-294",
    licence: "free with citation",
    url: "https://www.vitodorazio.com/data.html",
    get: Get::ByHand(
        "download the data on joint military exercises (JME, version 3) from its page",
    ),
    relations: &[("exercises", Relation::Rival)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[FileKind {
        version: None,
        open: true,
        missing: &[Missing { columns: &[], codes: &["-9", "NA", "xx", "XX", "xxxx"] }],
        ..FileKind::new(
            EXERCISES,
            "coder timestamp exercise_name location1 location2 start_date s.year s.month s.day enddate e.year e.month e.day jme_type trimmed_name state_a state_b state_z state_ad",
        )
    }],
    editions: &[Edition {
        version: "3",
        released: "2013",
        marks: &[],
        last_year: 2010,
        rows: &[(EXERCISES, 1_790)],
    }],
    coverage: |e| {
        vec![Coverage {
            context: true,
            ..Coverage::all("exercises", 1970, e.last_year)
                .about("a working sheet, of which only parts were gathered in full")
        }]
    },
    map,
};

fn column(number: u8) -> String {
    let letter = char::from(b'a' + number % 26);
    if number < 26 { format!("state_{letter}") } else { format!("state_a{letter}") }
}

/// The state of a code; the sheet has that of Russia for the Soviet Union too.
fn placed(code: &str, year: i32, places: &Places) -> Option<i32> {
    let soviet = || places.from_iso3("SUN", year).filter(|_| code.eq_ignore_ascii_case("RUS"));
    places.from_iso3(code, year).or_else(soviet)
}

/// A date written `09/14/2006`, with `xx` where a part is not known; separators may be points or lack.
fn written(text: &str) -> When {
    let signs: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let Some(split) = signs.len().checked_sub(4) else { return When::default() };
    let (front, year) = signs.split_at(split);
    let Some(year) = year.parse().ok().filter(|y| (1900..=2100).contains(y)) else {
        return When::default();
    };
    // Months may have one digit, days have two signs.
    let (month, day) = front.split_at(front.len().saturating_sub(2));
    let month = month.parse::<i8>().ok().filter(|m| (1..=12).contains(m));
    let date = month.zip(day.parse().ok()).and_then(|(m, d)| Date::new(year, m, d).ok());
    When { year: Some(year.into()), month, date }
}

/// The day in three columns; where it exists in no calendar, what is left of it.
fn day(row: &Row<'_>, [year, month, day]: [&str; 3], bad: &mut usize) -> Result<When, ReadError> {
    row.date(year, month, day).or_else(|_| {
        *bad += 1;
        let known = row.code(month, 1..=12).unwrap_or_default();
        let month = known.and_then(|m| i8::try_from(m).ok());
        Ok(When { year: row.int(year)?, month, date: None })
    })
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let columns: Vec<String> = (0..PARTICIPANTS).map(column).collect();
    let (mut bad, mut backwards, mut undated) = (0, 0, 0);
    out.begin("exercises");
    for row in files.rows(EXERCISES) {
        let dated = |columns, text, bad: &mut usize| match day(&row, columns, bad)? {
            When { year: None, .. } => Ok(row.text(text).map_or_else(When::default, written)),
            when => Ok(when),
        };
        let start = dated(["s.year", "s.month", "s.day"], "start_date", &mut bad)?;
        let mut end = dated(["e.year", "e.month", "e.day"], "enddate", &mut bad)?;
        if row.forwards(start, end).is_err() {
            backwards += 1;
            end = When { year: start.year, ..When::default() };
        }
        let year = start.year.or(end.year);
        undated += usize::from(year.is_none());
        let named: Vec<&str> = columns.iter().filter_map(|c| row.text(c)).collect();
        let key = format!("row={}", row.place().row);
        let cells = exercise(&row, &key, named.len(), start, end);
        for name in &named {
            let ccode = year.and_then(|y| placed(name, y, out.places()));
            if ccode.is_none() {
                out.unplaced("exercises", "state", name);
            }
            let who: [(&str, Value); 2] =
                [("ccode", ccode.into()), ("participant", (*name).into())];
            out.push("exercises", &[cells.as_slice(), &who].concat(), format!("{key} {name}"));
        }
        if named.is_empty() {
            out.push("exercises", &cells, key);
        }
    }
    out.note(format!(
        "{bad} dates exist in no calendar and are known to the month or year only; {backwards} exercises end before they begin: only the year is kept; {undated} have no date"
    ));
    Ok(())
}

fn exercise(
    row: &Row<'_>,
    key: &str,
    participants: usize,
    start: When,
    end: When,
) -> Vec<(&'static str, Value)> {
    let kind = row.text("jme_type").map(str::to_uppercase);
    // "Unsure" is neither.
    let kind = kind.filter(|k| k.contains("TX") || k.contains("CPX"));
    let is = |what: &str| kind.as_ref().map(|k| k.contains(what));
    let places = [row.text("location1"), row.text("location2")];
    let places: Vec<&str> = places.into_iter().flatten().collect();
    let mut cells: Vec<(&str, Value)> = vec![
        ("exercise_id", row.text("#3").unwrap_or(key).into()),
        ("name", row.text("exercise_name").into()),
        ("series", row.text("trimmed_name").into()),
        ("location", Some(places.join(", ")).filter(|p| !p.is_empty()).into()),
        ("command_post", is("CPX").into()),
        ("field_training", is("FTX").into()),
        ("focus", row.text("what_is_the_purpose_of_the_jme?").into()),
        ("participants", Some(participants as i32).filter(|n| *n > 0).into()),
    ];
    cells.extend(spell(start, end));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_dates_keep_what_is_known() {
        let parts = |text| {
            let when = written(text);
            (when.year, when.month, when.date.map(|d| d.to_string()))
        };
        assert_eq!(parts("09/14/2006"), (Some(2006), Some(9), Some("2006-09-14".into())));
        for text in ["09/xx/2006", "09/xx2006", "09xx/2006", "9/XX/2006", "09.xx.2006"] {
            assert_eq!(parts(text), (Some(2006), Some(9), None), "{text}");
        }
        for text in ["09/xx/200", "", "soon", "ü"] {
            assert_eq!(parts(text), (None, None, None), "{text}");
        }
    }
}
