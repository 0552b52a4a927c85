//! Several rows of a year: what lays a year of a block out into them, and the columns written with the layout.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::StringArray;

use super::about::About;
use super::cells::{Cells, Kind};
use super::system::System;
use super::unit::{Block, Run};

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

/// Lays the years of blocks out into rows.
pub(crate) trait Layout: Send + Sync {
    /// The columns that it writes.
    fn columns(&self) -> Vec<Laid>;

    /// The canonical tables that it reads.
    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// Whether its keys come before those of the states.
    fn leads(&self) -> bool {
        false
    }

    /// Appends the rows of a year to its columns; how many there are.
    fn rows(&self, of: &Spread<'_>, system: &System, columns: &mut [Cells]) -> usize;
}

/// A list whose entries are the rows of a panel.
pub(crate) struct Listed {
    /// The pairs with their years.
    pub pairs: BTreeMap<(u16, u16), Vec<i32>>,
    pub layout: Box<dyn Layout>,
}

/// What rows about leaders have of their leaders, not of the states. Leaders are named by their rows in the table `leaders`.
pub(crate) trait OfLeaders: Send + Sync {
    /// The canonical tables that it reads, beside the leaders.
    fn tables(&self) -> Vec<&'static str>;

    /// The columns that stand once for each leader of a row.
    fn each(&self) -> &[Laid] {
        &[]
    }

    /// The columns that stand once in a row.
    fn row(&self) -> &[Laid] {
        &[]
    }

    /// Hands on the cells of one leader, in the order of [`Self::each`].
    fn write_each(&self, leader: &str, out: &mut dyn FnMut(Option<super::cells::Value>)) {
        let _ = (leader, out);
    }

    /// Appends the cells of a row about these leaders, in the order of [`Self::row`].
    fn write_row(&self, run: &Run, leaders: &[i32], year: i32, out: &mut [Cells]) {
        let _ = (run, leaders, year, out);
    }
}
