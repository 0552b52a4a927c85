//! Rows finer than a year: months and days.

use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::laid::{Laid, Layout, Spread};
use super::system::System;

/// One row for each month with a day on which all states are members.
pub(super) struct Months;

impl Layout for Months {
    fn columns(&self) -> Vec<Laid> {
        vec![Laid::key("month", Kind::Flag, "month, 1 to 12")]
    }

    fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize {
        let (block, year) = (of.block, of.year);
        let days = system.days_together(&block.states, year);
        let there = (1..=12).filter(|month| {
            let (first, last) = (calendar::day(year, *month, 1), calendar::month_end(year, *month));
            days.iter().any(|(a, b)| *a <= last && first <= *b)
        });
        there.map(|month| columns[0].push(Some(Value::Int(month)))).count()
    }
}

/// One row for each day on which all states are members.
pub(super) struct Days;

impl Layout for Days {
    fn columns(&self) -> Vec<Laid> {
        vec![Laid::key("date", Kind::Date, "day")]
    }

    fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize {
        let days = system.days_together(&of.block.states, of.year);
        days.iter()
            .flat_map(|(a, b)| *a..=*b)
            .map(|day| columns[0].push(Some(Value::Int(day))))
            .count()
    }
}
