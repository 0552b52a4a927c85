//! Change points, as they come.

use serde::{Deserialize, Serialize};

use super::distribution::log_mass;
use super::window::Past;
use super::{Reference, Said, Tested};

/// The probability that the rate of events has risen within the last 8 periods. The rate λ (events for each report) is constant between
/// changes, which come with probability H = 1/spell in each period; with n reports the count is x ~ Poisson(λ n), λ ~ Gamma(a, b). For each
/// run length r, the periods since the last change,
///
/// ```text
/// P(r + 1) ∝ (1 − H) P(r) p(x | a_r, b_r)       the run goes on
/// P(1)     ∝ H p(x | a₀, b₀)                    this period begins a new one
/// p(x | a, b) negative binomial, mean m = n a / b, variance φ m + m² / a
/// a ← a + x/φ,  b ← b + n/φ
/// ```
///
/// with a₀ = 1, b₀ = 1/(ρ + 1/n̄) (a new run is expected to have one event a period more, n̄ being the mean reports of a period), and ρ and φ
/// of the baseline. With φ = 1 this is the model of that paper with the gamma-Poisson pair of
/// conjugates; counts of events are overdispersed, and with φ a single loud week is no change. The first run is the baseline itself. The
/// value is the sum of P over the runs of at most 8 periods whose events are more than one standard deviation above what the baseline lets
/// expect of their reports, Σx > ρ Σn + √max(1, φ ρ Σn): a return to the usual is no alarm. A hundred run lengths are kept: those of less than
/// 10⁻⁹ are left out, and the two longest are put together.
///
/// # Units
/// A probability.
///
/// # Nulls
/// No value before half of a baseline was seen, or in a period without reports; the runs stand still there.
pub const CHANGE_POINT: Reference = Reference {
    authors: "Adams, Ryan Prescott and David J. C. MacKay",
    year: 2007,
    title: "Bayesian Online Changepoint Detection",
    published_in: "arXiv 0710.3742",
    doi: "10.48550/arXiv.0710.3742",
};

/// Run lengths that are kept.
const MOST_RUNS: usize = 100;
/// Runs that are less probable are left out.
const LEAST: f64 = 1e-9;
/// How many periods a change is new.
const RECENT: u32 = 8;

/// One run length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Run {
    mass: f64,
    shape: f64,
    rate: f64,
    /// Events and reports since it began.
    count: f64,
    exposure: f64,
    /// The period that it began with; none: before all.
    first: Option<i32>,
    /// Periods that were seen since.
    length: u32,
}

impl Run {
    fn new(mass: f64, shape: f64, rate: f64, first: Option<i32>, length: u32) -> Self {
        Self { mass, shape, rate, count: 0.0, exposure: 0.0, first, length }
    }

    /// Whether it is recent, and above the baseline.
    fn has_risen(&self, past: &Past) -> bool {
        let expected = past.expected(self.exposure);
        let spread = (past.dispersion * expected).max(1.0).sqrt();
        self.length <= RECENT && self.count > expected + spread
    }
}

/// What is known of the run length; the shortest run is last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Runs(Vec<Run>);

pub(super) fn test(tested: &Tested<'_>, runs: &Runs) -> (Said, Runs) {
    let (cell, past) = (&tested.cell, &tested.past);
    let hazard = 1.0 / tested.settings.spell.max(1.0);
    let mut next = runs.0.clone();
    if next.is_empty() {
        let (shape, rate) = (past.rate * past.exposure, past.exposure);
        let usual = Run::new(1.0, shape / past.dispersion, rate / past.dispersion, None, u32::MAX);
        next.push(usual);
    }
    for run in &mut next {
        run.mass *= 1.0 - hazard;
    }
    let rate = 1.0 / (past.rate + past.periods / past.exposure);
    next.push(Run::new(hazard, 1.0, rate, Some(cell.period), 0));
    let mut logs: Vec<f64> = next
        .iter()
        .map(|run| {
            let mean = cell.exposure * run.shape / run.rate;
            let size = mean / (past.dispersion - 1.0 + mean / run.shape);
            run.mass.ln() + log_mass(cell.count.round(), mean, size)
        })
        .collect();
    let greatest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for log in &mut logs {
        *log = (*log - greatest).exp();
        sum += *log;
    }
    for (run, mass) in next.iter_mut().zip(&logs) {
        run.mass = mass / sum;
        run.shape += cell.count / past.dispersion;
        run.rate += cell.exposure / past.dispersion;
        run.count += cell.count;
        run.exposure += cell.exposure;
        run.length = run.length.saturating_add(1);
    }
    next.retain(|run| run.mass >= LEAST);
    if next.len() > MOST_RUNS {
        join_longest(&mut next);
    }
    let risen: Vec<&Run> = next.iter().filter(|run| run.has_risen(past)).collect();
    let value = risen.iter().map(|run| run.mass).sum::<f64>().min(1.0);
    let heaviest = risen.iter().max_by(|a, b| a.mass.total_cmp(&b.mass));
    let since = heaviest.and_then(|run| run.first);
    (Said { value, expected: past.expected(cell.exposure), since }, Runs(next))
}

/// Puts the two longest runs together: what is known of their rates is weighted by how probable they are.
fn join_longest(runs: &mut Vec<Run>) {
    let oldest = runs.remove(0);
    let Some(other) = runs.first_mut() else { return };
    let mass = oldest.mass + other.mass;
    let mix = |a: f64, b: f64| (a * oldest.mass + b * other.mass) / mass;
    let joined = Run {
        mass,
        shape: mix(oldest.shape, other.shape),
        rate: mix(oldest.rate, other.rate),
        ..if oldest.mass >= other.mass { oldest } else { *other }
    };
    *other = joined;
}
