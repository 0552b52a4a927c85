use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::Error;
use crate::threads::in_order;

/// What the values of a power law are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any positive numbers.
    Continuous,
    /// Whole positive numbers.
    Discrete,
}

/// A power law fitted to the upper tail of a distribution: p(x) ∝ x^−α from a minimum on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// The exponent α.
    pub exponent: f64,
    /// Its standard error, with the minimum taken as given.
    pub error: f64,
    /// The minimum, from which on the law holds.
    pub minimum: f64,
    /// How many values are in the tail.
    pub in_tail: usize,
    /// How many values there are.
    pub rows: usize,
    /// The largest difference between the law and the data in the tail (Kolmogorov and Smirnov's).
    pub distance: f64,
}

/// How sure a fitted tail is, from samples of the data with replacement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertainty {
    /// The standard deviation of the exponent.
    pub exponent: f64,
    /// The interval that holds the middle 95 % of exponents.
    pub exponent_range: (f64, f64),
    /// The standard deviation of the minimum.
    pub minimum: f64,
    /// The interval that holds the middle 95 % of minima.
    pub minimum_range: (f64, f64),
    /// Samples that a tail could be fitted to.
    pub runs: usize,
}

/// Fits a power law to the upper tail of values, by maximum likelihood; the minimum is the one with which law and data differ least.
///
/// # Shape
/// Values in any order.
///
/// # Units
/// The exponent has none; the minimum has those of the values.
///
/// # Nulls
/// None.
///
/// # Errors
/// Fewer than three different values, values that are not positive, values that are not whole where they must be.
///
/// # Source
/// Clauset, Shalizi & Newman (2009), equations 3.1 and 3.5 and section 3.3. As in the program that they released, the distance of continuous
/// data compares the law at each value with the share of the tail *below* it. (With the share up to it as well, as the statistic is defined,
/// another minimum can be found: for the 95 inter-state wars 6,525 instead of 7,061.)
pub fn tail(values: &[f64], kind: Kind) -> Result<Tail, Error> {
    let sorted = sorted(values, kind)?;
    let mut different = sorted.clone();
    different.dedup();
    if different.len() < 3 {
        let rows = different.len();
        return Err(Error::TooFewRows {
            model: "a power law (in different values)",
            rows,
            terms: 3,
        });
    }
    // With the two largest values alone any law fits.
    let candidates = &different[..different.len() - 2];
    let fits = candidates.iter().filter_map(|minimum| from(&sorted, *minimum, kind));
    fits.min_by(|a, b| a.distance.total_cmp(&b.distance)).ok_or_else(no_exponent)
}

/// The same with a minimum that is given.
///
/// # Errors
/// As [`tail`]; fewer than two different values from the minimum on.
pub fn tail_from(values: &[f64], minimum: f64, kind: Kind) -> Result<Tail, Error> {
    let sorted = sorted(values, kind)?;
    if !(minimum > 0.0 && minimum.is_finite()) {
        let wanted = "above zero";
        return Err(Error::Argument { what: "the minimum", value: minimum, wanted });
    }
    from(&sorted, minimum, kind).ok_or_else(no_exponent)
}

fn no_exponent() -> Error {
    let reason = "the values in the tail are all alike".to_owned();
    Error::Unidentified { model: "a power law", reason }
}

