//! General Assembly Voting Data of the Dag Hammarskjöld Library: who voted how on each resolution that was adopted by a recorded vote, since 1946.
//!
//! A row a member and vote. Votes on paragraphs and on drafts that failed are not there, nor issues, so that this is another account than that
//! of Voeten, Strezhnev and Bailey. The file is renewed several times a year and says no version: it is taken for the whole by its
//! size. Its codes of members are those of today.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::library::{
    Seats, check_day, day, last_whole_year, note_totals, of_a_part, tally, totals, vote,
};
use super::voting_years::{Members, RollCall, voting_years};
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;
use comity_record::rows::Field;
use comity_record::source::Relation;

const VOTES: &str = "a row for each member and vote";
/// Every release since 2024 has more rows than this.
const WHOLE: usize = 890_000;
/// The last year for which the program has figures itself, with the issues that the Library does not have.
const FIGURES_BEFORE: i32 = 2019;

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-library-votes",
    title: "United Nations General Assembly Voting Data (UN Digital Library)",
    publisher: "Dag Hammarskjöld Library, United Nations",
    citation: "United Nations, Dag Hammarskjöld Library. General Assembly Voting Data. https://digitallibrary.un.org/record/4060887",
    licence: "copyright United Nations; non-commercial use with attribution",
    url: "https://digitallibrary.un.org/record/4060887",
    get: Get::ByHand(
        "on its page download the newest file that ends in ga_voting.csv: a row for each member and vote",
    ),
    relations: &[("assembly", Relation::Rival)],
    proposed_as: None,
    tables: &["roll_calls", "votes", "voting_years"],
    baseline: &["assembly"],
    files: &[
        FileKind {
            version: None,
            optional: "draft committee_report meeting agenda_title subjects vote_note modality",
            ..FileKind::new(
                VOTES,
                "undl_id ms_code ms_name ms_vote date session resolution title total_yes total_no total_abstentions total_non_voting total_ms undl_link",
            )
        },
        FileKind {
            need: Need::Nothing(
                "the same votes with a column for each member; add the file with a row for each member and vote",
            ),
            version: None,
            open: true,
            ..FileKind::new(
                "a row for each resolution",
                "undl_id date session resolution title total_yes total_no total_abstentions total_non_voting total_ms undl_link",
            )
        },
    ],
    editions: &[Edition {
        version: "unnumbered",
        released: "2024-09",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    coverage: |e| {
        ["roll_calls", "votes", "voting_years"].map(|table| of_a_part(table, e.last_year)).into()
    },
    map,
};

/// A resolution and the votes on it.
struct Call<'a> {
    row: Row<'a>,
    date: Date,
    call: RollCall,
    /// Rows of yes, abstention, no and absence.
    counted: [i32; 4],
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut calls: BTreeMap<i32, Call<'_>> = BTreeMap::new();
    let mut seats = Seats::of_the_assembly();
    let filling = out.columns("votes", ["rcid", "year", "ccode", "vote"]);
    for row in files.rows(VOTES) {
        let (record, date, vote) = (row.need("undl_id")?, day(&row)?, vote(&row)?);
        let year = i32::from(date.year());
        let call = calls.entry(record).or_insert_with(|| Call {
            row,
            date,
            call: RollCall::new(year, Some(date.month()), true),
            counted: [0; 4],
        });
        check_day(&row, date, call.date)?;
        let ccode = seats.member(&row, date, out.places())?;
        let code = row.text("ms_code").or(row.text("ms_name")).unwrap_or("");
        match ccode {
            Some(ccode) if call.call.votes.iter().any(|(c, _)| *c == ccode) => {
                return Err(row.refuse("ms_code", "a member that has no other row in this vote"));
            }
            Some(ccode) => call.call.votes.push((ccode, vote)),
            None => out.unplaced("votes", "ms_code", code),
        }
        tally(&mut call.counted, vote);
        let id = record.to_string();
        out.put(
            &filling,
            [Field::Text(&id), year.into(), ccode.into(), vote.into()],
            format_args!("undl_id={record} ms_code={code}"),
        );
    }
    write_calls(&calls, out)?;
    let last_year = last_whole_year(calls.values().map(|c| c.date));
    if let Some(last) = last_year.filter(|_| files.get(VOTES).is_some_and(|s| s.len() >= WHOLE)) {
        let scope = "recorded votes on resolutions that were adopted";
        for table in ["roll_calls", "votes"] {
            out.claim(Coverage::all(table, 1946, last).about(scope));
        }
        if last > FIGURES_BEFORE {
            out.claim(Coverage::all("voting_years", FIGURES_BEFORE + 1, last).about(scope));
        }
    }
    figures(calls, last_year.unwrap_or(0), out);
    Ok(())
}

fn write_calls(calls: &BTreeMap<i32, Call<'_>>, out: &mut Output) -> Result<(), ReadError> {
    let mut other = Vec::new();
    out.begin("roll_calls");
    for (record, call) in calls {
        let row = &call.row;
        let published = totals(row, &call.counted, &mut other)?;
        let session = row.text("session");
        let number: Option<i32> = session.and_then(|s| s.parse().ok());
        let cells = [
            ("rcid", record.to_string().into()),
            ("year", call.call.year.into()),
            ("date", call.date.into()),
            ("session", number.into()),
            ("special_session", session.filter(|_| number.is_none()).into()),
            ("resolution", row.text("resolution").into()),
            ("draft", row.text("draft").into()),
            ("description", row.text("title").into()),
            ("agenda", row.text("agenda_title").into()),
            ("subject", row.text("subjects").into()),
            ("yes", published[0].into()),
            ("abstain", published[1].into()),
            ("no", published[2].into()),
            ("absent", published[3].into()),
            ("amendment", false.into()),
            ("paragraph", false.into()),
        ];
        out.push("roll_calls", &cells, format!("undl_id={record}"));
    }
    note_totals(&mut other, out);
    out.note("Votes on resolutions that were adopted; those on paragraphs and on drafts that failed are not there, and neither are issues");
    Ok(())
}

/// Figures by state and year, after the last year for which the program has its own, which know the issues.
fn figures(calls: BTreeMap<i32, Call<'_>>, last: i32, out: &mut Output) {
    let filling =
        out.columns("voting_years", ["ccode", "year", "roll_calls", "present", "with_majority"]);
    let counted = calls.into_values().map(|c| c.call);
    let counted = counted.filter(|c| (FIGURES_BEFORE + 1..=last).contains(&c.year));
    let (years, left_out) = voting_years(counted, &Members::of_the_united_nations(), out.places());
    for ((ccode, year), f) in years {
        let fields = [ccode, year, f[0], f[1], f[2]].map(Field::from);
        out.put(&filling, fields, format_args!("ccode={ccode} year={year}"));
    }
    out.note(format!(
        "voting_years is counted from these votes after {FIGURES_BEFORE}, without the issues; to {FIGURES_BEFORE} the program's own figures stand. {left_out} votes and absences of states that were no members at the time are not counted in it"
    ));
}
