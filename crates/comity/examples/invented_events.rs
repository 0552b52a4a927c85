//! Makes a record with invented events, to measure what a table of millions of rows costs an audit: `bench/events.sh`.
//!
//! `cargo run --release -p comity --example invented_events -- FOLDER ROWS`

#![allow(clippy::print_stdout, reason = "it says what it made")]

use std::error::Error;

use comity::{Record, SourceBundle};
use comity_record::coverage::Coverage;
use comity_record::rows::{Field, TableRows};
use comity_record::schema::table;
use comity_record::{Relation, Source};
use jiff::civil::Date;

/// Invented events are spread over these days.
const FIRST: Date = Date::constant(1995, 1, 1);
const SPAN: i64 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(folder), Some(rows)) = (words.next(), words.next()) else {
        return Err("usage: invented_events FOLDER ROWS".into());
    };
    let rows: u64 = rows.parse()?;
    let states = Record::starter();
    let states = states.tables().states()?.members(2000);
    let table = table("events").ok_or("the schema has no events")?;
    let mut made = TableRows::new(table, "invented-1");
    let layout =
        made.layout(["event_id", "date", "year", "ccode", "partner", "code", "root", "quad"]);
    // A generator of numbers by multiplication: the same rows on every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for row in 0..rows {
        let date = FIRST.saturating_add(jiff::Span::new().days(i64::try_from(next(SPAN as u64))?));
        let state = |at: u64| states[usize::try_from(at).unwrap_or(0)];
        let (one, other) = (state(next(states.len() as u64)), state(next(states.len() as u64)));
        let root = next(20) + 1;
        let (id, root_text) = (row.to_string(), format!("{root:02}"));
        let quad = i32::try_from(1 + (root - 1) / 5)?;
        made.put(
            &layout,
            [
                Field::Text(&id),
                Field::Date(date),
                Field::Int(i32::from(date.year())),
                Field::Int(one),
                Field::Int(other),
                Field::Text(&root_text),
                Field::Text(&root_text),
                Field::Int(quad),
            ],
            format_args!("{row}"),
        );
    }
    let source = Source {
        id: "invented-1".into(),
        dataset: "invented".into(),
        version: "1".into(),
        title: "Invented events".into(),
        publisher: "nobody".into(),
        citation: "Invented to measure.".into(),
        licence: "CC0".into(),
        relations: [("events".to_owned(), Relation::Rival)].into(),
        coverage: vec![Coverage { context: true, ..Coverage::all("events", 1995, 2022) }],
        ..Source::default()
    };
    let bundle = SourceBundle { source, tables: vec![("events", made.finish())] };
    Record::store(&folder).add(&[bundle])?;
    println!("{rows} events in {folder}");
    Ok(())
}