fn sorted(values: &[f64], kind: Kind) -> Result<Vec<f64>, Error> {
    if values.is_empty() {
        return Err(Error::Empty { what: "a power law" });
    }
    let bad = |v: f64| {
        !(v > 0.0 && v.is_finite()) || (kind == Kind::Discrete && (v.fract() != 0.0 || v < 1.0))
    };
    if let Some(row) = values.iter().position(|v| bad(*v)) {
        let wanted = match kind {
            Kind::Continuous => "a number above zero",
            Kind::Discrete => "a whole number above zero",
        };
        return Err(Error::Value { what: "the value".to_owned(), row, value: values[row], wanted });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// The law from a minimum on; `None` where the values from there are all alike.
fn from(sorted: &[f64], minimum: f64, kind: Kind) -> Option<Tail> {
    let first = sorted.partition_point(|v| *v < minimum);
    let tail = &sorted[first..];
    let n = tail.len() as f64;
    let logs: f64 = tail.iter().map(|v| (v / minimum).ln()).sum();
    if tail.len() < 2 || tail[0] == tail[tail.len() - 1] {
        return None;
    }
    let (exponent, error) = match kind {
        Kind::Continuous => (1.0 + n / logs, n / logs / n.sqrt()),
        Kind::Discrete => discrete_exponent(tail, minimum)?,
    };
    let mut distance = 0.0_f64;
    let whole = if kind == Kind::Discrete { zeta(exponent, minimum) } else { 1.0 };
    for (below, value) in tail.iter().enumerate() {
        let gap = match kind {
            Kind::Continuous => (1.0 - (minimum / value).powf(exponent - 1.0)) - below as f64 / n,
            Kind::Discrete if tail.get(below + 1) == Some(value) => continue,
            Kind::Discrete => (1.0 - zeta(exponent, value + 1.0) / whole) - (below + 1) as f64 / n,
        };
        distance = distance.max(gap.abs());
    }
    let (in_tail, rows) = (tail.len(), sorted.len());
    Some(Tail { exponent, error, minimum, in_tail, rows, distance })
}

/// The most likely exponent of whole numbers, and its error from the curve of the likelihood.
fn discrete_exponent(tail: &[f64], minimum: f64) -> Option<(f64, f64)> {
    let n = tail.len() as f64;
    let logs: f64 = tail.iter().map(|v| v.ln()).sum();
    // Minus the log likelihood per value, less a constant; it has one minimum.
    let cost = |a: f64| a * logs / n + zeta(a, minimum).ln();
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (1.000_1, 30.0);
    for _ in 0..80 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if cost(a) < cost(b) { high = b } else { low = a }
    }
    let exponent = 0.5 * (low + high);
    let h = 1e-4 * (exponent - 1.0).min(1.0);
    let curve = (cost(exponent + h) - 2.0 * cost(exponent) + cost(exponent - h)) / (h * h);
    let at_edge = !(1.001..=29.9).contains(&exponent);
    (!at_edge && curve > 0.0).then(|| (exponent, 1.0 / (n * curve).sqrt()))
}

/// Hurwitz's zeta function Σ (q + i)^−s, by Euler and Maclaurin's formula.
fn zeta(s: f64, q: f64) -> f64 {
    const TERMS: usize = 12;
    let head: f64 = (0..TERMS).map(|i| (q + i as f64).powf(-s)).sum();
    let x = q + TERMS as f64;
    let power = x.powf(-s);
    let mut sum = head + power * x / (s - 1.0) + 0.5 * power;
    // B₂ / 2!, B₄ / 4!, …
    let bernoulli = [1.0 / 12.0, -1.0 / 720.0, 1.0 / 30_240.0, -1.0 / 1_209_600.0];
    let mut factor = s * power / x;
    for (i, b) in bernoulli.iter().enumerate() {
        sum += b * factor;
        let j = 2.0 * i as f64 + 1.0;
        factor *= (s + j) * (s + j + 1.0) / (x * x);
    }
    sum
}

/// Random numbers of one run of a bootstrap: a stream of its own, so that the order of runs does not matter.
struct Random(ChaCha8Rng);

impl Random {
    fn new(seed: u64, run: usize) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(run as u64);
        Self(generator)
    }

    /// From 0 up to 1, without 1.
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn one_of(&mut self, values: &[f64]) -> f64 {
        values[((self.unit() * values.len() as f64) as usize).min(values.len() - 1)]
    }

    /// A draw from a law.
    fn law(&mut self, law: &Tail, kind: Kind) -> f64 {
        let rest = 1.0 - self.unit();
        let continuous = |minimum: f64| minimum * rest.powf(-1.0 / (law.exponent - 1.0));
        if kind == Kind::Continuous {
            return continuous(law.minimum);
        }
        // The smallest whole number above which less than `rest` of the law lies.
        let whole = zeta(law.exponent, law.minimum);
        let above = |x: f64| zeta(law.exponent, x + 1.0) / whole;
        let (mut low, mut high) = (law.minimum - 1.0, law.minimum);
        while above(high) > rest && high < 1e15 {
            low = high;
            high *= 2.0;
        }
        while high - low > 1.0 {
            let middle = (0.5 * (low + high)).floor();
            if above(middle) > rest { low = middle } else { high = middle }
        }
        high
    }
}

fn check_runs(runs: usize) -> Result<(), Error> {
    if (10..=1_000_000).contains(&runs) {
        return Ok(());
    }
    let wanted = "from 10 to 1,000,000";
    Err(Error::Argument { what: "the number of samples", value: runs as f64, wanted })
}

/// How much exponent and minimum vary between samples of the values with replacement.
///
/// # Units
/// As [`tail`]. The same seed gives the same numbers, for any number of threads.
///
/// # Errors
/// As [`tail`]; fewer than 10 samples.
///
/// # Source
/// Clauset, Shalizi & Newman (2009), section 3.3.
pub fn tail_uncertainty(
    values: &[f64],
    kind: Kind,
    runs: usize,
    seed: u64,
    threads: usize,
) -> Result<Uncertainty, Error> {
    check_runs(runs)?;
    // In order, so that the result does not depend on the order that they are given in.
    let values = &sorted(values, kind)?;
    tail(values, kind)?;
    let made: Vec<Tail> = in_order(runs, threads, |run| {
        let mut random = Random::new(seed, run);
        let sample: Vec<f64> = values.iter().map(|_| random.one_of(values)).collect();
        tail(&sample, kind).ok()
    })
    .into_iter()
    .flatten()
    .collect();
    let of = |value: fn(&Tail) -> f64| {
        let mut values: Vec<f64> = made.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let square: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        let at = |share: f64| values[((share * n) as usize).min(values.len() - 1)];
        ((square / (n - 1.0)).sqrt(), (at(0.025), at(0.975)))
    };
    if made.len() < 10 {
        return Err(no_exponent());
    }
    let (exponent, exponent_range) = of(|t| t.exponent);
    let (minimum, minimum_range) = of(|t| t.minimum);
    Ok(Uncertainty { exponent, exponent_range, minimum, minimum_range, runs: made.len() })
}

