//! Rows finer than a year: months, days, leaders in office, disputes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::StringArray;

use super::about::About;
use super::calendar;
use super::cells::{Cells, Kind, Value};
use super::groups::Make;
use super::groups::disputes::{DyadDispute, columns_of};
use super::office::Leaders;
use super::system::System;
use super::unit::{Block, Run};

/// What a row of a year is laid out into.
pub(crate) enum Expansion {
    Months,
    Days,
    Leaders(Box<Leaders>),
    Disputes(Disputes),
}

/// A column that is written row by row with the layout.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    pub about: About,
    pub kind: Kind,
    /// The texts that its numbers stand for.
    pub texts: Option<Arc<StringArray>>,
}

impl Laid {
    /// A column that belongs to no group and has no source of its own.
    pub fn key(name: &str, kind: Kind, doc: &str) -> Self {
        let about = About {
            name: name.to_owned(),
            doc: doc.to_owned(),
            group: None,
            sources: Vec::new(),
            years: None,
        };
        Self { about, kind, texts: None }
    }
}

/// A year of the states of a block, which is laid out into rows.
pub(crate) struct Spread<'a> {
    pub block: &'a Block,
    pub run: &'a Run,
    pub year: i32,
}

impl Expansion {
    /// The columns that it writes.
    pub fn columns(&self, members: usize) -> Vec<Laid> {
        match self {
            Self::Months => vec![Laid::key("month", Kind::Flag, "month, 1 to 12")],
            Self::Days => vec![Laid::key("date", Kind::Date, "day")],
            Self::Leaders(leaders) => leaders.columns(members),
            Self::Disputes(disputes) => disputes.columns.clone(),
        }
    }

    /// The canonical tables that it reads.
    pub fn tables(&self) -> Vec<&'static str> {
        match self {
            Self::Months | Self::Days => Vec::new(),
            Self::Leaders(leaders) => leaders.tables(),
            Self::Disputes(_) => TABLES.to_vec(),
        }
    }

    /// Whether its keys come before those of the states.
    pub fn leads(&self) -> bool {
        matches!(self, Self::Leaders(_))
    }

    /// Appends the rows of a year to its columns; how many there are.
    pub fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize {
        let (block, year) = (of.block, of.year);
        match self {
            Self::Months => {
                let days = system.days_together(&block.states, year);
                let there = (1..=12).filter(|month| {
                    let (first, last) =
                        (calendar::day(year, *month, 1), calendar::month_end(year, *month));
                    days.iter().any(|(a, b)| *a <= last && first <= *b)
                });
                there.map(|month| columns[0].push(Some(Value::Int(month)))).count()
            }
            Self::Days => {
                let days = system.days_together(&block.states, year);
                days.iter()
                    .flat_map(|(a, b)| *a..=*b)
                    .map(|day| columns[0].push(Some(Value::Int(day))))
                    .count()
            }
            Self::Leaders(leaders) => leaders.rows(of, system, columns),
            Self::Disputes(disputes) => disputes.rows(block, year, columns),
        }
    }
}

const TABLES: &[&str] = &["disputes", "dispute_parties", "dyadic_disputes"];

/// The disputes of pairs, with their columns.
pub(crate) struct Disputes {
    at: BTreeMap<(u16, u16, i32), Vec<usize>>,
    columns: Vec<Laid>,
    cells: Vec<Cells>,
}

impl Disputes {
    /// The disputes of the list chosen, one row each.
    pub fn of(make: &Make<'_>, disputes: &[DyadDispute]) -> Self {
        let mut at: BTreeMap<(u16, u16, i32), Vec<usize>> = BTreeMap::new();
        for (place, d) in disputes.iter().enumerate() {
            at.entry((d.one, d.two, d.year)).or_default().push(place);
        }
        let laid = |(name, kind, cells): (String, Kind, Cells)| {
            let doc = match make.doc(&name) {
                "" => "of the dispute, as in the group `disputes`",
                doc => doc,
            };
            let about = make.about(&name, doc, TABLES);
            // Its number tells the rows of a pair and year apart, whatever columns are asked for.
            let group = about.group.filter(|_| name != "dispnum");
            (Laid { about: About { group, ..about }, kind, texts: None }, cells)
        };
        let (columns, cells) = columns_of(disputes, "disp").into_iter().map(laid).unzip();
        Self { at, columns, cells }
    }

    fn rows(&self, block: &Block, year: i32, columns: &mut [Cells]) -> usize {
        let [one, two] = block.states[..] else { return 0 };
        let Some(places) = self.at.get(&(one, two, year)) else { return 0 };
        for place in places {
            for (column, cells) in columns.iter_mut().zip(&self.cells) {
                column.push(cells.get(*place));
            }
        }
        places.len()
    }
}
