//! Facts laid out for look-up: one cell per state and year, or the entries of each pair of states in the order of years.

use std::ops::RangeInclusive;

use comity_record::coverage::Only;
use comity_record::{Coverage, TableCoverage};

use super::bits::Bits;
use super::cells::{Cells, Kind, Value};
use super::grain::Grain;
use super::system::System;
use super::unit::{Block, Run};

/// The years, months or days that a table of states is laid out over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub grain: Grain,
    pub first: i32,
    pub periods: usize,
    pub states: usize,
}

impl Grid {
    /// By year.
    pub fn of(system: &System) -> Self {
        Self::by(system, Grain::Year)
    }

    /// By periods of that length.
    pub fn by(system: &System, grain: Grain) -> Self {
        let all = grain.of_years(*system.years.start(), *system.years.end());
        let periods = (all.end() - all.start() + 1).max(0) as usize;
        Self { grain, first: *all.start(), periods, states: system.codes.len() }
    }

    pub fn cell(&self, state: usize, period: i32) -> Option<usize> {
        let at = usize::try_from(period.checked_sub(self.first)?).ok()?;
        (at < self.periods && state < self.states).then(|| state * self.periods + at)
    }

    pub fn len(&self) -> usize {
        self.states * self.periods
    }

    pub fn span(&self) -> RangeInclusive<i32> {
        self.first..=self.first + self.periods as i32 - 1
    }

    /// These periods, without those before and after it.
    pub fn within(&self, periods: &RangeInclusive<i32>) -> RangeInclusive<i32> {
        let span = self.span();
        *periods.start().max(span.start())..=*periods.end().min(span.end())
    }
}

/// By whose numbers facts are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Those of the Correlates of War.
    Cow,
    /// Those of the states of the panel.
    Own,
}

impl By {
    /// The number of a member of a row.
    pub fn of(self, block: &Block, run: &Run, member: usize) -> Option<u16> {
        match self {
            Self::Cow => run.cow.get(member).copied().flatten(),
            Self::Own => block.states.get(member).copied(),
        }
    }

    /// The numbers of the two members of a pair.
    pub fn pair(self, block: &Block, run: &Run) -> Option<(u16, u16)> {
        match (self, &block.states[..]) {
            (Self::Cow, _) => run.pair(),
            (Self::Own, [one, two]) => Some((*one, *two)),
            (Self::Own, _) => None,
        }
    }
}

/// Whether silence about a state in a year means something.
///
/// A state is covered in the years in which it is in the Correlates of War system, whose states its sources list: what they do not say of
/// another is not known. For sources that list other states there is [`Cover::of_any_state`]. Which claims count, and for which states and
/// years, is decided by [`Coverage::covers_rows`] and its parts alone.
#[derive(Debug)]
pub(crate) struct Cover {
    grid: Grid,
    /// By whose numbers its states are laid out.
    by: By,
    covered: Vec<bool>,
    /// The same for every state, were all in the system in all years: the years in spans.
    uniform: Option<Vec<(i32, i32)>>,
    /// Whether it speaks of states that are not in the system too.
    any_state: bool,
}

impl Cover {
    /// Where one claim at least covers the state and year in every one of these tables, for all rows.
    pub fn of(grid: &Grid, system: &System, tables: &[TableCoverage]) -> Self {
        Self::of_rows(grid, system, tables, &Only::new())
    }

    /// The same for these rows of the tables only.
    pub fn of_rows(grid: &Grid, system: &System, tables: &[TableCoverage], only: &Only) -> Self {
        let claims: Vec<_> = tables.iter().map(|table| table.answering(only)).collect();
        Self::by(grid, system, &claims)
    }

    /// Where one claim at least of each list covers, whatever rows it is about.
    pub fn by(grid: &Grid, system: &System, tables: &[Vec<Coverage>]) -> Self {
        let mut cover = Self::of_any_state(grid, system, By::Cow, tables);
        for state in 0..grid.states {
            for year in grid.span().filter(|year| !system.together(&[state as u16], *year)) {
                if let Some(at) = grid.cell(state, year) {
                    cover.covered[at] = false;
                }
            }
        }
        cover.any_state = false;
        cover
    }

    /// The same for sources that list states whether they are in the system or not.
    pub fn of_any_state(grid: &Grid, system: &System, by: By, tables: &[Vec<Coverage>]) -> Self {
        let span = grid.span();
        let mut covered = vec![true; grid.len()];
        for claims in tables {
            let mut there = vec![false; grid.len()];
            for claim in claims {
                let (from, to) = (claim.from.max(*span.start()), claim.to.min(*span.end()));
                for (state, ccode) in system.codes.iter().enumerate() {
                    if from <= to && claim.units.contain(*ccode) {
                        let first = state * grid.periods;
                        let (a, b) = ((from - grid.first) as usize, (to - grid.first) as usize);
                        there[first + a..=first + b].fill(true);
                    }
                }
            }
            covered.iter_mut().zip(there).for_each(|(c, t)| *c &= t);
        }
        let same = covered.chunks(grid.periods.max(1)).all(|c| c == &covered[..c.len()]);
        let uniform = same.then(|| spans(grid, &covered[..grid.periods.min(covered.len())]));
        Self { grid: grid.clone(), by, covered, uniform, any_state: true }
    }

