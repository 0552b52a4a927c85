//! COW Inter-State Wars 4.0: wars and participants, each with up to two spells.

use std::collections::BTreeMap;

use super::dataset::{Dataset, Edition, FileKind, Files, Get};
use super::error::ReadError;
use super::output::{Output, spell};
use super::row::{Keys, Missing, Row, When};
use crate::coverage::Coverage;
use crate::rows::Value;
use crate::source::Relation;

/// -9 not known, -8 does not apply.
pub(super) const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["-9", "-8"] }];
const PARTIES: &str = "participants";

pub(super) static DATASET: Dataset = Dataset {
    id: "cow-war-inter",
    title: "Inter-State War Data",
    publisher: "Correlates of War Project (Sarkees and Wayman)",
    citation: "Sarkees, Meredith Reid and Frank Wayman. 2010. Resort to War: 1816-2007. Washington: CQ Press.",
    licence: super::COW_TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("wars", Relation::Complement)],
    files: &[FileKind {
        missing: MISSING,
        ..FileKind::new(
            PARTIES,
            "warnum warname wartype ccode statename side startmonth1 startday1 startyear1 endmonth1 endday1 endyear1 startmonth2 startday2 startyear2 endmonth2 endday2 endyear2 transfrom wherefought initiator outcome transto batdeath version",
        )
    }],
    editions: &[Edition {
        version: "4.0",
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
        wars.participant(&row, war, "inter-state", &cells, &key, out)?;
    }
    wars.finish(out);
    Ok(())
}

/// Wars put together from their participants.
#[derive(Default)]
pub(super) struct Wars(BTreeMap<i32, (String, &'static str, When, Option<When>)>);

impl Wars {
    /// Writes the spells of one participant; its deaths are of all of them and stand with the first.
    pub(super) fn participant(
        &mut self,
        row: &Row<'_>,
        war: i32,
        kind: &'static str,
        cells: &[(&'static str, Value)],
        key: &str,
        out: &mut Output,
    ) -> Result<(), ReadError> {
        row.need_year("startyear1")?;
        for nth in 1..=2 {
            let column = |name: &str| format!("{name}{nth}");
            if row.text(&column("startyear")).is_none() {
                continue;
            }
            let start =
                row.date(&column("startyear"), &column("startmonth"), &column("startday"))?;
            // -7: the war went on at the end of the data.
            let ongoing = row.text(&column("endyear")) == Some("-7");
            let end = if ongoing {
                When::default()
            } else {
                row.need_year(&column("endyear"))?;
                row.date(&column("endyear"), &column("endmonth"), &column("endday"))?
            };
            row.forwards(start, end)?;
            self.stretch(row, war, kind, start, end);
            let mut spell_cells = cells.to_vec();
            spell_cells.extend(spell(start, end));
            if nth == 1 {
                spell_cells.push(("deaths", row.int("batdeath")?.into()));
                out.push("war_parties", &spell_cells, key);
            } else {
                out.push("war_parties", &spell_cells, format!("{key} spell={nth}"));
            }
        }
        Ok(())
    }

    fn stretch(&mut self, row: &Row<'_>, war: i32, kind: &'static str, start: When, end: When) {
        let open = end.year.is_none();
        let name = row.text("warname").unwrap_or("").to_owned();
        let war = self.0.entry(war).or_insert((name, kind, start, (!open).then_some(end)));
        if start.earliest() < war.2.earliest() {
            war.2 = start;
        }
        war.3 = match war.3 {
            Some(known) if !open => Some(if end.latest() > known.latest() { end } else { known }),
            _ => None,
        };
    }

    /// Writes the wars.
    pub(super) fn finish(self, out: &mut Output) {
        for (war, (name, kind, start, end)) in self.0 {
            let mut cells = vec![
                ("war_id", war.to_string().into()),
                ("name", name.into()),
                ("war_type", kind.into()),
            ];
            cells.extend(spell(start, end.unwrap_or_default()));
            out.push("wars", &cells, format!("warnum={war}"));
        }
    }
}
