//! Every state and year, densely: verdicts and coverage are looked up, not searched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use comity_record::coverage::Only;
use comity_record::{Reading, Record, TableCoverage};

use super::plan::{Need, NeedKey};

/// The first year of the state system.
pub(crate) const FIRST_YEAR: i32 = 1816;

/// The states and years of a record's state system, numbered: a cell is a state in a year in which it is a member.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// `ccode`s, ascending.
    pub states: Vec<i32>,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// State and year of each cell, ascending.
    cells: Vec<(i32, i32)>,
    /// By state and year, the cell; `NONE` where the state is no member.
    place: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Grid {
    /// The grid of a record's state system.
    pub(crate) fn of(record: &Record) -> Result<Self, comity_record::Error> {
        let system = record.states()?;
        let states = system.ccodes().to_vec();
        let (from, to) = (FIRST_YEAR, record.last_year().max(FIRST_YEAR));
        let (mut cells, mut place) = (Vec::new(), Vec::new());
        for ccode in &states {
            for year in from..=to {
                if system.is_member(*ccode, year) {
                    place.push(cells.len() as u32);
                    cells.push((*ccode, year));
                } else {
                    place.push(NONE);
                }
            }
        }
        Ok(Self { states, from, to, cells, place })
    }

    /// Number of years.
    pub(crate) fn years(&self) -> usize {
        (self.to - self.from + 1) as usize
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell of a state and year; none where it is no member.
    pub(crate) fn cell(&self, ccode: i32, year: i32) -> Option<usize> {
        if !(self.from..=self.to).contains(&year) {
            return None;
        }
        self.cell_at(self.states.binary_search(&ccode).ok()?, year)
    }

    /// The cell of a state, by its place among the states, in a year of the grid.
    fn cell_at(&self, at: usize, year: i32) -> Option<usize> {
        let place = self.place[at * self.years() + (year - self.from) as usize];
        (place != NONE).then_some(place as usize)
    }

    /// The cells of a state, by its place among the states, in some years.
    fn cells_of(&self, at: usize, from: i32, to: i32) -> impl Iterator<Item = usize> {
        let (first, last) = (from.max(self.from), to.min(self.to));
        let all = at * self.years();
        let of = |year: i32| all + (year - self.from) as usize;
        let places = if first > last { &[][..] } else { &self.place[of(first)..=of(last)] };
        places.iter().filter(|p| **p != NONE).map(|p| *p as usize)
    }

    /// Whether enough is known of a member in a year and the `lookback` years before: each must be `covered`, but for years in which it
    /// was not in the system. Who was a state before the list of states begins is not known: such a year must be covered too.
    pub(crate) fn looks_back(
        &self,
        (ccode, year): (i32, i32),
        lookback: i32,
        covered: impl Fn(i32) -> bool,
    ) -> bool {
        let absent = |year: i32| year >= self.from && self.cell(ccode, year).is_none();
        (0..=lookback).map(|back| year - back).all(|year| absent(year) || covered(year))
    }

    /// [`Grid::looks_back`] of every cell: `covered` says which cells are covered, `before` which states are in a year before the grid.
    fn all_look_back(
        &self,
        lookback: i32,
        covered: &[bool],
        before: impl Fn(i32, i32) -> bool,
    ) -> Vec<bool> {
        let mut flags = vec![false; self.len()];
        for (at, ccode) in self.states.iter().enumerate() {
            // Years before the grid matter only where a cell looks back so far.
            let looks = self.cells_of(at, self.from, self.from + lookback).next().is_some();
            // How many years up to this one are known without a gap.
            let mut run = if looks { 0 } else { lookback };
            for year in (self.from - lookback..self.from).filter(|_| looks) {
                run = if before(*ccode, year) { run + 1 } else { 0 };
            }
            for year in self.from..=self.to {
                let cell = self.cell_at(at, year);
                run = if cell.is_none_or(|cell| covered[cell]) { run + 1 } else { 0 };
                if let Some(cell) = cell {
                    flags[cell] = run > lookback;
                }
            }
        }
        flags
    }

    /// State and year of a cell.
    pub(crate) fn at(&self, cell: usize) -> (i32, i32) {
        self.cells[cell]
    }
}

/// One flag per cell.
pub(crate) type Flags = Arc<Vec<bool>>;

/// Coverage of tables under readings, laid out over the grid once each.
#[derive(Debug)]
pub(crate) struct Covered {
    record: Record,
    grid: Arc<Grid>,
    known: Mutex<BTreeMap<(NeedKey, Only, Only, String), Flags>>,
}

impl Covered {
    pub(crate) fn new(record: Record, grid: Arc<Grid>) -> Self {
        Self { record, grid, known: Mutex::new(BTreeMap::new()) }
    }

    /// Where the rows that are needed are covered under `reading`.
    pub(crate) fn need(&self, need: &Need, reading: &Reading) -> Flags {
        let key = (need.key(), need.only.clone(), need.promised.clone(), reading.id.clone());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(|| {
            let coverage = need.coverage(&self.record, reading);
            let mut flags = vec![false; self.grid.len()];
            for (_, claim) in coverage.entries().iter().filter(|(_, c)| need.answered(c)) {
                for (at, ccode) in self.grid.states.iter().enumerate() {
                    if claim.units.contain(*ccode) {
                        let cells = self.grid.cells_of(at, claim.from, claim.to);
                        cells.for_each(|cell| flags[cell] = true);
                    }
                }
            }
            Arc::new(flags)
        }))
    }

    /// Where every table is covered, in the year and the `lookback` years before ([`Grid::looks_back`]).
    pub(crate) fn all(&self, needs: &[&Need], reading: &Reading, lookback: i32) -> Vec<bool> {
        let each: Vec<Flags> = needs.iter().map(|n| self.need(n, reading)).collect();
        let together: Vec<bool> =
            (0..self.grid.len()).map(|cell| each.iter().all(|f| f[cell])).collect();
        if lookback == 0 {
            return together;
        }
        let earlier: Vec<(&Need, TableCoverage)> =
            needs.iter().map(|n| (*n, n.coverage(&self.record, reading))).collect();
        let before = |ccode, year| earlier.iter().all(|(n, c)| n.covers(c, ccode, year));
        self.grid.all_look_back(lookback, &together, before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One state, a member from 1816 to 1817 and again from 1820.
    fn grid() -> Grid {
        let years = [1816, 1817, 1820, 1821];
        let place = (1816..=1821)
            .map(|y| years.iter().position(|m| *m == y).map_or(NONE, |at| at as u32))
            .collect();
        let cells = years.map(|y| (2, y)).to_vec();
        Grid { states: vec![2], from: 1816, to: 1821, cells, place }
    }

    #[test]
    fn all_cells_look_back_as_each_does() {
        let grid = grid();
        for lookback in 0..=4 {
            // Which of the two years before the grid and of the four cells are covered.
            for known in 0_u32..64 {
                let before =
                    |_, year: i32| (1814..1816).contains(&year) && known >> (year - 1814) & 1 == 1;
                let covered: Vec<bool> = (2..6).map(|bit| known >> bit & 1 == 1).collect();
                let each = (0..4).map(|cell| {
                    let of =
                        |year| grid.cell(2, year).map_or_else(|| before(2, year), |c| covered[c]);
                    grid.looks_back(grid.at(cell), lookback, of)
                });
                let all = grid.all_look_back(lookback, &covered, before);
                assert_eq!(all, each.collect::<Vec<_>>(), "{lookback} {known:b}");
            }
        }
    }

    #[test]
    fn years_of_absence_need_no_coverage_and_years_before_the_list_of_states_do() {
        let from = |first: i32| move |year: i32| year >= first;
        let looks = |year, lookback, first| grid().looks_back((2, year), lookback, from(first));
        assert!(looks(1821, 3, 1820));
        assert!(!looks(1821, 4, 1820));
        assert!(looks(1821, 4, 1817));
        assert!(!looks(1816, 1, 1816));
        assert!(looks(1816, 1, 1815));
        assert!(looks(1816, 0, 1816));
        assert!(!looks(1820, 0, 1821));
    }
}