    /// Writes a zero into the cells of states and years that are covered; the columns are laid out over `grid`.
    pub fn zero(&self, grid: &Grid, columns: &mut [Cells]) {
        for (at, _) in self.covered.iter().enumerate().filter(|(_, covered)| **covered) {
            let (state, year) =
                (at / self.grid.periods, self.grid.first + (at % self.grid.periods) as i32);
            for period in grid.within(&grid.grain.of_years(year, year)) {
                let Some(at) = grid.cell(state, period) else { continue };
                columns.iter_mut().for_each(|c| c.set(at, Some(Value::Int(0))));
            }
        }
    }

    pub fn state(&self, state: usize, year: i32) -> bool {
        self.grid.cell(state, year).is_some_and(|at| self.covered[at])
    }

    /// Whether all members of a run are covered in a year, by their numbers in the Correlates of War.
    pub fn run(&self, run: &Run, year: i32) -> bool {
        debug_assert!(self.by == By::Cow, "a panel's own numbers are those of a block");
        run.cow.iter().all(|s| s.is_some_and(|s| self.state(usize::from(s), year)))
    }

    /// Appends whether each row of a run is covered.
    pub fn mark(&self, block: &Block, run: &Run, out: &mut Bits) {
        let members = || (0..block.states.len()).map(|member| self.by.of(block, run, member));
        if !members().all(|s| s.is_some()) || !run.listed && !self.any_state {
            out.extend(false, run.len());
            return;
        }
        let Some(spans) = self.uniform.as_ref().filter(|_| run.grain == Grain::Year) else {
            for (year, rows) in run.by_year() {
                let all = members().flatten().all(|s| self.state(usize::from(s), year));
                out.extend(all, rows);
            }
            return;
        };
        let mut next = run.from;
        for (from, to) in spans {
            let (from, to) = ((*from).max(next), (*to).min(run.to));
            if from <= to {
                out.extend(false, (from - next) as usize);
                out.extend(true, (to - from + 1) as usize);
                next = to + 1;
            }
        }
        out.extend(false, (run.to + 1 - next) as usize);
    }
}

/// The first and last year of each run of years that are covered.
fn spans(grid: &Grid, covered: &[bool]) -> Vec<(i32, i32)> {
    let mut spans: Vec<(i32, i32)> = Vec::new();
    for (year, _) in grid.span().zip(covered).filter(|(_, c)| **c) {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == year => *to = year,
            _ => spans.push((year, year)),
        }
    }
    spans
}

/// Entries of pairs of states: at most one per directed pair and period.
#[derive(Debug)]
pub(crate) struct Pairs {
    states: usize,
    grain: Grain,
    by: By,
    /// Where the entries of each pair begin; the last is their number.
    offsets: Vec<u32>,
    periods: Vec<i32>,
    /// The place of each entry in the order in which they were given.
    given: Vec<u32>,
}

impl Pairs {
    /// Entries by pair and period of the grid; of several for one pair and period the first given stands.
    pub fn of(grid: &Grid, by: By, entries: &[(u16, u16, i32)]) -> Self {
        let states = grid.states;
        let mut order: Vec<u32> = (0..entries.len() as u32).collect();
        if !entries.is_sorted() {
            order.sort_by_key(|at| (entries[*at as usize], *at));
        }
        order.dedup_by_key(|at| entries[*at as usize]);
        let mut offsets = vec![0_u32; states * states + 1];
        for at in &order {
            let (a, b, _) = entries[*at as usize];
            offsets[usize::from(a) * states + usize::from(b) + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let periods = order.iter().map(|at| entries[*at as usize].2).collect();
        Self { states, grain: grid.grain, by, offsets, periods, given: order }
    }

    /// Period and place of the entries of a pair, in the order of periods.
    fn entries(&self, (a, b): (u16, u16)) -> impl Iterator<Item = (i32, u32)> + '_ {
        let at = usize::from(a) * self.states + usize::from(b);
        let range = self.offsets[at] as usize..self.offsets[at + 1] as usize;
        range.map(|e| (self.periods[e], self.given[e]))
    }

    /// The rows of these runs that have an entry, each with its place.
    pub fn places<'a>(&self, runs: impl Iterator<Item = (&'a Block, &'a Run)>) -> Vec<(u32, u32)> {
        let (mut places, mut first) = (Vec::new(), 0);
        for (block, run) in runs {
            if let Some(pair) = self.by.pair(block, run) {
                for (period, at) in self.entries(pair) {
                    // What is of a year stands in each of its rows.
                    let rows = match self.grain == run.grain {
                        true => period..=period,
                        false => run.grain.of_years(period, period),
                    };
                    let rows = (*rows.start()).max(run.from)..=(*rows.end()).min(run.to);
                    places.extend(rows.map(|row| (first + (row - run.from) as u32, at)));
                }
            }
            first += run.len() as u32;
        }
        places
    }
}

/// A column of cells that is filled one by one.
pub(crate) fn unknown(kind: Kind, grid: &Grid) -> Cells {
    Cells::unknown(kind, grid.len())
}
