use std::ops::ControlFlow;

use super::chain::{Chain, TUNED_AT};
use super::checkpoint::{self, Run, fingerprint, read};
use super::diagnostics::diagnostics;
use super::panel::Panel;
use super::{Dynamics, Estimates, Point, Settings};
use crate::Error;
use crate::threads::in_order;
use crate::votes::Ballots;

/// How long to sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Iterations of each chain, those of the burn-in included.
    pub iterations: u64,
    /// Iterations of each chain before draws are kept.
    pub burn_in: u64,
    /// Of the iterations after that, each so many-th is kept.
    pub thin: u64,
    /// Chains; what they say of convergence asks for two or more.
    pub chains: u32,
    /// All random values follow from this.
    pub seed: u64,
}

impl Default for Plan {
    /// As published: 20,000 iterations after a burn-in of 4,000, each fiftieth kept; two chains.
    fn default() -> Self {
        Self { iterations: 24_000, burn_in: 4_000, thin: 50, chains: 2, seed: 1 }
    }
}

impl Plan {
    fn checked(self) -> Result<Self, Error> {
        let value = |what: &str, value: u64, wanted| Error::Value {
            what: what.to_owned(),
            row: 0,
            value: value as f64,
            wanted,
        };
        if self.chains == 0 || self.chains > 64 {
            return Err(value("number of chains", u64::from(self.chains), "1 to 64 are possible"));
        }
        if self.thin == 0 {
            return Err(value("thin", 0, "1 or more is needed"));
        }
        if self.kept(self.iterations) == 0 || self.iterations > 1 << 32 {
            let wanted = "more than the burn-in and the thinning are needed, and at most 2^32";
            return Err(value("number of iterations", self.iterations, wanted));
        }
        Ok(self)
    }

    /// Draws kept of a chain after so many iterations.
    fn kept(self, iterations: u64) -> u64 {
        iterations.saturating_sub(self.burn_in) / self.thin
    }
}

/// A run of the sampler. The same votes, settings and plan give the same draws for any number of threads, and whether or not the run was
/// stopped and taken up again from its bytes.
pub struct Gibbs {
    panel: Panel,
    settings: Settings,
    plan: Plan,
    fingerprint: u64,
    runs: Vec<Run>,
}

impl Gibbs {
    /// A run before its first iteration.
    ///
    /// # Errors
    /// As [`super::fast`]; a plan that keeps no draw.
    pub fn new(
        ballots: &Ballots<'_>,
        bridges: &[(u32, u32)],
        settings: Settings,
        plan: Plan,
    ) -> Result<Self, Error> {
        let mut run = Self::empty(ballots, bridges, settings, plan)?;
        let inner = run.inner_threads();
        run.runs = in_order(plan.chains as usize, settings.threads, |number| {
            (Chain::new(&run.panel, plan.seed, number as u32, inner), Vec::new())
        });
        Ok(run)
    }

    /// A run taken up where [`Gibbs::checkpoint`] left it.
    ///
    /// # Errors
    /// As [`Gibbs::new`]; bytes of other votes, bridges, settings, plan or version, or damaged ones. The number of threads may differ, and
    /// the number of iterations, so that a run can be prolonged.
    pub fn resume(
        ballots: &Ballots<'_>,
        bridges: &[(u32, u32)],
        settings: Settings,
        plan: Plan,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        let mut run = Self::empty(ballots, bridges, settings, plan)?;
        run.runs = read(bytes, run.fingerprint, &run.panel, plan.chains, |i| plan.kept(i))?;
        Ok(run)
    }

    fn empty(
        ballots: &Ballots<'_>,
        bridges: &[(u32, u32)],
        settings: Settings,
        plan: Plan,
    ) -> Result<Self, Error> {
        let plan = plan.checked()?;
        let panel = settings.panel(ballots, bridges)?;
        let dynamics = u64::from(settings.dynamics == Dynamics::Smoothed);
        let numbers = [dynamics, plan.burn_in, plan.thin, u64::from(plan.chains), plan.seed];
        let fingerprint = fingerprint(&panel, &numbers);
        Ok(Self { panel, settings, plan, fingerprint, runs: Vec::new() })
    }

    fn inner_threads(&self) -> usize {
        (self.settings.threads / self.plan.chains as usize).max(1)
    }

