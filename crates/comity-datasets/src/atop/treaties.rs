//! Alliance Treaty Obligations and Provisions: treaties, members and directed pledges.
//!
//! The alliance level has one row per treaty, the member level one per member and phase with what *that member* owes.
//! A pledge from A to B stands where both are members on the same days, with A's obligations. An
//! exit year of 0 is a treaty still in force at the end of the data: the spell is open.

use std::collections::BTreeMap;

use crate::cells::Cells;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need, Selection};
use crate::error::ReadError;
use crate::output::{Output, months, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

/// Settlements of wide conferences that bind every signer to consult: no tie of choice.
const WIDE_CONFERENCES: &[(i32, &str)] = &[(
    3460,
    "the 1962 Geneva declaration on the neutrality of Laos binds all its signers to consult each other",
)];

const DERIVED: &str = "who owes what in a year follows from the member level";
const TREATIES: &str = "alliance level";
const PHASES: &str = "alliance phases";
const MEMBERS: &str = "member level";
/// Files with `NNA` in their names have the header of the whole.
const NNA: Selection = Selection {
    what: "the alliances that are more than a pact of non-aggression (NNA)",
    is: is_without_pure_nonaggression,
};
const OBLIGATIONS: [(&str, &str); 5] = [
    ("defense", "defense"),
    ("offense", "offense"),
    ("neutrality", "neutral"),
    ("nonaggression", "nonagg"),
    ("consultation", "consul"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "atop",
    title: "Alliance Treaty Obligations and Provisions",
    publisher: "ATOP Project, Rice University (Leeds, Ritter, Mitchell and Long)",
    citation: "Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long. 2002. Alliance Treaty Obligations and Provisions, 1815-1944. International Interactions 28: 237-260.",
    licence: "free with citation (atopdata.org); no explicit open licence",
    url: "http://www.atopdata.org/data.html",
    get: Get::Files(&[Download {
        url: "https://www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
        sha256: None,
    }]),
    relations: &[("treaties", Relation::Rival)],
    proposed_as: None,
    tables: &["treaties", "treaty_phases", "treaty_parties", "pledges"],
    baseline: &["treaties"],
    files: &[
        FileKind {
            need: Need::Optional,
            open: true,
            years: "begyr endyr",
            selection: Some(NNA),
            missing: &[Missing { columns: &["endyr", "endmo", "endday"], codes: &["0"] }],
            ..FileKind::new(
                PHASES,
                "atopid atopidphase begyr begmo begday endyr endmo endday ineffect bilat phase maxphase wartime estmode pubsecr term defense offense neutral nonagg consul asymm intcom organ1 mem1 mem2 version",
            )
        },
        FileKind {
            need: Need::Optional,
            open: true,
            years: "begyr endyr",
            selection: Some(NNA),
            missing: &[Missing { columns: &["endyr", "endmo", "endday"], codes: &["0"] }],
            ..FileKind::new(TREATIES, ALLIANCE_COLUMNS)
        },
        FileKind {
            need: Need::Optional,
            open: true,
            years: "yrent yrexit",
            selection: Some(NNA),
            missing: &[Missing { columns: &["yrexit", "moexit", "dayexit"], codes: &["0"] }],
            ..FileKind::new(MEMBERS, MEMBER_COLUMNS)
        },
        FileKind {
            need: Need::Nothing("similarity of the members of an alliance, computed by others"),
            version: None,
            ..FileKind::new(
                "similarity by alliance and year",
                "atopid year mean.s.sc low.s.sc mean.pi.sc low.pi.sc mean.kap.sc low.kap.sc",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            open: true,
            ..FileKind::new(
                "dyad-years",
                "dyad year atopally defense offense neutral nonagg consul shareob transyr bilatno multino number asymm atopid1 mem1 mem2 version",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            open: true,
            ..FileKind::new(
                "directed dyad-years",
                "ddyad year statea stateb atopally defense offense neutral nonagg consul version",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            open: true,
            ..FileKind::new(
                "state-years",
                "state year atopally defense offense neutral nonagg consul number transyr atopid1 version",
            )
        },
        FileKind {
            need: Need::Nothing(
                "estimates of depth and scope by Benson and Clinton (2016); no table holds them",
            ),
            version: None,
            open: true,
            ..FileKind::new(
                "scores of depth and scope",
                "atopid maxmajpow lallycount lsumcap ldistance potmilcapacity.score depth.score scope.score",
            )
        },
    ],
    editions: &[
        Edition {
            version: "4.01",
            released: "2018",
            marks: &["4.01", "4.0100002"],
            last_year: 2016,
            rows: &[(TREATIES, 745), (MEMBERS, 2_398)],
        },
        Edition {
            version: "5.1",
            released: "2022-08-31",
            marks: &["5.1", "5.0999999"],
            last_year: 2018,
            rows: &[(TREATIES, 789), (PHASES, 849), (MEMBERS, 2_510)],
        },
    ],
    coverage: |e| {
        let claim = |t: &&str| {
            Coverage::all(t, 1815, e.last_year).about("written alliances that promise defence, offence, neutrality, non-aggression or consultation")
        };
        ["treaties", "treaty_phases", "treaty_parties", "pledges"].iter().map(claim).collect()
    },
    map,
};

/// The columns of the alliance level and of the member level that are read.
const ALLIANCE_COLUMNS: &str = "atopid begyr begmo begday endyr endmo endday ineffect bilat wartime estmode pubsecr term defense offense neutral nonagg consul asymm intcom organ1 mem1 mem2 version";
const MEMBER_COLUMNS: &str = "atopid member yrent moent dayent yrexit moexit dayexit ineffect bilat phase estmode pubsecr term defense offense neutral nonagg consul asymm obvary intcom organ1 version";

/// One row of the member level.
struct Member<'a> {
    row: Row<'a>,
    ccode: i32,
    phase: Option<i32>,
    start: When,
    end: When,
    key: String,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut treaties = Keys::default();
    let there = |role: &str| files.get(role).is_some();
    for (role, table) in [
        (TREATIES, "treaties"),
        (PHASES, "treaty_phases"),
        (MEMBERS, "treaty_parties"),
        (MEMBERS, "pledges"),
    ] {
        if there(role) {
            out.begin(table);
        }
    }
    phases(files, out)?;
    for row in files.rows(TREATIES) {
        let atopid = row.need("atopid")?;
        let key = format!("atopid={atopid}");
        treaties.add(&row, &key)?;
        row.need_year("begyr")?;
        let (start, end) =
            (row.date("begyr", "begmo", "begday")?, row.date("endyr", "endmo", "endday")?);
        row.forwards(start, end)?;
        let mut cells = vec![
            ("treaty_id", row.text("atopid").into()),
            ("name", name(atopid).into()),
            ("bilateral", row.flag("bilat")?.into()),
            ("wide_conference", is_wide(atopid).into()),
            ("organization", row.code("organ1", 0..=3)?.into()),
            ("integrated_command", row.flag("intcom")?.into()),
        ];
        cells.extend(spell(start, end));
        out.push("treaties", &cells, key);
    }
    let members = members(files, &treaties)?;
    let mut varying = 0;
    for (atopid, members) in &members {
        for member in members {
            let mut cells =
                vec![("treaty_id", atopid.to_string().into()), ("ccode", member.ccode.into())];
            cells.extend(spell(member.start, member.end));
            out.push("treaty_parties", &cells, member.key.as_str());
            varying += usize::from(member.row.flag("obvary")? == Some(true));
            if !out.places().is_state(member.ccode) {
                out.note(format!(
                    "{} was never a state of the system; it is kept under its own number",
                    member.key
                ));
            }
        }
        pledges(*atopid, members, out)?;
    }
    for (atopid, why) in WIDE_CONFERENCES.iter().filter(|(id, _)| members.contains_key(id)) {
        out.note(format!("ATOP {atopid} is marked wide_conference: {why}"));
    }
    let missing: Vec<&str> = [TREATIES, MEMBERS].into_iter().filter(|role| !there(role)).collect();
    if !missing.is_empty() {
        out.note(format!(
            "Without the {} nothing is known of what stands there; it can be added later",
            missing.join(" and the ")
        ));
    }
    if varying > 0 {
        out.note(format!("{varying} memberships owe different things to different partners (obvary = 1); the pledge to each partner shows all of them"));
    }
    out.note("Promises that hold only against some adversary, in some region or in some war are read as promises".to_owned());
    Ok(())
}

/// The phases of alliances: what was promised from one day to another.
fn phases(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    for row in files.rows(PHASES) {
        let (atopid, phase) = (row.need("atopid")?, row.need("phase")?);
        let key = format!("atopid={atopid} phase={phase}");
        keys.add(&row, &key)?;
        row.need_year("begyr")?;
        let start = row.date("begyr", "begmo", "begday")?;
        let end = row.date("endyr", "endmo", "endday")?;
        row.forwards(start, end)?;
        let mut cells = vec![
            ("treaty_id", atopid.to_string().into()),
            ("phase", phase.into()),
            ("phases", row.int("maxphase")?.into()),
            ("bilateral", row.flag("bilat")?.into()),
            ("asymmetric", row.flag("asymm")?.into()),
            ("organization", row.code("organ1", 0..=3)?.into()),
            ("integrated_command", row.flag("intcom")?.into()),
        ];
        for (column, published) in OBLIGATIONS {
            cells.push((column, row.flag(published)?.into()));
        }
        cells.extend(spell(start, end));
        out.push("treaty_phases", &cells, key);
    }
    Ok(())
}

/// Whether no alliance of a whole list is a pact of non-aggression alone: its publisher releases such selections too. A short list is a
/// part of something, and says nothing of this.
fn is_without_pure_nonaggression(cells: &Cells) -> bool {
    const LONG: usize = 500;
    let place = |name: &str| cells.column(name);
    let (Some(id), Some(nonagg)) = (place("atopid"), place("nonagg")) else { return false };
    let others: Vec<usize> =
        ["defense", "offense", "neutral", "consul"].iter().filter_map(|c| place(c)).collect();
    let is = |row: usize, column: usize, value: f64| {
        cells.get(row, column).trim().parse::<f64>().is_ok_and(|v| (v - value).abs() < 0.5)
    };
    let mut pure: BTreeMap<&str, bool> = BTreeMap::new();
    for row in 0..cells.len() {
        let alone = is(row, nonagg, 1.0) && others.iter().all(|c| is(row, *c, 0.0));
        *pure.entry(cells.get(row, id)).or_insert(true) &= alone;
    }
    cells.len() >= LONG && !pure.values().any(|alone| *alone)
}

fn name(atopid: i32) -> String {
    format!("ATOP {atopid}")
}

fn is_wide(atopid: i32) -> bool {
    WIDE_CONFERENCES.iter().any(|(id, _)| *id == atopid)
}

fn members<'a>(
    files: &'a Files,
    treaties: &Keys,
) -> Result<BTreeMap<i32, Vec<Member<'a>>>, ReadError> {
    let mut spells: BTreeMap<(i32, i32), usize> = BTreeMap::new();
    for row in files.rows(MEMBERS) {
        *spells.entry((row.need("atopid")?, row.need_state("member")?)).or_default() += 1;
    }
    let mut keys = Keys::default();
    let mut members: BTreeMap<i32, Vec<Member<'a>>> = BTreeMap::new();
    for row in files.rows(MEMBERS) {
        let (atopid, ccode) = (row.need("atopid")?, row.need_state("member")?);
        if files.get(TREATIES).is_some() {
            treaties.require(&row, &format!("atopid={atopid}"), files.name(TREATIES))?;
        }
        let (phase, year) = (row.int("phase")?.filter(|p| *p > 0), row.need_year("yrent")?);
        let mut key = format!("atopid={atopid} member={ccode}");
        if spells.get(&(atopid, ccode)).is_some_and(|n| *n > 1) {
            key = format!("{key} phase={} yrent={year}", phase.unwrap_or(0));
        }
        keys.add(&row, &key)?;
        let start = row.date("yrent", "moent", "dayent")?;
        let end = row.date("yrexit", "moexit", "dayexit")?;
        row.forwards(start, end)?;
        members.entry(atopid).or_default().push(Member { row, ccode, phase, start, end, key });
    }
    Ok(members)
}

fn pledges(atopid: i32, members: &[Member<'_>], out: &mut Output) -> Result<(), ReadError> {
    let treaty = name(atopid);
    for a in members {
        let mut owed = Vec::new();
        for (column, published) in OBLIGATIONS {
            owed.push((column, a.row.flag(published)?));
        }
        // Where a member owes nothing, its membership alone is on record.
        if owed.iter().all(|(_, v)| *v == Some(false)) {
            continue;
        }
        let (bilateral, asymmetric) = (a.row.flag("bilat")?, a.row.flag("asymm")?);
        let (organization, command) = (a.row.code("organ1", 0..=3)?, a.row.flag("intcom")?);
        let stationing = a.row.code("base", 0..=3)?.map(|base| base > 0);
        for b in members.iter().filter(|b| b.ccode != a.ccode) {
            let Some((start, end)) = together(a, b) else { continue };
            let mut cells = vec![
                ("treaty_id", atopid.to_string().into()),
                ("treaty", treaty.as_str().into()),
                ("ccode", a.ccode.into()),
                ("partner", b.ccode.into()),
                ("bilateral", bilateral.into()),
                ("asymmetric", asymmetric.into()),
                ("organization", organization.into()),
                ("integrated_command", command.into()),
                ("stationing", stationing.into()),
                ("wide_conference", is_wide(atopid).into()),
            ];
            cells.extend(owed.iter().map(|(c, v)| (*c, (*v).into())));
            cells.extend(spell(start, end));
            cells.extend(months(start, end));
            let key = match a.key.split_once(" phase=") {
                Some((pair, rest)) => format!("{pair} partner={} phase={rest}", b.ccode),
                None => format!("{} partner={}", a.key, b.ccode),
            };
            out.push("pledges", &cells, key);
        }
    }
    Ok(())
}

/// The days on which both are members. The last day of one phase is the first of the next: a single such day is no pledge.
fn together(a: &Member<'_>, b: &Member<'_>) -> Option<(When, When)> {
    let start = if a.start.earliest() >= b.start.earliest() { a.start } else { b.start };
    let end = match (a.end.latest(), b.end.latest()) {
        (Some(x), Some(y)) if x <= y => a.end,
        (Some(_), None) => a.end,
        _ => b.end,
    };
    let (first, last) = (start.earliest()?, end.latest());
    let touching = a.phase != b.phase && last.is_some_and(|l| l <= first);
    (last.is_none_or(|l| first <= l) && !touching).then_some((start, end))
}
