//! The General Assembly: how alike two states vote, and where each stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make, absent};
use crate::tables::{By, Pairs, unknown};
use comity_record::columns::{int, ints, text, texts};

pub(super) static VOTES: Group = Group {
    name: "un-votes",
    doc: "votes in the General Assembly; null where a state does not vote, and in a year of which the source has the beginning alone",
    choices: &[],
    tables: &["votes", "ideal_points"],
    gw_tables: &[],
    of_states: &[Declared {
        name: "idealpoint",
        kind: Kind::Real,
        doc: "ideal point of the session that begins in the year (Bailey, Strezhnev and Voeten)",
    }],
    of_pairs: &[
        Declared {
            name: "agree",
            kind: Kind::Real,
            doc: "mean of 1 - |a - b| / 2 over the votes of the year that both cast, 1 yes, 2 abstain, 3 no; unanimous votes left out",
        },
        Declared { name: "agree_votes", kind: Kind::Small, doc: "how many votes it rests on" },
        Declared {
            name: "idealpoint",
            kind: Kind::Real,
            doc: "of each of the two, ideal point of the session that begins in the year (Bailey, Strezhnev and Voeten); without them in the record, not there",
        },
    ],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| match make.shape {
        Shape::Pair { .. } => of_pairs(make),
        _ => points(make),
    }),
};

fn points(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    if !make.holds("ideal_points") {
        return Err(absent(make, &["un-ideal-points"]));
    }
    let batch = make.table("ideal_points")?;
    let (ccode, year, issue) =
        (ints(&batch, "ccode"), ints(&batch, "year"), texts(&batch, "issue"));
    let Some(point) = batch.column_by_name("point") else { return Ok(Vec::new()) };
    let point = point.as_primitive::<Float64Type>();
    let mut cells = unknown(Kind::Real, &make.grid);
    for row in (0..batch.num_rows()).filter(|r| text(issue, *r) == "all" && point.is_valid(*r)) {
        let (Some(state), Some(year)) = (make.state(int(ccode, row)), int(year, row)) else {
            continue;
        };
        if let Some(at) = make.grid.cell(usize::from(state), year) {
            cells.set(at, Some(Value::Real(point.value(row))));
        }
    }
    make.of_members(&["ideal_points"], vec![Filled::new("idealpoint", cells)])
}

/// Agreement and ideal points: what of the two the record has.
fn of_pairs(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let mut columns = Vec::new();
    if make.holds("votes") || !make.holds("ideal_points") {
        columns.extend(agreement(make)?);
    }
    if make.holds("ideal_points") {
        columns.extend(points(make)?);
    }
    Ok(columns)
}

/// Votes of one year: per roll call, what each state voted (0: nothing).
type Year<'a> = BTreeMap<&'a str, Vec<u8>>;

fn agreement(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    if !make.holds("votes") {
        return Err(absent(make, &["un-votes"]));
    }
    let batch = make.table("votes")?;
    let (ccode, year, vote, id) =
        (ints(&batch, "ccode"), ints(&batch, "year"), ints(&batch, "vote"), texts(&batch, "rcid"));
    // A few roll calls of a year that has only begun are no agreement of that year.
    let (first, last) =
        make.record.coverage("votes", &make.reading).span().unwrap_or((i32::MIN, i32::MAX));
    let mut years: BTreeMap<i32, Year<'_>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let (Some(state), Some(year), Some(vote @ 1..=3)) = (
            make.state(int(ccode, row)),
            int(year, row).filter(|y| (first..=last).contains(y)),
            int(vote, row),
        ) else {
            continue;
        };
        let cast = years
            .entry(year)
            .or_default()
            .entry(text(id, row))
            .or_insert_with(|| vec![0; make.grid.states]);
        cast[usize::from(state)] = vote as u8;
    }
    let mut keys = Vec::new();
    let (mut agree, mut votes) = (make.entries("agree", 0), make.entries("agree_votes", 0));
    for (year, calls) in years {
        let split: Vec<Vec<u8>> = calls.into_values().filter(|cast| !unanimous(cast)).collect();
        // One row of votes per state, so that a pair is read side by side.
        let states: Vec<u16> = (0..make.grid.states as u16)
            .filter(|s| split.iter().any(|cast| cast[usize::from(*s)] > 0))
            .collect();
        let of: Vec<Vec<u8>> = states
            .iter()
            .map(|s| split.iter().map(|cast| cast[usize::from(*s)]).collect())
            .collect();
        for (i, one) in states.iter().enumerate() {
            for (j, two) in states.iter().enumerate().filter(|(j, _)| *j != i) {
                let (mut apart, mut both) = (0_u32, 0_u32);
                for (a, b) in of[i].iter().zip(&of[j]) {
                    let cast = u32::from(*a > 0 && *b > 0);
                    both += cast;
                    apart += cast * u32::from(a.abs_diff(*b));
                }
                if both > 0 {
                    keys.push((*one, *two, year));
                    agree.push(Some(Value::Real(1.0 - f64::from(apart) / 2.0 / f64::from(both))));
                    votes.push(Some(Value::Int(both as i32)));
                }
            }
        }
    }
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
    Ok(vec![
        make.of_pairs("agree", &["votes"], &pairs, agree, None)?,
        make.of_pairs("agree_votes", &["votes"], &pairs, votes, None)?,
    ])
}

fn unanimous(cast: &[u8]) -> bool {
    let mut votes = cast.iter().filter(|v| **v > 0);
    let first = votes.next();
    votes.all(|v| Some(v) == first)
}
