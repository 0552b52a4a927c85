//! COW Formal Alliances 4.1 by directed dyad: the rival of ATOP.
//!
//! COW has no category for offence: it is not observed, never "no". An entente is a promise to consult.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, months, spell};
use crate::row::When;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const DIRECTED: &str = "by directed dyad";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-alliances",
    title: "Formal Alliances, 1816-2012",
    publisher: "Correlates of War Project (Gibler)",
    citation: "Gibler, Douglas M. 2009. International Military Alliances, 1648-2008. Washington: CQ Press.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/formal-alliances/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/version4.1_csv.zip",
        sha256: None,
    }]),
    relations: &[("treaties", Relation::Rival)],
    proposed_as: None,
    tables: &["treaties", "treaty_parties", "pledges"],
    baseline: &[],
    files: &[
        FileKind {
            years: "dyad_st_year dyad_end_year",
            ..FileKind::new(
                DIRECTED,
                "version4id ccode1 state_name1 ccode2 state_name2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day dyad_end_month dyad_end_year left_censor right_censor defense neutrality nonaggression entente version",
            )
        },
        FileKind {
            need: Need::Nothing("pledges are read from the file by directed dyad"),
            ..FileKind::new(
                "by dyad",
                "version4id ccode1 state_name1 ccode2 state_name2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day dyad_end_month dyad_end_year left_censor right_censor defense neutrality nonaggression entente asymmetric version",
            )
        },
        FileKind {
            need: Need::Nothing("pledges are read from the file by directed dyad, with their days"),
            ..FileKind::new(
                "by directed dyad, yearly",
                "version4id ccode1 state_name1 ccode2 state_name2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day dyad_end_month dyad_end_year left_censor right_censor defense neutrality nonaggression entente year version",
            )
        },
        FileKind {
            need: Need::Nothing("pledges are read from the file by directed dyad, with their days"),
            ..FileKind::new(
                "by dyad, yearly",
                "version4id ccode1 state_name1 ccode2 state_name2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day dyad_end_month dyad_end_year left_censor right_censor defense neutrality nonaggression entente asymmetric year version",
            )
        },
        FileKind {
            need: Need::Nothing("pledges and members are read from the file by directed dyad"),
            ..FileKind::new(
                "by member",
                "version4id ccode state_name all_st_day all_st_month all_st_year all_end_day all_end_month all_end_year ss_type mem_st_day mem_st_month mem_st_year mem_end_day mem_end_month mem_end_year left_censor right_censor defense neutrality nonaggression entente version",
            )
        },
        FileKind {
            need: Need::Nothing("pledges and members are read from the file by directed dyad"),
            ..FileKind::new(
                "by member, yearly",
                "version4id ccode state_name all_st_day all_st_month all_st_year all_end_day all_end_month all_end_year ss_type mem_st_day mem_st_month mem_st_year mem_end_day mem_end_month mem_end_year left_censor right_censor defense neutrality nonaggression entente year version",
            )
        },
    ],
    editions: &[Edition {
        version: "4.1",
        released: "2013",
        marks: &["4.1"],
        last_year: 2012,
        rows: &[(DIRECTED, 6_444)],
    }],
    coverage: |e| {
        let claim = |t: &&str| {
            Coverage::all(t, 1816, e.last_year).about(
                "formal alliances: defence pacts, neutrality and non-aggression pacts, ententes",
            )
        };
        ["treaties", "treaty_parties", "pledges"].iter().map(claim).collect()
    },
    map,
};