/// The p-value of a fitted tail: the share of data sets made from it (and, below the minimum, from the values) that differ more from their
/// own best law. Below 0.1 the law is implausible.
///
/// # Units
/// A share from 0 to 1. The same seed gives the same share, for any number of threads.
///
/// # Errors
/// As [`tail`]; fewer than 10 data sets.
///
/// # Source
/// Clauset, Shalizi & Newman (2009), section 4.1.
pub fn tail_goodness(
    values: &[f64],
    kind: Kind,
    runs: usize,
    seed: u64,
    threads: usize,
) -> Result<f64, Error> {
    check_runs(runs)?;
    let values = &sorted(values, kind)?;
    let law = tail(values, kind)?;
    let below: Vec<f64> = values.iter().copied().filter(|v| *v < law.minimum).collect();
    let share = law.in_tail as f64 / values.len() as f64;
    let larger = in_order(runs, threads, |run| {
        let mut random = Random::new(seed, run);
        let mut draw = |_: &f64| {
            let in_tail = below.is_empty() || random.unit() < share;
            if in_tail { random.law(&law, kind) } else { random.one_of(&below) }
        };
        let made: Vec<f64> = values.iter().map(&mut draw).collect();
        tail(&made, kind).is_ok_and(|made| made.distance >= law.distance)
    });
    Ok(larger.into_iter().filter(|is| *is).count() as f64 / runs as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ζ(2) = π²/6, ζ(4) = π⁴/90, and ζ(s, q) − ζ(s, q + 1) = q^−s.
    #[test]
    fn zeta_is_right() {
        let pi = std::f64::consts::PI;
        assert!((zeta(2.0, 1.0) - pi * pi / 6.0).abs() < 1e-13);
        assert!((zeta(4.0, 1.0) - pi.powi(4) / 90.0).abs() < 1e-13);
        let step = zeta(1.5, 7061.0) - zeta(1.5, 7062.0);
        assert!((step / 7061.0_f64.powf(-1.5) - 1.0).abs() < 1e-8);
    }

    fn drawn(kind: Kind, exponent: f64, minimum: f64, n: usize) -> Vec<f64> {
        let law = Tail { exponent, error: 0.0, minimum, in_tail: n, rows: n, distance: 0.0 };
        let mut random = Random::new(7, 0);
        (0..n).map(|_| random.law(&law, kind)).collect()
    }

    #[test]
    fn a_law_is_found_again() {
        for kind in [Kind::Continuous, Kind::Discrete] {
            let mut values = drawn(kind, 2.5, 20.0, 600);
            let found = tail_from(&values, 20.0, kind).unwrap();
            assert!((found.exponent - 2.5).abs() < 3.0 * found.error, "{found:?}");
            assert!((found.error / (1.5 / 600.0_f64.sqrt()) - 1.0).abs() < 0.15, "{found:?}");
            // Values below the minimum that follow no law.
            values.truncate(150);
            values.extend((0..60).map(|i| f64::from(1 + i % 19)));
            let found = tail(&values, kind).unwrap();
            assert!((15.0..40.0).contains(&found.minimum), "{found:?}");
        }
    }

    #[test]
    fn samples_are_the_same_for_any_threads() {
        let values = drawn(Kind::Continuous, 1.6, 10.0, 60);
        let of = |threads| tail_uncertainty(&values, Kind::Continuous, 40, 1, threads).unwrap();
        assert_eq!(of(1), of(3));
        assert!(of(1).exponent > 0.02 && of(1).runs == 40);
        let p = tail_goodness(&values, Kind::Continuous, 40, 1, 2).unwrap();
        assert!(p > 0.1, "{p}");
        // Equal steps are no power law.
        let even: Vec<f64> = (100..400).map(f64::from).collect();
        let whole = tail_from(&even, 100.0, Kind::Continuous).unwrap();
        assert!(whole.distance > 0.1, "{whole:?}");
    }

    #[test]
    fn bad_input_is_refused() {
        let of = |v: &[f64]| tail(v, Kind::Discrete).unwrap_err();
        assert!(matches!(of(&[]), Error::Empty { .. }));
        assert!(matches!(of(&[1.0, 0.0, 2.0]), Error::Value { row: 1, .. }));
        assert!(matches!(of(&[1.0, 1.5, 2.0]), Error::Value { row: 1, .. }));
        assert!(matches!(of(&[3.0; 9]), Error::TooFewRows { rows: 1, .. }));
        assert!(tail_from(&[1.0, 2.0], -1.0, Kind::Discrete).is_err());
        assert!(tail_from(&[1.0, 2.0], 2.0, Kind::Continuous).is_err());
        assert!(tail_uncertainty(&[1.0, 2.0, 3.0], Kind::Continuous, 0, 1, 1).is_err());
    }
}
