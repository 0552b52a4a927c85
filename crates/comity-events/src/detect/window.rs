//! The trailing baseline: the periods before the one that is tested, without those just before it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// One period that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    /// The number of the period.
    pub period: i32,
    /// Events of the kind that is looked at.
    pub count: f64,
    /// Reports that the count is a share of.
    pub exposure: f64,
    /// Reports of any kind about the dyad.
    pub dyad: f64,
}

/// The last periods, of which those before the guard are the baseline. Memory is constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Window {
    cells: VecDeque<Cell>,
    baseline: usize,
    guard: usize,
}

/// A baseline added up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sums {
    /// Events of the kind that is looked at.
    pub count: f64,
    /// Reports that the count is a share of.
    pub exposure: f64,
    /// Reports of any kind about the dyad.
    pub reports: f64,
    /// Periods.
    pub periods: u32,
}

/// What a baseline says of a period before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Past {
    /// Events for each report: (Σx + ½) / Σn.
    pub rate: f64,
    /// Reports in the baseline, Σn.
    pub exposure: f64,
    /// Periods in the baseline.
    pub periods: f64,
    /// Pearson's dispersion, never below 1.
    pub dispersion: f64,
}

impl Past {
    /// The events that so many reports let one expect.
    pub fn expected(&self, exposure: f64) -> f64 {
        self.rate * exposure
    }

    /// The variance of a count about that, with that of the rate itself; never below that of one event.
    pub fn variance(&self, exposure: f64) -> f64 {
        let expected = self.expected(exposure);
        (self.dispersion * expected * (1.0 + exposure / self.exposure)).max(1.0)
    }
}

impl Window {
    pub fn new(baseline: usize, guard: usize) -> Self {
        Self { cells: VecDeque::new(), baseline: baseline.max(1), guard }
    }

    /// The baseline for the period that comes next.
    pub fn baseline(&self) -> impl Iterator<Item = &Cell> + Clone {
        self.cells.iter().take(self.cells.len().saturating_sub(self.guard)).take(self.baseline)
    }

    /// The periods between the baseline and the one that comes next.
    pub fn guard(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().skip(self.cells.len().saturating_sub(self.guard))
    }

    /// The baseline added up.
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for cell in self.baseline() {
            sums.count += cell.count;
            sums.exposure += cell.exposure;
            sums.reports += cell.dyad;
            sums.periods += 1;
        }
        sums
    }

    /// What the baseline says; `None` where it has no reports.
    pub fn past(&self, sums: &Sums) -> Option<Past> {
        let Sums { count, exposure, periods, .. } = *sums;
        if exposure <= 0.0 {
            return None;
        }
        let periods = f64::from(periods);
        let rate = (count + 0.5) / exposure;
        let mut dispersion = 1.0;
        // Where nothing happened the squares add up to a half.
        if count > 0.0 {
            let square = |cell: &Cell| {
                let expected = rate * cell.exposure;
                (cell.count - expected).powi(2) / expected
            };
            let squares: f64 = self.baseline().map(square).sum();
            dispersion = (squares / (periods.max(2.0) - 1.0)).max(1.0);
        }
        Some(Past { rate, exposure, periods, dispersion })
    }

    /// Takes a period in, after it was tested.
    pub fn push(&mut self, cell: Cell) {
        if self.cells.len() >= self.baseline.saturating_add(self.guard) {
            self.cells.pop_front();
        }
        self.cells.push_back(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(period: i32, count: f64, exposure: f64) -> Cell {
        Cell { period, count, exposure, dyad: count }
    }

    #[test]
    fn the_baseline_ends_before_the_guard_and_memory_is_constant() {
        let mut window = Window::new(3, 2);
        for period in 0..10 {
            window.push(cell(period, 1.0, 10.0));
            assert!(window.cells.len() <= 5);
        }
        // Next is period 10: 8 and 9 are the guard.
        let periods = |cells: Vec<&Cell>| cells.iter().map(|c| c.period).collect::<Vec<_>>();
        assert_eq!(periods(window.baseline().collect()), [5, 6, 7]);
        assert_eq!(periods(window.guard().collect()), [8, 9]);
    }

    #[test]
    fn the_past_is_that_of_its_formula() {
        let mut window = Window::new(4, 0);
        for (period, count) in [2.0, 0.0, 4.0, 1.5].into_iter().enumerate() {
            window.push(cell(period as i32, count, 10.0));
        }
        let past = window.past(&window.sums()).unwrap();
        assert_eq!(past.rate, 0.2);
        // Expected are 2 in each period: squares 0, 2, 2 and 0.125.
        assert!((past.dispersion - 4.125 / 3.0).abs() < 1e-12);
        assert!((past.variance(20.0) - 4.125 / 3.0 * 4.0 * 1.5).abs() < 1e-12);
        assert_eq!(past.variance(0.1), 1.0);
        assert!(Window::new(4, 0).past(&Sums::default()).is_none());
    }
}
