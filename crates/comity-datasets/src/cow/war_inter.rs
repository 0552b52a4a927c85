//! COW Inter-State Wars 4.0: wars and participants, each with up to two spells.

use std::collections::BTreeMap;

use super::wars::{MISSING, VERSION_4, Wars, participant, spells};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const PARTIES: &str = "participants";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-war-inter",
    title: "Inter-State War Data",
    publisher: "Correlates of War Project (Sarkees and Wayman)",
    citation: "Sarkees, Meredith Reid and Frank Wayman. 2010. Resort to War: 1816-2007. Washington: CQ Press.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Inter-StateWarData_v4.0.csv",
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
            "warnum warname wartype ccode statename side startmonth1 startday1 startyear1 endmonth1 endday1 endyear1 startmonth2 startday2 startyear2 endmonth2 endday2 endyear2 transfrom wherefought initiator outcome transto batdeath version",
        )
    }],
    editions: &[Edition {
        version: "4.0",
        released: "2011",
        marks: &["4"],
        last_year: 2007,
        rows: &[(PARTIES, 337)],
    }],
    coverage: |e| {
        let claim = |t: &&str| {
            Coverage::all(t, 1816, e.last_year)
                .about("wars between states with 1,000 battle deaths")
        };
        ["wars", "war_parties"].iter().map(claim).collect()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut wars = Wars::default();
    let mut seen: BTreeMap<(i32, i32), usize> = BTreeMap::new();
    for row in files.rows(PARTIES) {
        *seen.entry((row.need("warnum")?, row.need_state("ccode")?)).or_default() += 1;
    }
    let mut keys = Keys::default();
    out.begin("wars");
    out.begin("war_parties");
    for row in files.rows(PARTIES) {
        let (war, ccode) = (row.need("warnum")?, row.need_state("ccode")?);
        let side = row.code("side", 1..=2)?;
        let mut key = format!("warnum={war} ccode={ccode}");
        if seen.get(&(war, ccode)).is_some_and(|n| *n > 1) {
            key = format!(
                "{key} side={} startyear1={}",
                side.unwrap_or(0),
                row.need_year("startyear1")?
            );
        }
        keys.add(&row, &key)?;
        // 1 initiated, 2 did not.
        let initiator = row.code("initiator", 1..=2)?.map(|v| v == 1);
        let cells = [
            ("war_id", war.to_string().into()),
            ("ccode", ccode.into()),
            ("side", side.into()),
            ("initiator", initiator.into()),
            ("outcome", row.code("outcome", 1..=8)?.into()),
        ];
        let about = [("name", row.text("warname").into()), ("war_type", "inter-state".into())];
        let spells = spells(&row, &VERSION_4)?;
        wars.add(&war.to_string(), &about, &spells);
        participant(&cells, row.int("batdeath")?, &spells, &key, out);
    }
    wars.finish(out);
    Ok(())
}