/// A spell as days; an open one has no end.
type Days = (Date, Option<Date>);

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut parties: BTreeMap<i32, BTreeMap<i32, Vec<Days>>> = BTreeMap::new();
    let mut rows = Vec::new();
    let (mut backwards, mut seen) = (0, BTreeMap::<String, usize>::new());
    for name in ["treaties", "treaty_parties", "pledges"] {
        out.begin(name);
    }
    for row in files.rows(DIRECTED) {
        let id = row.need("version4id")?;
        let (a, b) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        row.need_year("dyad_st_year")?;
        let start = row.date("dyad_st_year", "dyad_st_month", "dyad_st_day")?;
        let open = row.flag("right_censor")? == Some(true);
        let end = row.date("dyad_end_year", "dyad_end_month", "dyad_end_day")?;
        if !open && end.year.is_none() {
            return Err(row.refuse("dyad_end_year", "a year, unless right_censor is 1"));
        }
        let end = if open { When::default() } else { end };
        // The published file splits some spells on the day before they begin; such a spell has no day.
        if let (Some(s), Some(e)) = (start.date, end.date)
            && e.tomorrow().is_ok_and(|next| next == s)
        {
            backwards += 1;
            continue;
        }
        row.forwards(start, end)?;
        if let Some(first) = start.earliest() {
            parties.entry(id).or_default().entry(a).or_default().push((first, end.latest()));
        }
        rows.push((row, id, a, b, start, end));
    }
    for (row, id, a, b, start, end) in rows {
        let two = parties.get(&id).is_some_and(|p| p.len() == 2);
        let day = start.date.map_or_else(|| start.year.unwrap_or(0).to_string(), |d| d.to_string());
        let mut key = format!("version4id={id} ccode1={a} ccode2={b} start={day}");
        let nth = seen.entry(key.clone()).or_default();
        *nth += 1;
        if *nth > 1 {
            key = format!("{key} nth={nth}");
        }
        let mut cells = vec![
            ("treaty_id", id.to_string().into()),
            ("treaty", name(id).into()),
            ("ccode", a.into()),
            ("partner", b.into()),
            ("defense", row.flag("defense")?.into()),
            ("neutrality", row.flag("neutrality")?.into()),
            ("nonaggression", row.flag("nonaggression")?.into()),
            ("consultation", row.flag("entente")?.into()),
            ("bilateral", two.into()),
        ];
        cells.extend(spell(start, end));
        cells.extend(months(start, end));
        out.push("pledges", &cells, key);
    }
    for (id, members) in &parties {
        treaty(*id, members, out);
    }
    if backwards > 0 {
        out.note(format!(
            "{backwards} spells that end on the day before they begin have no day and are left out"
        ));
    }
    out.note(
        "The spells of treaties and members are put together from those of their dyads".to_owned(),
    );
    Ok(())
}

fn name(id: i32) -> String {
    format!("COW alliance {id}")
}

fn treaty(id: i32, members: &BTreeMap<i32, Vec<Days>>, out: &mut Output) {
    let all: BTreeSet<Days> = members.values().flatten().copied().collect();
    if let Some((from, _)) = all.first().copied() {
        let to = last(&all);
        let mut cells = vec![
            ("treaty_id", id.to_string().into()),
            ("name", name(id).into()),
            ("bilateral", (members.len() == 2).into()),
        ];
        cells.extend(spell(When::day(from), to.map_or_else(When::default, When::day)));
        out.push("treaties", &cells, format!("version4id={id}"));
    }
    for (ccode, spells) in members {
        for (from, to) in joined(spells.iter().copied().collect()) {
            let mut cells = vec![("treaty_id", id.to_string().into()), ("ccode", (*ccode).into())];
            cells.extend(spell(When::day(from), to.map_or_else(When::default, When::day)));
            out.push(
                "treaty_parties",
                &cells,
                format!("version4id={id} ccode={ccode} start={from}"),
            );
        }
    }
}

/// The last day of all of them; none if one is open.
fn last(spells: &BTreeSet<Days>) -> Option<Date> {
    if spells.iter().any(|(_, to)| to.is_none()) {
        None
    } else {
        spells.iter().filter_map(|(_, to)| *to).max()
    }
}

/// Spells that overlap or follow each other, made one.
fn joined(spells: BTreeSet<Days>) -> Vec<Days> {
    let mut out: Vec<Days> = Vec::new();
    for (from, to) in spells {
        match out.last_mut() {
            Some((_, end)) if end.is_none_or(|e| from <= e.tomorrow().unwrap_or(e)) => {
                *end = match (*end, to) {
                    (Some(x), Some(y)) => Some(x.max(y)),
                    _ => None,
                };
            }
            _ => out.push((from, to)),
        }
    }
    out
}
