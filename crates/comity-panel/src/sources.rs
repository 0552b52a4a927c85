//! Columns that are copied from facts laid out by state and year, or by pair and year.

use std::sync::Arc;

use super::cells::Cells;
use super::chunk::{Chunk, Source};
use super::tables::{By, Cover, Grid, Pairs};

/// A column with one cell per state and year, or period of the rows, read for one member of a row.
pub(crate) struct OfMember {
    pub grid: Grid,
    pub cells: Arc<Cells>,
    pub member: usize,
    pub by: By,
}

impl Source for OfMember {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        for (block, run) in chunk.runs() {
            let state = self.by.of(block, run, self.member).map(usize::from);
            if self.grid.grain != run.grain {
                for (year, rows) in run.by_year() {
                    match state.and_then(|state| self.grid.cell(state, year)) {
                        Some(at) => out.copy_again(&self.cells, at, rows),
                        None => out.nulls(rows),
                    }
                }
                continue;
            }
            let at = state.and_then(|state| {
                self.grid.cell(state, run.to)?;
                self.grid.cell(state, run.from)
            });
            match at {
                Some(at) => out.copy(&self.cells, at, run.len()),
                None => out.nulls(run.len()),
            }
        }
    }
}

/// A column of pairs: the entry's cell, and without one zero where that is known, or nothing.
pub(crate) struct OfPair {
    pub pairs: Arc<Pairs>,
    pub cells: Arc<Cells>,
    pub otherwise: Option<Arc<Cover>>,
}

impl Source for OfPair {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        let first = out.len();
        match &self.otherwise {
            Some(cover) => out.zeros_where(&chunk.covered(cover)),
            None => out.nulls(chunk.rows),
        }
        out.scatter(first, &self.cells, &chunk.places(&self.pairs));
    }
}
