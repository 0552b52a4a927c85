//! International Crisis Behavior 14: crises of the system (ICB1) and the states in them (ICB2), 1918-2017.
//!
//! Codes of states are Gleditsch-Ward's; 995, 996 and 997 stand for entities that are no single state. A day of 66, 77 or 88 is
//! the early, middle or late part of a month. One crisis (474) is published with its names only.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const SYSTEM: &str = "ICB1 (system level)";
const ACTORS: &str = "ICB2 (actor level)";
const MISSING: &[Missing] = &[
    Missing { columns: &[], codes: &["-99", "."] },
    Missing { columns: &["datrig", "daterm"], codes: &["66", "77", "88"] },
];
/// Triggered by an entity that is no single state.
const NO_STATE: [i32; 3] = [995, 996, 997];

pub(crate) static DATASET: Dataset = Dataset {
    id: "icb",
    title: "International Crisis Behavior",
    publisher: "International Crisis Behavior Project (Brecher, Wilkenfeld, Beardsley, James and Quinn)",
    citation: "Brecher, Michael and Jonathan Wilkenfeld. 2000. A Study of Crisis. Ann Arbor: University of Michigan Press; Brecher, Michael, Jonathan Wilkenfeld, Kyle Beardsley, Patrick James and David Quinn. 2021. International Crisis Behavior Data Codebook, Version 14.",
    licence: "free with citation; no explicit licence",
    url: "https://sites.duke.edu/icbdata/data-collections/",
    get: Get::ByHand(
        "on its page follow the links of the system-level (ICB1) and the actor-level (ICB2) data in CSV and add both files",
    ),
    relations: &[("crises", Relation::Complement)],
    proposed_as: None,
    tables: &["crises", "international_crises"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            missing: MISSING,
            open: true,
            version: None,
            years: "yrtrig",
            ..FileKind::new(
                SYSTEM,
                "icb1 crisno crisname break trigent yrtrig motrig datrig yrterm moterm daterm brexit gravcr crismg cenviosy sevviosy viol noactr usinv suinv globorg subout forout outesr protrac",
            )
        },
        FileKind {
            missing: MISSING,
            open: true,
            version: None,
            years: "yrtrig",
            ..FileKind::new(
                ACTORS,
                "icb2 crisno cracno cracid actor systrgyr crisname triggr yrtrig motrig datrig trigent majres crismg usinv suinv globorg outcom outfor yrterm moterm daterm viol gravty",
            )
        },
    ],
    editions: &[Edition {
        version: "14",
        released: "2021",
        marks: &[],
        last_year: 2017,
        rows: &[(SYSTEM, 487), (ACTORS, 1_078)],
    }],
    coverage: |e| {
        let scope = "crises of states: values threatened, time short, violence likely; not crises within states alone";
        ["crises", "international_crises"]
            .map(|table| Coverage::all(table, 1918, e.last_year).about(scope))
            .into()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    // A crisis without a date is read by the codes of the last year.
    let year = |start: When| start.year.unwrap_or(files.edition().last_year);
    let (mut system, mut keys) = (Keys::default(), Keys::default());
    if files.get(SYSTEM).is_some() {
        out.begin("international_crises");
    }
    for row in files.rows(SYSTEM) {
        let crisis = row.need("crisno")?;
        let key = format!("crisno={crisis}");
        system.add(&row, &key)?;
        let (start, end) = dates(&row, &key, out)?;
        let mut cells = vec![
            ("crisis_id", crisis.to_string().into()),
            ("name", row.text("crisname").into()),
            ("trigger", row.code("break", 1..=9)?.into()),
            ("trigger_by", trigger_by(&row, year(start), &key, out)?.into()),
            ("gravity", row.code("gravcr", 0..=7)?.into()),
            ("management", row.code("crismg", 1..=8)?.into()),
            ("violence", row.code("viol", 1..=4)?.into()),
            ("actors", row.int("noactr")?.into()),
            ("us_involvement", row.code("usinv", 1..=4)?.into()),
            ("soviet_involvement", row.code("suinv", 1..=4)?.into()),
            ("global_organization", row.code("globorg", 0..=10)?.into()),
            ("outcome_content", row.code("subout", 1..=2)?.into()),
            ("outcome_form", row.code("forout", 1..=7)?.into()),
            ("outcome_tension", row.code("outesr", 1..=3)?.into()),
            ("protracted", row.code("protrac", 1..=3)?.into()),
        ];
        cells.extend(spell(start, end));
        out.push("international_crises", &cells, key);
    }
    out.begin("crises");
    for row in files.rows(ACTORS) {
        let (crisis, number) = (row.need("crisno")?, row.need("cracno")?);
        if files.get(SYSTEM).is_some() {
            system.require(&row, &format!("crisno={crisis}"), files.name(SYSTEM))?;
        }
        let mut key = format!("crisno={crisis} cracno={number}");
        keys.add(&row, &key)?;
        let (start, end) = dates(&row, &key, out)?;
        let gwno = row.need_state("cracid")?;
        let ccode = out.places().from_gw(gwno, year(start));
        if ccode.is_none() {
            out.unplaced("crises", "cracid", gwno);
            key = format!("{key} cracid={gwno}");
        }
        let mut outcome = row.code("outcom", 1..=9)?;
        if let Some(code) = outcome.take_if(|o| *o > 5) {
            out.note(format!(
                "{key} has an outcome ({code}) that the codebook does not have; it is left out"
            ));
        }
        let mut cells = vec![
            ("crisis_id", crisis.to_string().into()),
            ("name", row.text("crisname").into()),
            ("ccode", ccode.into()),
            ("actor", row.text("actor").into()),
            ("trigger", row.code("triggr", 1..=9)?.into()),
            ("trigger_by", trigger_by(&row, year(start), &key, out)?.into()),
            ("gravity", row.code("gravty", 0..=7)?.into()),
            ("major_response", row.code("majres", 1..=9)?.into()),
            ("management", row.code("crismg", 1..=8)?.into()),
            ("violence", row.code("viol", 1..=4)?.into()),
            ("us_involvement", row.code("usinv", 1..=9)?.into()),
            ("soviet_involvement", row.code("suinv", 1..=9)?.into()),
            ("outcome", outcome.into()),
            ("outcome_form", row.code("outfor", 1..=15)?.into()),
        ];
        cells.extend(spell(start, end));
        out.push("crises", &cells, key);
    }
    Ok(())
}

fn dates(row: &Row<'_>, key: &str, out: &mut Output) -> Result<(When, When), ReadError> {
    let start = row.date("yrtrig", "motrig", "datrig")?;
    let end = row.date("yrterm", "moterm", "daterm")?;
    row.forwards(start, end)?;
    if start.year.is_none() {
        out.note(format!("{key} is published without dates; it stands in no year"));
    } else if end.year.is_none() {
        out.note(format!("{key} ended at a time that is not known; it stands as open"));
    }
    Ok((start, end))
}

/// Who set it off, where that is one state.
fn trigger_by(
    row: &Row<'_>,
    year: i32,
    key: &str,
    out: &mut Output,
) -> Result<Option<i32>, ReadError> {
    let Some(gwno) = row.code("trigent", 1..=9999)?.filter(|c| !NO_STATE.contains(c)) else {
        return Ok(None);
    };
    let ccode = out.places().from_gw(gwno, year);
    if ccode.is_none() {
        out.note(format!("{key} was triggered by {gwno}, which is not a state of the system"));
    }
    Ok(ccode)
}
