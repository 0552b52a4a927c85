//! Militarized disputes by participant, opponent and year.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, UInt32Array};
use arrow::datatypes::DataType;
use comity_record::Error;

use super::spells::Years;
use super::{Further, Inputs, further};
use crate::table::Rows;
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// What `dispute_years` adds to a participant's spell.
pub(super) const YEARS: &[Further] = &[
    further("year", DataType::Int32, "the year of the row"),
    further("outcome", DataType::Int32, "of the dispute, as disputes.outcome"),
    further("settlement", DataType::Int32, "of the dispute, as disputes.settlement"),
    further("dispute_hiact", DataType::Int32, "highest action of the dispute, as disputes.hiact"),
    further("dispute_fatality", DataType::Int32, "of the dispute, as disputes.fatality"),
    further("dispute_hostility", DataType::Int32, "of the dispute, as disputes.hostility"),
];

/// What `dispute_dyad_years` adds to that.
pub(super) const DYAD_YEARS: &[Further] = &[
    further("year", DataType::Int32, "the year of the row"),
    further("outcome", DataType::Int32, "of the dispute, as disputes.outcome"),
    further("settlement", DataType::Int32, "of the dispute, as disputes.settlement"),
    further("dispute_hiact", DataType::Int32, "highest action of the dispute, as disputes.hiact"),
    further("dispute_fatality", DataType::Int32, "of the dispute, as disputes.fatality"),
    further("dispute_hostility", DataType::Int32, "of the dispute, as disputes.hostility"),
    further("other", DataType::Int32, "the opponent"),
    further("other_side_a", DataType::Boolean, "the opponent is on side A"),
    further("other_hostility", DataType::Int32, "the opponent's own hostility"),
    further("other_revisionist", DataType::Boolean, "the opponent sought to change the status quo"),
    further("other_hiact", DataType::Int32, "the opponent's own highest action"),
];

/// The dispute's own columns beside each of its participants' rows.
struct Disputes<'a> {
    batch: &'a RecordBatch,
    by_id: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Disputes<'a> {
    fn of(batch: &'a RecordBatch) -> Self {
        let (source, id) = (texts(batch, "source"), texts(batch, "dispute_id"));
        let by_id = (0..batch.num_rows()).map(|r| ((text(source, r), text(id, r)), r)).collect();
        Self { batch, by_id }
    }

    /// The columns of `YEARS` after the year, for participants' rows in that order.
    fn beside(&self, parties: &RecordBatch, rows: &[u32]) -> Vec<ArrayRef> {
        let (source, id) = (texts(parties, "source"), texts(parties, "dispute_id"));
        let found: Vec<Option<usize>> = rows
            .iter()
            .map(|r| (text(source, *r as usize), text(id, *r as usize)))
            .map(|key| self.by_id.get(&key).copied())
            .collect();
        ["outcome", "settlement", "hiact", "fatality", "hostility"]
            .map(|name| {
                let column = ints(self.batch, name);
                let cells = found.iter().map(|at| at.and_then(|at| int(column, at)));
                Arc::new(cells.collect::<Int32Array>()) as ArrayRef
            })
            .to_vec()
    }
}

/// `dispute_years`.
pub(super) fn dispute_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let parties = inputs.table("dispute_parties")?;
    let disputes = inputs.table("disputes")?;
    let years = Years::of(inputs, "dispute_parties", &parties);
    let (mut index, mut year) = (Vec::new(), Vec::new());
    for row in 0..parties.num_rows() {
        for y in years.row(row) {
            index.push(row as u32);
            year.push(y);
        }
    }
    let mut extra: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(year))];
    extra.extend(Disputes::of(&disputes).beside(&parties, &index));
    Ok(Rows { index: Some(UInt32Array::from(index)), extra, base: parties })
}

/// `dispute_dyad_years`: an opponent counts in the years that its own spell touches too.
pub(super) fn dispute_dyad_years(inputs: &Inputs<'_>) -> Result<Rows, Error> {
    let parties = inputs.table("dispute_parties")?;
    let disputes = inputs.table("disputes")?;
    let years = Years::of(inputs, "dispute_parties", &parties);
    let (source, id) = (texts(&parties, "source"), texts(&parties, "dispute_id"));
    let (ccode, side_a) = (ints(&parties, "ccode"), bools(&parties, "side_a"));
    let hostility = ints(&parties, "hostility");
    let mut by_dispute: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for row in 0..parties.num_rows() {
        by_dispute.entry((text(source, row), text(id, row))).or_default().push(row);
    }
    let (mut index, mut year, mut opponent) = (Vec::new(), Vec::new(), Vec::new());
    for rows in by_dispute.values() {
        for &own in rows {
            let Some(own_side) = truth(side_a, own) else { continue };
            // One row per opponent and year, from the opponent's most hostile spell.
            let mut met: BTreeMap<(i32, i32), usize> = BTreeMap::new();
            for &theirs in rows {
                if truth(side_a, theirs) != Some(!own_side) {
                    continue;
                }
                let Some(other) = int(ccode, theirs) else { continue };
                let span = years.row(theirs);
                for y in years.row(own).filter(|y| span.contains(y)) {
                    let best = met.entry((y, other)).or_insert(theirs);
                    if int(hostility, theirs) > int(hostility, *best) {
                        *best = theirs;
                    }
                }
            }
            for ((y, _), theirs) in met {
                index.push(own as u32);
                year.push(y);
                opponent.push(theirs);
            }
        }
    }
    let of = |name: &str| -> ArrayRef {
        let column = ints(&parties, name);
        Arc::new(opponent.iter().map(|r| int(column, *r)).collect::<Int32Array>())
    };
    let flag = |name: &str| -> ArrayRef {
        let column = bools(&parties, name);
        Arc::new(opponent.iter().map(|r| truth(column, *r)).collect::<BooleanArray>())
    };
    let mut extra: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(year))];
    extra.extend(Disputes::of(&disputes).beside(&parties, &index));
    extra.extend([of("ccode"), flag("side_a"), of("hostility"), flag("revisionist"), of("hiact")]);
    Ok(Rows { index: Some(UInt32Array::from(index)), extra, base: parties })
}
