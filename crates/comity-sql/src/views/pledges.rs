//! What a member owes under a treaty to any other member; and what is owed in the years for which no source has coverage of treaties.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::concat_batches;
use comity_record::Error;

use super::Inputs;
use super::spells::Years;
use crate::table::Rows;
use comity_record::columns::{bools, int, ints, text, texts, truth};

const OBLIGATIONS: [&str; 8] = [
    "defense",
    "offense",
    "neutrality",
    "nonaggression",
    "consultation",
    "asymmetric",
    "integrated_command",
    "stationing",
];

/// What distinguishes two promises of one treaty.
#[derive(PartialEq, Eq, Hash)]
struct Promise<'a> {
    source: &'a str,
    treaty: &'a str,
    ccode: Option<i32>,
    organization: Option<i32>,
    owed: [Option<bool>; OBLIGATIONS.len()],
}

/// Years from the first, each with the pledge that stands for it.
type ByYear = (i32, Vec<u32>);

const NONE: u32 = u32::MAX;

/// `member_pledge_years`: of the pledges of one member that promise the same under one treaty, the first stands
/// for each year.
pub(super) fn member_pledge_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let base = inputs.table("pledges")?;
    let years = Years::of(inputs, "pledges", &base);
    let (source, treaty) = (texts(&base, "source"), texts(&base, "treaty_id"));
    let (ccode, organization) = (ints(&base, "ccode"), ints(&base, "organization"));
    let owed: [&BooleanArray; OBLIGATIONS.len()] = OBLIGATIONS.map(|o| bools(&base, o));
    let mut place: HashMap<Promise<'_>, usize> = HashMap::new();
    let mut promises: Vec<ByYear> = Vec::new();
    for row in 0..base.num_rows() {
        let promise = Promise {
            source: text(source, row),
            treaty: text(treaty, row),
            ccode: int(ccode, row),
            organization: int(organization, row),
            owed: owed.map(|o| truth(o, row)),
        };
        let span = years.row(row);
        if span.is_empty() {
            continue;
        }
        let at = *place.entry(promise).or_insert_with(|| {
            promises.push((*span.start(), Vec::new()));
            promises.len() - 1
        });
        lay(&mut promises[at], *span.start(), *span.end(), row as u32);
    }
    let (mut index, mut year) = (Vec::new(), Vec::new());
    for (first, rows) in promises {
        for (n, row) in rows.into_iter().enumerate().filter(|(_, row)| *row != NONE) {
            index.push(row);
            year.push(first + n as i32);
        }
    }
    Ok(Rows {
        index: Some(UInt32Array::from(index)),
        extra: vec![Arc::new(Int32Array::from(year))],
        base,
    })
}

/// What is owed to a partner, in the words of both tables.
const OWED: [&str; 5] = ["defense", "offense", "neutrality", "nonaggression", "consultation"];

/// `obligation_years`: `pledges` by year, and `pledge_dyads` for the states and years in which no source covers treaties. What a known
/// treaty of such a year has already (a treaty is a fact outside coverage too) is not repeated; the settlement of a wide conference, which
/// policies leave out, does not count as a known treaty.
pub(super) fn obligation_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let treaties = inputs.table("pledges")?;
    let dyads = inputs.table("pledge_dyads")?;
    let fallback = inputs.record.fallback_coverage("pledges", "pledge_dyads", inputs.reading);
    let (mut index, mut year) = (Vec::new(), Vec::new());
    let mut known_owed: HashMap<(Option<i32>, Option<i32>, i32), [bool; OWED.len()]> =
        HashMap::new();
    let wide = bools(&treaties, "wide_conference");
    let mut lay = |batch: &RecordBatch, name: &'static str, first: usize| {
        let years = Years::of(inputs, name, batch);
        let (ccode, partner) = (ints(batch, "ccode"), ints(batch, "partner"));
        let owed = OWED.map(|o| bools(batch, o));
        for row in 0..batch.num_rows() {
            let pair = (int(ccode, row), int(partner, row));
            let promised = owed.map(|o| truth(o, row) == Some(true));
            for y in years.row(row) {
                let free = pair.0.is_some_and(|c| fallback.covers(c, y));
                if name == "pledge_dyads" {
                    let known = known_owed.get(&(pair.0, pair.1, y)).copied().unwrap_or_default();
                    if !free || !promised.iter().zip(known).any(|(now, known)| *now && !known) {
                        continue;
                    }
                } else if free && truth(wide, row) != Some(true) {
                    let known = known_owed.entry((pair.0, pair.1, y)).or_default();
                    known.iter_mut().zip(promised).for_each(|(known, now)| *known |= now);
                }
                index.push((first + row) as u32);
                year.push(y);
            }
        }
    };
    lay(&treaties, "pledges", 0);
    lay(&dyads, "pledge_dyads", treaties.num_rows());
    let schema = treaties.schema();
    let column = |field: &Arc<arrow::datatypes::Field>| -> ArrayRef {
        let same = dyads.column_by_name(field.name()).map(Arc::clone);
        same.unwrap_or_else(|| new_null_array(field.data_type(), dyads.num_rows()))
    };
    let columns = schema.fields().iter().map(column).collect();
    let as_pledges = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    Ok(Rows {
        base: concat_batches(&schema, &[treaties, as_pledges])?,
        index: Some(UInt32Array::from(index)),
        extra: vec![Arc::new(Int32Array::from(year))],
    })
}

fn lay((first, rows): &mut ByYear, from: i32, to: i32, row: u32) {
    if from < *first {
        let before = (*first - from) as usize;
        rows.splice(0..0, std::iter::repeat_n(NONE, before));
        *first = from;
    }
    let (a, b) = ((from - *first) as usize, (to - *first) as usize);
    if rows.len() <= b {
        rows.resize(b + 1, NONE);
    }
    for slot in rows[a..=b].iter_mut().filter(|slot| **slot == NONE) {
        *slot = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pledge_stands_for_each_year() {
        let mut years: ByYear = (1950, Vec::new());
        lay(&mut years, 1950, 1952, 0);
        lay(&mut years, 1948, 1951, 1);
        lay(&mut years, 1954, 1954, 2);
        assert_eq!(years, (1948, vec![1, 1, 0, 0, 0, NONE, 2]));
    }
}
