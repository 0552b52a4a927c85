//! COW Extra-State Wars 4.0: wars of states against peoples and entities outside the system.
//!
//! Side A is the state; a state in side B's column fought beside the other side. `Outcome` speaks of side A.

use super::wars::{MISSING, VERSION_4, Wars, participant, spells};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const PARTIES: &str = "participants";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-war-extra",
    title: "Extra-State War Data",
    publisher: "Correlates of War Project (Sarkees and Wayman)",
    citation: "Sarkees, Meredith Reid and Frank Wayman. 2010. Resort to War: 1816-2007. Washington: CQ Press.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Extra-StateWarData_v4.0.csv",
        sha256: None,
    }]),
    relations: &[("wars", Relation::Complement)],
    proposed_as: Some("cow-war"),
    tables: &["wars", "war_parties"],
    baseline: &[],
    files: &[FileKind {
        missing: MISSING,
        years: "startyear1 endyear1 startyear2 endyear2",
        ..FileKind::new(
            PARTIES,
            "warnum warname wartype ccode1 sidea ccode2 sideb startmonth1 startday1 startyear1 endmonth1 endday1 endyear1 startmonth2 startday2 startyear2 endmonth2 endday2 endyear2 initiator interven transfrom outcome transto wherefought batdeath nonstatedeaths version",
        )
    }],
    editions: &[Edition {
        version: "4.0",
        released: "2011",
        marks: &["4"],
        last_year: 2007,
        rows: &[(PARTIES, 198)],
    }],
    coverage: |e| {
        let claim = |t: &&str| {
            Coverage::all(t, 1816, e.last_year)
                .about("colonial and imperial wars with 1,000 battle deaths of the state")
        };
        ["wars", "war_parties"].iter().map(claim).collect()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut wars, mut keys) = (Wars::default(), Keys::default());
    out.begin("wars");
    out.begin("war_parties");
    for row in files.rows(PARTIES) {
        let war = row.need("warnum")?;
        let kind = match row.code("wartype", 2..=3)? {
            Some(2) => "extra-state-colonial",
            Some(_) => "extra-state-imperial",
            None => return Err(row.refuse("wartype", "2 (colonial) or 3 (imperial)")),
        };
        let (a, b) = (row.code("ccode1", 1..=9999)?, row.code("ccode2", 1..=9999)?);
        let outcome = row.code("outcome", 1..=8)?;
        if a.is_none() && b.is_none() {
            return Err(row.refuse("ccode1", "a state's number (or ccode2)"));
        }
        for (side, ccode, column) in [(1, a, "ccode1"), (2, b, "ccode2")] {
            let Some(ccode) = ccode else { continue };
            let key = format!(
                "warnum={war} {column}={ccode} startyear1={}",
                row.need_year("startyear1")?
            );
            keys.add(&row, &key)?;
            let placed = out.places().is_state(ccode);
            if !placed {
                out.unplaced("war_parties", column, ccode);
            }
            // For side B a win of side A is a loss.
            let outcome = match (side, outcome) {
                (2, Some(1)) => Some(2),
                (2, Some(2)) => Some(1),
                _ => outcome,
            };
            let cells = [
                ("war_id", war.to_string().into()),
                ("ccode", placed.then_some(ccode).into()),
                ("side", side.into()),
                ("initiator", row.flag("initiator")?.into()),
                ("outcome", outcome.into()),
            ];
            let about = [("name", row.text("warname").into()), ("war_type", kind.into())];
            let spells = spells(&row, &VERSION_4)?;
            wars.add(&war.to_string(), &about, &spells);
            participant(&cells, row.int("batdeath")?, &spells, &key, out);
        }
    }
    wars.finish(out);
    Ok(())
}
