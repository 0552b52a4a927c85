//! COW Intergovernmental Organizations 3.0: every organisation and its members, from state-years with a column for each organisation.
//!
//! Codes: 1 full, 2 associate, 3 observer; 0 no member; -1 the organisation did not exist; -9 nothing could be found. Runs of years with one code become
//! spells. A year in which the members of an organisation are not known is not a year without members: it ends a spell, and every claim leaves out
//! the organisations that are not known in its years, so that silence about one of them never reads as "no member". A count over all
//! organisations is one of those whose members are known, as the codebook has it too.

use std::collections::{BTreeMap, BTreeSet};

use super::contiguity::years_of;
use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::{Coverage, Units};
use comity_record::rows::Value;
use comity_record::source::Relation;

const STATES: &str = "state-years";
const ORGANIZATIONS: &str = "organisation-years";
const KINDS: [&str; 3] = ["full", "associate", "observer"];
/// The Charter is the one universal treaty among the organisations.
const CHARTER: (&str, &str) = ("UN", "universal-treaty");
/// Mandates that the dataset does not distinguish: it knows political, social and economic ones.
const NOT_CODED: &[&str] = &["technology", "science-culture", "security"];
const NO_ORGANIZATION: &[&str] = &["ccode", "year", "state", "country", "version"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-igo",
    title: "Intergovernmental Organizations, 1816-2014",
    publisher: "Correlates of War Project (Pevehouse, Nordstrom, McManus and Jamison)",
    citation: "Pevehouse, Jon C. W., Timothy Nordstrom, Roseanne W. McManus and Anne Spencer Jamison. 2020. Tracking Organizations in the World: The Correlates of War IGO Version 3.0 Datasets. Journal of Peace Research 57(3): 492-503.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/igos/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/state_year_formatv3.zip",
        sha256: None,
    }]),
    relations: &[("memberships", Relation::Complement)],
    proposed_as: None,
    tables: &["memberships", "organizations"],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            open: true,
            ..FileKind::new(STATES, "ccode year state aaaid acp ilo imf itu un who wto wassen")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            open: true,
            ..FileKind::new(
                ORGANIZATIONS,
                "ioname orgname year sdate deaddate dead integrated replaced longorgname ionum political social economic",
            )
        },
        left(
            "memberships in manyios",
            "the list of the Correlates of War once more, state by state; it is read from its own file",
            "igoid stateid statename year begin end cowid active",
        ),
        left(
            "memberships in informal organisations (manyios)",
            "no table holds informal organisations, which would be counted among the others",
            "stateid statename igoid title begin end year",
        ),
        left(
            "organisations in manyios",
            "organisations without their members; those of the Correlates of War are read from its own file",
            "igoid title begin",
        ),
    ],
    editions: &[Edition {
        version: "3.0",
        released: "2019",
        marks: &[],
        last_year: 2014,
        rows: &[(STATES, 15_557), (ORGANIZATIONS, 19_333)],
    }],
    coverage: |e| vec![Coverage::all("organizations", 1816, e.last_year)],
    map,
};

/// A file of the package manyios that is not read.
const fn left(role: &'static str, why: &'static str, columns: &'static str) -> FileKind {
    FileKind { need: Need::Nothing(why), version: None, open: true, ..FileKind::new(role, columns) }
}

