//! Strength of UN peacekeeping missions by month (Kathman 2013, carried on to 2019): troops, police and observers, without their senders.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const MONTHS: &str = "mission-months";

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-missions",
    title: "United Nations Peacekeeping Personnel, by mission and month",
    publisher: "Kathman",
    citation: "Kathman, Jacob D. 2013. United Nations Peacekeeping Personnel Commitments, 1990-2011. Conflict Management and Peace Science 30(5): 532-549.",
    licence: "free with citation",
    url: "https://doi.org/10.1177/0738894213491180",
    get: Get::ByHand(
        "ask its author for the mission-month file, or take it from the replication files of a paper",
    ),
    relations: &[("peace_missions", Relation::Complement)],
    proposed_as: None,
    tables: &["peace_missions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: &[Missing { columns: &[], codes: &["-999"] }],
        ..FileKind::new(
            MONTHS,
            "mission missioncountry missionccode missionccode2 year month yearmon troop police militaryobservers total total2",
        )
    }],
    editions: &[Edition {
        version: "2019-12",
        released: "2020",
        marks: &[],
        last_year: 2019,
        rows: &[(MONTHS, 6_175)],
    }],
    coverage: |e| {
        let scope = "uniformed personnel of missions of the United Nations, by host";
        vec![Coverage::all("peace_missions", 1990, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let mut differ = 0;
    out.begin("peace_missions");
    for row in files.rows(MONTHS) {
        let (year, month) = (row.need_year("year")?, row.code("month", 1..=12)?);
        let Some(mission) = row.text("mission") else {
            return Err(row.refuse("mission", "the name of a mission"));
        };
        let mut key = format!("mission={mission} year={year} month={}", month.unwrap_or(0));
        keys.add(&row, &key)?;
        let mut hosts = [None, None];
        for (host, column) in hosts.iter_mut().zip(["missionccode", "missionccode2"]) {
            let Some(code) = row.int(column)? else { continue };
            *host = Some(code).filter(|c| out.places().is_state(*c));
            if host.is_none() {
                out.unplaced("peace_missions", column, code);
                key = format!("{key} {column}={code}");
            }
        }
        let (total, sum) = (row.int("total")?, row.int("total2")?);
        differ += usize::from(total != sum);
        let cells = [
            ("mission", mission.into()),
            ("place", row.text("missioncountry").into()),
            ("host", hosts[0].into()),
            ("second_host", hosts[1].into()),
            ("year", year.into()),
            ("month", month.into()),
            ("troops", row.int("troop")?.into()),
            ("police", row.int("police")?.into()),
            ("observers", row.int("militaryobservers")?.into()),
            ("total", total.into()),
        ];
        out.push("peace_missions", &cells, key);
    }
    out.note(format!("In {differ} months the published total is not the sum that is published beside it (total2); the total is read"));
    Ok(())
}
