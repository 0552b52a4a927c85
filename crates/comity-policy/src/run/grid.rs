//! Every state and year, densely: verdicts and coverage are looked up, not searched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use comity_record::coverage::Only;
use comity_record::{Reading, Record};

use super::plan::Need;

/// The first year of the state system.
pub(crate) const FIRST_YEAR: i32 = 1816;

/// States and years of a record, numbered.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// `ccode`s, ascending.
    pub states: Vec<i32>,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    member: Vec<bool>,
}

impl Grid {
    /// The grid of a record's state system.
    pub(crate) fn of(record: &Record) -> Result<Self, comity_record::Error> {
        let system = record.states()?;
        let states = system.ccodes().to_vec();
        let (from, to) = (FIRST_YEAR, record.last_year().max(FIRST_YEAR));
        let mut grid = Self { member: Vec::new(), states, from, to };
        grid.member = vec![false; grid.len()];
        for (at, ccode) in grid.states.clone().into_iter().enumerate() {
            for year in from..=to {
                let cell = at * grid.years() + (year - from) as usize;
                grid.member[cell] = system.is_member(ccode, year);
            }
        }
        Ok(grid)
    }

    /// Number of years.
    pub(crate) fn years(&self) -> usize {
        (self.to - self.from + 1) as usize
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.states.len() * self.years()
    }

    /// The cell of a state and year.
    pub(crate) fn cell(&self, ccode: i32, year: i32) -> Option<usize> {
        if !(self.from..=self.to).contains(&year) {
            return None;
        }
        let at = self.states.binary_search(&ccode).ok()?;
        Some(at * self.years() + (year - self.from) as usize)
    }

    /// State and year of a cell.
    pub(crate) fn at(&self, cell: usize) -> (i32, i32) {
        (self.states[cell / self.years()], self.from + (cell % self.years()) as i32)
    }

    /// Whether the cell's state is in the system that year.
    pub(crate) fn member(&self, cell: usize) -> bool {
        self.member[cell]
    }
}

/// One flag per cell.
pub(crate) type Flags = Arc<Vec<bool>>;

/// Coverage of tables under readings, laid out over the grid once each.
#[derive(Debug)]
pub(crate) struct Covered {
    record: Record,
    grid: Arc<Grid>,
    known: Mutex<BTreeMap<(String, Only, String), Flags>>,
}

impl Covered {
    pub(crate) fn new(record: Record, grid: Arc<Grid>) -> Self {
        Self { record, grid, known: Mutex::new(BTreeMap::new()) }
    }

    /// Where the rows that are needed are covered under `reading`.
    pub(crate) fn need(&self, need: &Need, reading: &Reading) -> Flags {
        let key = (need.table.to_owned(), need.only.clone(), reading.id.clone());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(|| {
            let coverage = self.record.coverage(need.table, reading);
            let (years, mut flags) = (self.grid.years(), vec![false; self.grid.len()]);
            for (_, claim) in coverage.entries().iter().filter(|(_, c)| c.answers(&need.only)) {
                for (at, _) in
                    self.grid.states.iter().enumerate().filter(|(_, s)| claim.units.contain(**s))
                {
                    let from = claim.from.max(self.grid.from);
                    for year in from..=claim.to.min(self.grid.to) {
                        flags[at * years + (year - self.grid.from) as usize] = true;
                    }
                }
            }
            Arc::new(flags)
        }))
    }

    /// Where some of the tables is covered.
    pub(crate) fn some(&self, needs: &[&Need], reading: &Reading) -> Vec<bool> {
        let each: Vec<Flags> = needs.iter().map(|n| self.need(n, reading)).collect();
        (0..self.grid.len()).map(|cell| each.iter().any(|f| f[cell])).collect()
    }

    /// Where every table is covered, in the year and the `lookback` years before.
    ///
    /// A state that was not there yet needs no coverage for the years before its entry.
    pub(crate) fn all(&self, needs: &[&Need], reading: &Reading, lookback: i32) -> Vec<bool> {
        let each: Vec<Flags> = needs.iter().map(|n| self.need(n, reading)).collect();
        let together: Vec<bool> =
            (0..self.grid.len()).map(|cell| each.iter().all(|f| f[cell])).collect();
        if lookback == 0 {
            return together;
        }
        let years = self.grid.years();
        (0..self.grid.len())
            .map(|cell| {
                let column = cell % years;
                (0..=lookback as usize).all(|back| {
                    if back > column {
                        return false;
                    }
                    together[cell - back] || back > 0 && !self.grid.member(cell - back)
                })
            })
            .collect()
    }
}
