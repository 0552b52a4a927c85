//! UCDP External Support 18.1, actor-years: who supported which side of a conflict, and with what.
//!
//! A row lists all supporters of one party against one opponent in one year, and says for each kind of support how many of them gave it,
//! states and others apart. Which of several gave it is known only where all of them did or none; else it is left null (the
//! publisher's triad-year file has it). Supporters are named, not coded.

use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const YEARS: &str = "actor-years";
const GOVERNMENT: &str = "Government of ";
/// Kinds of support: the column of the table and the letter of the dataset.
const KINDS: [(&str, char); 9] = [
    ("troops", 'x'),
    ("weapons", 'w'),
    ("materiel", 'm'),
    ("training", 't'),
    ("funding", 'f'),
    ("troop_presence", 'p'),
    ("territory", 'y'),
    ("intelligence", 'i'),
    ("infrastructure", 'l'),
];
/// What makes `other_support`.
const OTHER: [char; 6] = ['p', 'y', 'i', 'l', 'o', 'u'];

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-esd",
    title: "UCDP External Support Dataset",
    publisher: "Uppsala Conflict Data Program",
    citation: "Meier, Vanessa, Niklas Karlén, Therése Pettersson and Mihai Croicu. 2023. External Support in Armed Conflicts: Introducing the UCDP External Support Dataset (ESD), 1975-2017. Journal of Peace Research 60(3): 545-554.",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::ByHand(
        "on its page, under UCDP External Support, download the actor-year file (ucdp-esd-ay-181)",
    ),
    relations: &[("external_support", Relation::Complement)],
    proposed_as: None,
    tables: &["external_support"],
    baseline: &[],
    files: &[FileKind {
        open: true,
        version: None,
        years: "year",
        ..FileKind::new(
            YEARS,
            "id active year actor_id actor_name actor_nonstate oppo_id oppo_name dyad_id dyad_name civil conflict_id location gwno_a country_a gwno_b country_b ext_id ext_name ext_nonstate ext_coalition ext_sup ext_count ext_count_s ext_count_ns ext_x ext_x_count_s ext_w_count_s ext_sum",
        )
    }],
    editions: &[Edition {
        version: "18.1",
        released: "2022",
        marks: &[],
        last_year: 2017,
        rows: &[(YEARS, 4_781)],
    }],
    coverage: |e| {
        let scope =
            "support to parties of conflicts between a government and another side in UCDP's list";
        vec![Coverage::all("external_support", 1975, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let (mut alone, mut vague, mut unnamed) = (0, 0, 0);
    out.begin("external_support");
    for row in files.rows(YEARS) {
        let (case, year) = (row.need("id")?, row.need_year("year")?);
        let key = format!("id={case}");
        keys.add(&row, &key)?;
        let supporters = names(row.text("ext_name").unwrap_or(""));
        if row.flag("ext_sup")? != Some(true) {
            alone += 1;
            continue;
        }
        let counted = (row.need("ext_count_s")?, row.need("ext_count_ns")?);
        let states = supporters.iter().filter(|n| of_state(n)).count() as i32;
        let others = supporters.len() as i32 - states;
        if states > counted.0 || others > counted.1 {
            return Err(row.refuse("ext_name", "no more names than are counted"));
        }
        unnamed += counted.0 + counted.1 - states - others;
        let party = party(&row, year, out)?;
        for supporter in &supporters {
            let state = supporter.strip_prefix(GOVERNMENT);
            let ccode = state.and_then(|name| government(name, year, out.places()));
            if state.is_some() && ccode.is_none() {
                out.unplaced("external_support", "ccode", supporter);
            }
            let (suffix, all) =
                if of_state(supporter) { ("s", counted.0) } else { ("ns", counted.1) };
            let gave = |kind: char| -> Result<Option<bool>, ReadError> {
                let of = row.need(&format!("ext_{kind}_count_{suffix}"))?;
                Ok(if of == 0 {
                    Some(false)
                } else if of >= all {
                    Some(true)
                } else {
                    None
                })
            };
            let mut cells = party.clone();
            cells.extend([
                ("case_id", case.to_string().into()),
                ("year", year.into()),
                ("ccode", ccode.into()),
                ("supporter", supporter.as_str().into()),
            ]);
            let mut unclear = false;
            for (name, kind) in KINDS {
                let given = gave(kind)?;
                unclear |= given.is_none();
                cells.push((name, given.into()));
            }
            vague += usize::from(unclear);
            let mut other = Some(false);
            for kind in OTHER {
                other = match (other, gave(kind)?) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (None, _) | (_, None) => None,
                    _ => Some(false),
                };
            }
            cells.push(("other_support", other.into()));
            out.push("external_support", &cells, format!("{key} ext_name={supporter}"));
        }
    }
    if unnamed > 0 {
        out.note(format!("{unnamed} supporters are counted and not named"));
    }
    out.note(format!("{alone} actor-years had no support from abroad. {vague} supporters stand beside others in a year in which only some of them gave a kind of support, without saying which: that kind is null"));
    Ok(())
}

/// The supported party, its opponent, and their conflict.
fn party(
    row: &Row<'_>,
    year: i32,
    out: &mut Output,
) -> Result<Vec<(&'static str, Value)>, ReadError> {
    let rebels = row.flag("actor_nonstate")? == Some(true);
    let mut sides = Vec::new();
    for (number, country) in [("gwno_a", "country_a"), ("gwno_b", "country_b")] {
        let Some(gwno) = row.int(number)? else { continue };
        let ccode = out.places().from_gw(gwno, year);
        if ccode.is_none() {
            out.unplaced("external_support", number, gwno);
        }
        sides.push((row.text(country).unwrap_or(""), ccode));
    }
    let actor = row.text("actor_name").unwrap_or("");
    let own = actor.strip_prefix(GOVERNMENT);
    // Between states both are governments: the actor's own name says which; in a civil war side A is the government.
    let is_own =
        |(name, _): &&(&str, Option<i32>)| !rebels && (sides.len() == 1 || own == Some(*name));
    let recipient = sides.iter().find(is_own).and_then(|(_, c)| *c);
    let target = sides.iter().find(|s| !is_own(s)).and_then(|(_, c)| *c);
    Ok(vec![
        ("conflict_id", row.need("conflict_id")?.to_string().into()),
        ("recipient", row.text("actor_name").into()),
        ("recipient_state", recipient.into()),
        ("target", target.into()),
        ("to_rebels", rebels.into()),
        ("active", row.flag("active")?.into()),
    ])
}

/// Whether a supporter is counted among the states: a government, or elements of a state (`Thai elements`), which are not its
/// government.
fn of_state(name: &str) -> bool {
    name.starts_with(GOVERNMENT) || name.ends_with(" elements")
}

/// Names divided by commas; a comma with a blank after it is part of a name.
fn names(cell: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in cell.split(',').filter(|p| !p.trim().is_empty()) {
        match names.last_mut() {
            Some(last) if part.starts_with(' ') => *last = format!("{last},{part}"),
            _ => names.push(part.trim().to_owned()),
        }
    }
    names
}

/// The state of a government as UCDP names it, with the former name in brackets: `Russia (Soviet Union)`.
fn government(name: &str, year: i32, places: &Places) -> Option<i32> {
    // Before 1990 this is the northern state, and the two are one number since.
    if name == "Yemen (North Yemen)" {
        return places.from_gw(678, year);
    }
    let name = match name {
        "Germany" if year < 1990 => "West Germany",
        // The other one is DR Congo (Zaire).
        "Congo" => "Congo, Republic of",
        name => name,
    };
    let short = name.split_once(" (").map_or(name, |(short, _)| short);
    places.from_name(name, year).or_else(|| places.from_name(short, year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_commas_in_them() {
        assert_eq!(
            names("Government of Iraq,Interahamwe, ex-FAR,PUK"),
            ["Government of Iraq", "Interahamwe, ex-FAR", "PUK"]
        );
        assert!(names("").is_empty());
    }
}
