//! Wars by participant, opponent and year.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, StringArray, UInt32Array};
use arrow::datatypes::DataType;
use comity_record::Error;

use super::spells::Years;
use super::{Further, Inputs, further};
use crate::table::Rows;
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// What `war_years` adds to a participant's spell.
pub(super) const YEARS: &[Further] = &[
    further("year", DataType::Int32, "the year of the row"),
    further("war_type", DataType::Utf8, "of the war, as wars.war_type"),
    further("name", DataType::Utf8, "of the war"),
    further("side_initiated", DataType::Boolean, "its side began the war"),
    further("initiated_by_other_side", DataType::Boolean, "the other side began the war"),
];

/// What `war_dyad_years` adds to that.
pub(super) const DYAD_YEARS: &[Further] = &[
    further("year", DataType::Int32, "the year of the row"),
    further("war_type", DataType::Utf8, "of the war, as wars.war_type"),
    further("name", DataType::Utf8, "of the war"),
    further("side_initiated", DataType::Boolean, "its side began the war"),
    further("initiated_by_other_side", DataType::Boolean, "the other side began the war"),
    further("other", DataType::Int32, "the opponent"),
];

/// `war_years`.
pub(super) fn war_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    laid_out(inputs, false)
}

/// `war_dyad_years`: an opponent counts in the years that its own spell touches too.
pub(super) fn war_dyad_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    laid_out(inputs, true)
}

fn laid_out(inputs: &Inputs<'_>, dyads: bool) -> Result<Rows, Error> {
    let parties = inputs.table("war_parties")?;
    let wars = inputs.table("wars")?;
    let years = Years::of(inputs, "war_parties", &parties);
    let (source, id) = (texts(&parties, "source"), texts(&parties, "war_id"));
    let (side, ccode) = (ints(&parties, "side"), ints(&parties, "ccode"));
    let initiator = bools(&parties, "initiator");

    let mut initiating: BTreeSet<(&str, &str, Option<i32>)> = BTreeSet::new();
    let mut by_war: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for row in 0..parties.num_rows() {
        let key = (text(source, row), text(id, row));
        by_war.entry(key).or_default().push(row);
        if truth(initiator, row) == Some(true) {
            initiating.insert((key.0, key.1, int(side, row)));
        }
    }
    let (mut index, mut year, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for rows in by_war.values() {
        for &own in rows {
            if !dyads {
                for y in years.row(own) {
                    index.push(own as u32);
                    year.push(y);
                }
                continue;
            }
            let mut met = BTreeSet::new();
            for &theirs in rows {
                let (Some(a), Some(b)) = (int(side, own), int(side, theirs)) else { continue };
                let Some(opponent) = int(ccode, theirs) else { continue };
                if a != b {
                    let span = years.row(theirs);
                    met.extend(years.row(own).filter(|y| span.contains(y)).map(|y| (y, opponent)));
                }
            }
            for (y, opponent) in met {
                index.push(own as u32);
                year.push(y);
                other.push(opponent);
            }
        }
    }
    let war: HashMap<(&str, &str), usize> = {
        let (source, id) = (texts(&wars, "source"), texts(&wars, "war_id"));
        (0..wars.num_rows()).map(|r| ((text(source, r), text(id, r)), r)).collect()
    };
    let key = |r: &u32| (text(source, *r as usize), text(id, *r as usize));
    let named = |column: &str| -> ArrayRef {
        let column = texts(&wars, column);
        Arc::new(
            index
                .iter()
                .map(|r| war.get(&key(r)).map(|at| text(column, *at)))
                .collect::<StringArray>(),
        )
    };
    let began = |own: bool| -> ArrayRef {
        let cells = index.iter().map(|r| {
            let (source, id) = key(r);
            let own_side = int(side, *r as usize);
            Some(if own {
                initiating.contains(&(source, id, own_side))
            } else {
                initiating.iter().any(|(s, i, x)| (*s, *i) == (source, id) && *x != own_side)
            })
        });
        Arc::new(cells.collect::<BooleanArray>())
    };
    let mut extra: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(year)),
        named("war_type"),
        named("name"),
        began(true),
        began(false),
    ];
    if dyads {
        extra.push(Arc::new(Int32Array::from(other)));
    }
    Ok(Rows { index: Some(UInt32Array::from(index)), extra, base: parties })
}
