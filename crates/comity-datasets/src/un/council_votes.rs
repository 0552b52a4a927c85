//! Security Council Voting Data of the Dag Hammarskjöld Library: who voted how on each resolution that was adopted, since 1946.
//!
//! A row a member and resolution. Where a resolution was adopted without a vote, every member stands as in favour. Drafts that failed, those
//! vetoed among them, are not there. The file is renewed several times a year and says no version: it is taken for the whole by its size.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::library::{
    Seats, check_day, count, day, last_whole_year, note_totals, of_a_part, tally, totals, vote,
};
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const VOTES: &str = "a row for each member and resolution";
/// Every release since 2025 has more rows than this.
const WHOLE: usize = 40_000;

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-council-votes",
    title: "United Nations Security Council Voting Data (UN Digital Library)",
    publisher: "Dag Hammarskjöld Library, United Nations",
    citation: "United Nations, Dag Hammarskjöld Library. Security Council Voting Data. https://digitallibrary.un.org/record/4055387",
    licence: "copyright United Nations; non-commercial use with attribution",
    url: "https://digitallibrary.un.org/record/4055387",
    get: Get::ByHand("on its page download the newest file that ends in sc_voting.csv"),
    relations: &[("council", Relation::Complement)],
    proposed_as: None,
    tables: &["council_resolutions", "council_votes"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        optional: "draft meeting agenda subjects vote_note modality",
        ..FileKind::new(
            VOTES,
            "undl_id ms_code ms_name permanent_member ms_vote date resolution description total_yes total_no total_abstentions total_non_voting total_ms undl_link",
        )
    }],
    editions: &[Edition {
        version: "unnumbered",
        released: "2024-06",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    coverage: |e| {
        ["council_resolutions", "council_votes"].map(|table| of_a_part(table, e.last_year)).into()
    },
    map,
};

/// A resolution with how many voted how.
struct Resolution<'a> {
    row: Row<'a>,
    date: Date,
    counted: [i32; 4],
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut resolutions: BTreeMap<i32, Resolution<'_>> = BTreeMap::new();
    let (mut keys, mut seats) = (Keys::default(), Seats::of_the_council());
    out.begin("council_resolutions");
    out.begin("council_votes");
    for row in files.rows(VOTES) {
        let (record, date, vote) = (row.need("undl_id")?, day(&row)?, vote(&row)?);
        let resolution =
            resolutions.entry(record).or_insert(Resolution { row, date, counted: [0; 4] });
        check_day(&row, date, resolution.date)?;
        tally(&mut resolution.counted, vote);
        let code = row.text("ms_code").or(row.text("ms_name")).unwrap_or("");
        let key = format!("undl_id={record} ms_code={code}");
        keys.add(&row, &key)?;
        let ccode = seats.member(&row, date, out.places())?;
        if ccode.is_none() {
            out.unplaced("council_votes", "ms_code", code);
        }
        let permanent = match row.text("permanent_member") {
            Some(text) if text.eq_ignore_ascii_case("true") || text == "1" => true,
            Some(text) if text.eq_ignore_ascii_case("false") || text == "0" => false,
            _ => return Err(row.refuse("permanent_member", "True or False")),
        };
        let cells = [
            ("record", record.to_string().into()),
            ("resolution", row.text("resolution").into()),
            ("date", date.into()),
            ("year", i32::from(date.year()).into()),
            ("ccode", ccode.into()),
            ("member", row.text("ms_name").into()),
            ("code", row.text("ms_code").into()),
            ("permanent", permanent.into()),
            ("vote", vote.into()),
        ];
        out.push("council_votes", &cells, key);
    }
    let mut other = Vec::new();
    for (record, resolution) in &resolutions {
        write(*record, resolution, &mut other, out)?;
    }
    note_totals(&mut other, out);
    out.note(
        "Resolutions that were adopted: drafts that failed, those vetoed among them, are not there",
    );
    let last = last_whole_year(resolutions.values().map(|r| r.date));
    if let Some(last) = last.filter(|_| files.get(VOTES).is_some_and(|s| s.len() >= WHOLE)) {
        let scope = "resolutions that were adopted";
        for table in ["council_resolutions", "council_votes"] {
            out.claim(Coverage::all(table, 1946, last).about(scope));
        }
    }
    Ok(())
}

fn write(
    record: i32,
    resolution: &Resolution<'_>,
    other: &mut Vec<String>,
    out: &mut Output,
) -> Result<(), ReadError> {
    let Resolution { row, date, counted } = resolution;
    let published = totals(row, counted, other)?;
    let modality = row.text("modality");
    let with_vote = modality.map(|m| !m.to_lowercase().contains("without"));
    let cells = [
        ("record", record.to_string().into()),
        ("resolution", row.text("resolution").into()),
        ("date", (*date).into()),
        ("year", i32::from(date.year()).into()),
        ("draft", row.text("draft").into()),
        ("meeting", row.text("meeting").into()),
        ("description", row.text("description").into()),
        ("agenda", row.text("agenda").into()),
        ("subjects", row.text("subjects").into()),
        ("note", row.text("vote_note").into()),
        ("with_vote", with_vote.into()),
        ("modality", modality.into()),
        ("yes", published[0].into()),
        ("abstain", published[1].into()),
        ("no", published[2].into()),
        ("absent", published[3].into()),
        ("members", count(row, "total_ms")?.into()),
    ];
    out.push("council_resolutions", &cells, format!("undl_id={record}"));
    Ok(())
}
