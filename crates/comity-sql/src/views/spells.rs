//! Spells laid out by year.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{Int32Array, RecordBatch, UInt32Array};
use comity_record::Error;

use super::{Inputs, OpenEnds};
use crate::table::Rows;
use comity_record::columns::{int, ints, text, texts};

/// Years outside this span are no years of the state system: a hostile spell cannot make a view without end.
const SYSTEM: RangeInclusive<i32> = 1500..=2200;

/// No year at all.
#[expect(clippy::reversed_empty_ranges, reason = "an empty span of years is what it says")]
const NEVER: RangeInclusive<i32> = 1..=0;

/// The years that a spell row touches; none where its first year is not known.
pub(super) struct Years<'a> {
    start: &'a Int32Array,
    end: &'a Int32Array,
    source: &'a arrow::array::StringArray,
    open: OpenEnds,
}

impl<'a> Years<'a> {
    pub(super) fn of(inputs: &Inputs<'_>, name: &str, batch: &'a RecordBatch) -> Self {
        Self {
            start: ints(batch, "start_year"),
            end: ints(batch, "end_year"),
            source: texts(batch, "source"),
            open: OpenEnds::of(inputs, name),
        }
    }

    pub(super) fn row(&self, row: usize) -> RangeInclusive<i32> {
        let Some(start) = int(self.start, row) else { return NEVER };
        let end = int(self.end, row)
            .unwrap_or_else(|| self.open.last_year(text(self.source, row), start));
        start.max(*SYSTEM.start())..=end.min(*SYSTEM.end())
    }
}

/// One row per spell and year of `name`.
pub(super) fn by_year(inputs: &Inputs<'_>, name: &'static str) -> Result<Rows, Error> {
    let base = inputs.table(name)?;
    let years = Years::of(inputs, name, &base);
    let (mut index, mut year) = (Vec::new(), Vec::new());
    for row in 0..base.num_rows() {
        for y in years.row(row) {
            index.push(row as u32);
            year.push(y);
        }
    }
    Ok(Rows {
        index: Some(UInt32Array::from(index)),
        extra: vec![Arc::new(Int32Array::from(year))],
        base,
    })
}