    /// Iterations that each chain has made.
    pub fn done(&self) -> u64 {
        self.runs.first().map_or(0, |run| run.0.iteration)
    }

    /// Makes up to so many further iterations of each chain; fewer where the plan ends.
    pub fn advance(&mut self, iterations: u64) {
        let to = self.done().saturating_add(iterations).min(self.plan.iterations);
        let inner = self.inner_threads();
        let (panel, plan, dynamics) = (&self.panel, self.plan, self.settings.dynamics);
        let runs = &self.runs;
        let made = in_order(runs.len(), self.settings.threads, |k| {
            let (mut chain, mut draws) = (runs[k].0.clone(), Vec::new());
            while chain.iteration < to {
                chain.advance(panel, plan.seed, dynamics, inner);
                let after = chain.iteration.saturating_sub(plan.burn_in);
                if after > 0 && after.is_multiple_of(plan.thin) {
                    draws.push(chain.theta.iter().map(|t| *t as f32).collect::<Vec<f32>>());
                }
            }
            (chain, draws)
        });
        for (run, (chain, draws)) in self.runs.iter_mut().zip(made) {
            run.0 = chain;
            run.1.extend(draws);
        }
    }

    /// Runs to the end of the plan. After each so many iterations `watch` is shown the run, from which it may take a checkpoint; what it
    /// answers ends the run or lets it go on. Gives whether the plan was fulfilled.
    pub fn run(&mut self, every: u64, mut watch: impl FnMut(&Self) -> ControlFlow<()>) -> bool {
        while self.done() < self.plan.iterations {
            self.advance(every.max(1));
            if watch(self).is_break() {
                break;
            }
        }
        self.done() >= self.plan.iterations
    }

    /// The state of the run as bytes.
    pub fn checkpoint(&self) -> Vec<u8> {
        checkpoint::write(self.fingerprint, &self.runs)
    }

    /// Estimates from the draws kept so far.
    ///
    /// # Errors
    /// Where none is kept yet.
    pub fn estimates(&self) -> Result<Estimates, Error> {
        let signs: Vec<f64> = self.runs.iter().map(|run| self.sign(&run.1)).collect();
        if self.runs.iter().any(|run| run.1.is_empty()) {
            return Err(Error::Empty { what: "ideal points before the burn-in has ended" });
        }
        let points = in_order(self.panel.cells.len(), self.settings.threads, |cell| {
            let chains: Vec<Vec<f64>> = self
                .runs
                .iter()
                .zip(&signs)
                .map(|((_, draws), sign)| draws.iter().map(|d| sign * f64::from(d[cell])).collect())
                .collect();
            self.point(cell, &chains)
        });
        Ok(Estimates { points, left_out: self.panel.left_out.clone(), passes: self.done() })
    }

    /// -1 for a chain that has the state named as positive on the negative side.
    fn sign(&self, draws: &[Vec<f32>]) -> f64 {
        let of = |cell: &u32| draws.iter().map(|d| f64::from(d[*cell as usize])).sum::<f64>();
        let sum: f64 = self.panel.path_of(self.settings.positive).iter().map(of).sum();
        if sum < 0.0 { -1.0 } else { 1.0 }
    }

    fn point(&self, cell: usize, chains: &[Vec<f64>]) -> Point {
        let mut all = chains.concat();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let square = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        all.sort_by(f64::total_cmp);
        let told = diagnostics(chains);
        let at = self.panel.cells[cell];
        Point {
            state: at.state,
            session: at.session,
            votes: self.panel.cell_votes(cell) as u32,
            point: mean,
            error: square.sqrt(),
            low: quantile_of(&all, 0.025),
            high: quantile_of(&all, 0.975),
            r_hat: told.r_hat,
            effective: told.effective,
        }
    }

    /// Iterations that a burn-in must have for the proposals to be fixed before draws are kept.
    pub const LEAST_BURN_IN: u64 = TUNED_AT[TUNED_AT.len() - 1];
}

/// Quantile of sorted values, by linear interpolation.
fn quantile_of(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() - 1) as f64;
    let below = place.floor();
    let a = sorted[below as usize];
    let b = sorted[(below as usize + 1).min(sorted.len() - 1)];
    a + (place - below) * (b - a)
}

impl std::fmt::Debug for Gibbs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gibbs")
            .field("plan", &self.plan)
            .field("done", &self.done())
            .finish_non_exhaustive()
    }
}