/// What is known of an organisation besides its members.
#[derive(Default)]
struct Organization {
    name: String,
    field: Option<&'static str>,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let known = organizations(files, out)?;
    let Some(sheet) = files.get(STATES) else { return Ok(()) };
    let (mut keys, mut states) = (Keys::default(), BTreeMap::<i32, BTreeMap<i32, Row<'_>>>::new());
    for row in sheet.rows() {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        keys.add(&row, &format!("ccode={ccode} year={year}"))?;
        states.entry(ccode).or_default().insert(year, row);
    }
    let last = files.edition().last_year;
    let mut unknown: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
    let mut cells_unknown = 0;
    out.begin("memberships");
    for (at, column) in sheet.header().iter().enumerate() {
        if NO_ORGANIZATION.contains(&column.as_str()) {
            continue;
        }
        let id = column.to_uppercase();
        let organization = known.get(&id);
        for (ccode, years) in &states {
            let mut run: Option<(usize, i32, i32)> = None;
            for (year, row) in years {
                let kind = match row.int_at(at)? {
                    Some(code @ 1..=3) => Some(code as usize - 1),
                    Some(-1 | 0) => None,
                    Some(-9) | None => {
                        cells_unknown += 1;
                        unknown.entry(*year).or_default().insert(id.clone());
                        None
                    }
                    Some(_) => return Err(row.refuse(column, "a code from 1 to 3, 0, -1 or -9")),
                };
                match (&mut run, kind) {
                    (Some((same, _, to)), Some(kind)) if *same == kind && *to + 1 == *year => {
                        *to = *year;
                    }
                    _ => {
                        let next = kind.map(|kind| (kind, *year, *year));
                        if let Some(done) = std::mem::replace(&mut run, next) {
                            member(&id, organization, *ccode, done, last, out);
                        }
                    }
                }
            }
            if let Some(done) = run {
                member(&id, organization, *ccode, done, last, out);
            }
        }
    }
    let absent = absent(&states, last, out.places());
    if let Some(first) = absent.iter().next() {
        let rows: usize = absent.values().map(BTreeSet::len).sum();
        out.note(format!(
            "{rows} states and years of the system have no row, the first in {}; nothing is known of their memberships",
            first.0
        ));
    }
    for claim in claims(&unknown, &absent, last) {
        out.claim(claim);
    }
    let years: usize = unknown.values().map(BTreeSet::len).sum();
    out.note(format!(
        "The members of {years} organisation-years ({cells_unknown} states and years) are not known; they are no members of it here, and nothing is claimed of these organisations in these years"
    ));
    out.note("Before 1965 some members are imputed from lists made every five years");
    Ok(())
}

/// Writes one spell of membership.
fn member(
    id: &str,
    organization: Option<&Organization>,
    ccode: i32,
    (kind, from, to): (usize, i32, i32),
    last: i32,
    out: &mut Output,
) {
    let field = if id == CHARTER.0 { Some(CHARTER.1) } else { organization.and_then(|o| o.field) };
    let mut cells: Vec<(&str, Value)> = vec![
        ("organization", id.into()),
        ("ccode", ccode.into()),
        ("kind", KINDS[kind].into()),
        ("field", field.into()),
        ("name", organization.map(|o| o.name.as_str()).into()),
    ];
    cells.extend(years_of(from, to, last));
    out.push("memberships", &cells, format!("{id} ccode={ccode} year={from}"));
}

/// States of the system that have no row in a year, by year.
fn absent(
    states: &BTreeMap<i32, BTreeMap<i32, Row<'_>>>,
    last: i32,
    places: &Places,
) -> BTreeMap<i32, BTreeSet<i32>> {
    let mut absent: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for ccode in places.all_states() {
        for year in (1816..=last).filter(|y| places.in_system(ccode, *y)) {
            if !states.get(&ccode).is_some_and(|years| years.contains_key(&year)) {
                absent.entry(year).or_default().insert(ccode);
            }
        }
    }
    absent
}

/// One claim for each run of years in which the same organisations and states are not known.
fn claims(
    unknown: &BTreeMap<i32, BTreeSet<String>>,
    absent: &BTreeMap<i32, BTreeSet<i32>>,
    last: i32,
) -> Vec<Coverage> {
    type Gaps = (BTreeSet<String>, BTreeSet<i32>);
    let mut runs: Vec<(i32, i32, Gaps)> = Vec::new();
    for year in 1816..=last {
        let without = unknown.get(&year).cloned().unwrap_or_default();
        let without = (without, absent.get(&year).cloned().unwrap_or_default());
        match runs.last_mut() {
            Some((_, to, same)) if *same == without => *to = year,
            _ => runs.push((year, year, without)),
        }
    }
    let claim = |(from, to, (without, absent)): (i32, i32, Gaps)| {
        let without: Vec<&str> = without.iter().map(String::as_str).collect();
        let units = if absent.is_empty() { Units::All } else { Units::AllExcept(absent) };
        let claim = Coverage { units, ..Coverage::all("memberships", from, to) };
        claim
            .about("organisations with three members and more, a secretariat and regular meetings, whose members are known")
            .only("kind", &KINDS)
            .except("organization", &without)
            .except("field", NOT_CODED)
    };
    runs.into_iter().map(claim).collect()
}

/// Writes the organisations; their names and fields by short name.
fn organizations(
    files: &Files,
    out: &mut Output,
) -> Result<BTreeMap<String, Organization>, ReadError> {
    let mut years: BTreeMap<String, Vec<Row<'_>>> = BTreeMap::new();
    for row in files.rows(ORGANIZATIONS) {
        let id = row.text("ioname").ok_or_else(|| row.refuse("ioname", "a short name"))?;
        row.need_year("year")?;
        years.entry(id.to_uppercase()).or_default().push(row);
    }
    let mut known = BTreeMap::new();
    for (id, rows) in years {
        // What is said last of an organisation stands.
        let said = |column: &str| rows.iter().rev().find_map(|row| row.text(column));
        let flag = |column: &str| -> Result<bool, ReadError> {
            rows.iter().try_fold(false, |any, row| Ok(any | (row.flag(column)? == Some(true))))
        };
        let mut field = None;
        for name in ["political", "social", "economic"] {
            if flag(name)? {
                field = Some(name);
            }
        }
        let ended = match (flag("integrated")?, flag("replaced")?, flag("dead")?) {
            (true, _, _) => Some("integrated"),
            (_, true, _) => Some("replaced"),
            (_, _, true) => Some("dissolved"),
            _ => None,
        };
        let Some(last) = rows.last() else { continue };
        let name = said("longorgname").or(said("orgname")).unwrap_or(&id).to_owned();
        let cells: Vec<(&str, Value)> = vec![
            ("organization", id.as_str().into()),
            ("number", last.int("ionum")?.map(|n| n.to_string()).into()),
            ("name", name.as_str().into()),
            ("short_name", said("orgname").into()),
            ("field", field.into()),
            ("ended", ended.into()),
            ("start_year", last.code("sdate", 1000..=2999)?.into()),
            ("end_year", last.code("deaddate", 1000..=2999)?.into()),
        ];
        out.push("organizations", &cells, format!("ioname={id}"));
        known.insert(id, Organization { name, field });
    }
    Ok(known)
}
