//! What the sets of coded events have in common: one event as a row of `events`, and their tables of codes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::codes::Places;
use crate::dataset::Files;
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::rows::Value;

/// One side of an event.
#[derive(Default)]
pub(crate) struct Side<'a> {
    /// The state, if there is one.
    pub ccode: Option<i32>,
    /// The code as published.
    pub code: Option<&'a str>,
    /// The name as published.
    pub name: Option<&'a str>,
}

/// One coded event.
pub(crate) struct Event<'a> {
    pub id: String,
    pub date: Date,
    pub actor: Side<'a>,
    pub target: Side<'a>,
    /// `cameo` or `weis`.
    pub scheme: &'static str,
    pub code: &'a str,
    pub goldstein: Option<f64>,
    pub quad: Option<i32>,
    pub mentions: Option<i32>,
    pub location: Side<'a>,
}

/// How a kind of codes or names is placed on a day.
pub(crate) type Place = fn(&Places, &str, Date) -> Option<i32>;

/// Who stands on the sides of a row, when one was not a state on that day: counted with the code that says so.
pub(crate) fn placed(
    out: &mut Output,
    column: &str,
    code: Option<&str>,
    date: Date,
    place: Place,
) -> Option<i32> {
    let code = code?;
    let state = place(out.places(), code, date);
    if state.is_none() {
        out.unplaced("events", column, code);
    }
    state
}

impl Event<'_> {
    /// Writes it.
    pub fn push(self, out: &mut Output, source_row: String) {
        let cameo = (self.scheme == "cameo").then_some(self.code);
        let root = self.code.get(..2);
        let cells: [(&str, Value); 18] = [
            ("event_id", self.id.into()),
            ("date", self.date.into()),
            ("ccode", self.actor.ccode.into()),
            ("partner", self.target.ccode.into()),
            ("actor", self.actor.code.into()),
            ("actor_name", self.actor.name.into()),
            ("target", self.target.code.into()),
            ("target_name", self.target.name.into()),
            ("scheme", self.scheme.into()),
            ("code", self.code.into()),
            ("root", root.into()),
            ("cameo", cameo.into()),
            ("goldstein", self.goldstein.into()),
            ("quad", self.quad.or_else(|| cameo.and_then(quad_of)).into()),
            ("mentions", self.mentions.into()),
            ("location", self.location.ccode.into()),
            ("location_code", self.location.code.into()),
            ("location_name", self.location.name.into()),
        ];
        out.push("events", &cells, source_row);
    }
}

/// The quad class of a CAMEO code, by its root.
fn quad_of(code: &str) -> Option<i32> {
    match code.get(..2)?.parse().ok()? {
        1..=5 => Some(1),
        6..=8 => Some(2),
        9..=13 => Some(3),
        14..=20 => Some(4),
        _ => None,
    }
}

/// The CAMEO code of an event: three or four figures, of which the first two are a root from 01 to 20. A program that takes codes for
/// numbers leaves out the zero before them, and what is left may be the code of something else: it is refused.
pub(crate) fn cameo_code<'a>(row: &Row<'a>, column: &str) -> Result<&'a str, ReadError> {
    let code = row.text(column).ok_or_else(|| row.refuse(column, "a CAMEO code"))?;
    if code.len() < 3 || !has_root(code) {
        return Err(row.refuse(
            column,
            "a CAMEO code of three or four figures with a root from 01 to 20; where a program took codes for numbers, their zeros are lost (040 is 40): read the column as text",
        ));
    }
    Ok(code)
}

/// Whether a code begins with a root of CAMEO, from 01 to 20; what is no number is left to who reads it.
pub(crate) fn has_root(code: &str) -> bool {
    let figures = code.bytes().all(|b| b.is_ascii_digit());
    let root = || code.get(..2).and_then(|root| root.parse().ok());
    !figures || root().is_some_and(|root: i32| (1..=20).contains(&root))
}

/// CAMEO as its scale of 2007 (version 0.5B1) has it: codes and meanings are not all those of the versions that events are coded in.
pub(crate) const OLD_CAMEO: &str = "cameo-0.5";

/// Where a file of a dataset has codes, their names and scores.
pub(crate) struct CodeList {
    pub role: &'static str,
    pub scheme: &'static str,
    pub code: &'static str,
    pub name: Option<&'static str>,
    pub goldstein: Option<&'static str>,
}

/// Codes by scheme with their scores.
pub(crate) type Scores = BTreeMap<(&'static str, String), f64>;

/// Writes the codes of all lists that are there, each once: what the first list says of a name or a score stands.
pub(crate) fn event_codes(
    files: &Files,
    lists: &[CodeList],
    out: &mut Output,
) -> Result<Scores, ReadError> {
    struct Code<'a> {
        name: Option<&'a str>,
        goldstein: Option<f64>,
        source_row: String,
    }
    let mut codes: BTreeMap<(&'static str, &str), Code<'_>> = BTreeMap::new();
    for list in lists {
        let mut other = 0;
        for row in files.rows(list.role) {
            let code = row.text(list.code).ok_or_else(|| row.refuse(list.code, "a code"))?;
            if list.scheme.starts_with("cameo") && !has_root(code) {
                return Err(row.refuse(
                    list.code,
                    "a CAMEO code with a root from 01 to 20; where a program took codes for numbers, their zeros are lost: read the column as text",
                ));
            }
            let name = list.name.and_then(|c| row.text(c)).map(unwrapped).filter(|n| !n.is_empty());
            let goldstein = score(&row, list)?;
            let known = codes.entry((list.scheme, code)).or_insert_with(|| Code {
                name: None,
                goldstein: None,
                source_row: format!("{}={code}", list.code),
            });
            known.name = known.name.or(name);
            match (known.goldstein, goldstein) {
                (None, _) => known.goldstein = goldstein,
                (Some(a), Some(b)) if (a - b).abs() > 1e-9 => other += 1,
                _ => {}
            }
        }
        if other > 0 {
            let file = files.name(list.role);
            out.note(format!(
                "{file}: {other} codes have another Goldstein score there; the first list's stands"
            ));
        }
    }
    let mut scores = Scores::new();
    for ((scheme, code), known) in codes {
        let cells = [
            ("scheme", scheme.into()),
            ("code", code.into()),
            ("root", code.get(..2).into()),
            ("name", known.name.into()),
            ("goldstein", known.goldstein.into()),
        ];
        out.push("event_codes", &cells, known.source_row);
        if let Some(score) = known.goldstein {
            scores.insert((scheme, code.to_owned()), score);
        }
    }
    Ok(scores)
}

/// A name without the brackets that stand around the whole of it.
fn unwrapped(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix('(').and_then(|n| n.strip_suffix(')')).map_or(name, str::trim)
}

fn score(row: &Row<'_>, list: &CodeList) -> Result<Option<f64>, ReadError> {
    let Some(column) = list.goldstein else { return Ok(None) };
    match row.float(column)? {
        Some(v) if !(-10.0..=10.0).contains(&v) => {
            Err(row.refuse(column, "a score from -10 to 10"))
        }
        v => Ok(v),
    }
}
