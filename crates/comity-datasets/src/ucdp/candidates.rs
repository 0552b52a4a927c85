//! UCDP Candidate Events: the events of a month, weeks after its end, before they are checked for the event dataset of the year.
//!
//! No file says which month it is of; a month, several of them, or a quarter may be added. They have the header of the event dataset, and
//! are known by events that are still to be checked. Many of them are not of parties that reach 25 deaths in the year: their
//! silence says nothing, and where the event dataset has an event of the same number, its row stands.

use super::events;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const CANDIDATES: &str = "candidate events";

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-candidate",
    title: "UCDP Candidate Events Dataset",
    publisher: "Uppsala Conflict Data Program",
    citation: "Hegre, Håvard, Mihai Croicu, Kristine Eck and Stina Högbladh. 2020. Introducing the UCDP Candidate Events Dataset. Research & Politics 7(3).",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::ByHand(
        "on its page download the months of the UCDP Candidate Events Dataset as CSV and add all of them",
    ),
    relations: &[("conflict_events", Relation::Complement)],
    proposed_as: None,
    tables: &["conflict_events"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: events::MISSING,
        row_test: Some(events::is_candidate),
        many: true,
        ..FileKind::new(CANDIDATES, events::EVENTS)
    }],
    editions: &[Edition {
        version: "unnumbered",
        released: "2020",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    coverage: |e| {
        let claim = Coverage::all("conflict_events", 2018, e.last_year)
            .about("candidate events, not yet checked: what they leave out is not known");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    events::read(files.rows(CANDIDATES), out)?;
    out.note("Candidate events are published before they are checked: status says which are clear");
    Ok(())
}
