//! The negative binomial distribution by its mean and size.

use std::f64::consts::{LN_10, PI, SQRT_2};

/// The natural logarithm of the probability of a count: mean m, variance m + m²/r; Poisson where r is infinite.
pub(super) fn log_mass(count: f64, mean: f64, size: f64) -> f64 {
    if mean <= 0.0 {
        return if count == 0.0 { 0.0 } else { f64::NEG_INFINITY };
    }
    if size.is_infinite() {
        let rest = if count == 0.0 { 0.0 } else { count * mean.ln() };
        return rest - mean - libm::lgamma(count + 1.0);
    }
    let none = -size * (mean / size).ln_1p();
    if count == 0.0 {
        return none;
    }
    let share = mean / (size + mean);
    none + count * share.ln() + ways(count, size)
}

/// ln Γ(x + r) − ln Γ(r) − ln Γ(x + 1). Of small whole counts it is a short product, which is faster and exact.
fn ways(count: f64, size: f64) -> f64 {
    if count <= 16.0 && count.fract() == 0.0 {
        let mut product = 1.0;
        let mut before = 0.0;
        while before < count {
            product *= (size + before) / (before + 1.0);
            before += 1.0;
        }
        return product.ln();
    }
    libm::lgamma(count + size) - libm::lgamma(size) - libm::lgamma(count + 1.0)
}

/// Minus the decimal logarithm of the probability of so many events or more. The terms from the count on are added, and not taken from 1, so
/// that small probabilities are exact; above 20,000 events the distribution is taken for a gamma with its mean and variance.
pub(super) fn surprise(count: f64, mean: f64, size: f64) -> f64 {
    let count = count.ceil();
    if count <= 0.0 || mean <= 0.0 {
        return if count > 0.0 { MOST } else { 0.0 };
    }
    if count.max(mean) > MANY {
        return (-log_gamma_tail(count - 0.5, mean, size) / LN_10).clamp(0.0, MOST);
    }
    let share = if size.is_infinite() { 0.0 } else { mean / (size + mean) };
    // The ratio of the probability of one event more to that of so many.
    let ratio = |at: f64| {
        if share == 0.0 { mean / (at + 1.0) } else { share * (at + size) / (at + 1.0) }
    };
    let (mut term, mut sum) = (1.0, 1.0);
    // Below the mean the complement has fewer terms, and is as exact.
    if count <= mean {
        let mut at = count - 1.0;
        while at > 0.0 && term > sum * 1e-17 {
            at -= 1.0;
            term /= ratio(at);
            sum += term;
        }
        let below = (log_mass(count - 1.0, mean, size) + sum.ln()).exp();
        return (-(-below).ln_1p() / LN_10).clamp(0.0, MOST);
    }
    let mut at = count;
    while at < 100.0 * MANY && term > sum * 1e-17 {
        term *= ratio(at);
        sum += term;
        at += 1.0;
    }
    (-(log_mass(count, mean, size) + sum.ln()) / LN_10).clamp(0.0, MOST)
}

/// The natural logarithm of the probability that a gamma variable is above a value, with the mean and variance of a negative binomial one, by the
/// cube root that is nearly normal (Wilson and Hilferty 1931, Proceedings of the National Academy of Sciences 17(12): 684-688).
fn log_gamma_tail(value: f64, mean: f64, size: f64) -> f64 {
    let shape = 1.0 / (1.0 / mean + 1.0 / size);
    let part = 1.0 / (9.0 * shape);
    let z = ((value / mean).cbrt() - 1.0 + part) / part.sqrt();
    if z < 30.0 {
        return (0.5 * libm::erfc(z / SQRT_2)).ln();
    }
    -0.5 * z * z - (z * (2.0 * PI).sqrt()).ln()
}

/// Above so many events the distribution is taken for a continuous one.
const MANY: f64 = 20_000.0;
/// What is less probable than 10⁻¹⁰⁰⁰ counts as that.
const MOST: f64 = 1000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-10 * b.abs().max(1.0), "{a} {b}");
    }

    /// By their definitions: Poisson with mean 2, and negative binomial with mean 3 and size 1 (geometric with p = 1/4).
    #[test]
    fn known_values() {
        near(log_mass(3.0, 2.0, f64::INFINITY).exp(), 8.0 / 6.0 * (-2.0_f64).exp());
        near(log_mass(5.0, 3.0, 1.0).exp(), 0.25 * 0.75_f64.powi(5));
        near(surprise(5.0, 3.0, 1.0), -(0.75_f64.powi(5)).log10());
        near(surprise(2.0, 3.0, 1.0), -(0.75_f64.powi(2)).log10());
        near(surprise(400.0, 3.0, 1.0), -400.0 * 0.75_f64.log10());
        near(surprise(1.0, 2.0, f64::INFINITY), -(1.0 - (-2.0_f64).exp()).log10());
        assert_eq!(surprise(0.0, 2.0, 1.0), 0.0);
        // Long and short products agree.
        near(ways(16.0, 2.5), libm::lgamma(18.5) - libm::lgamma(2.5) - libm::lgamma(17.0));
        // A great size is nearly Poisson.
        assert!((surprise(9.0, 2.0, 1e9) - surprise(9.0, 2.0, f64::INFINITY)).abs() < 1e-6);
    }

    #[test]
    fn more_is_never_less_surprising() {
        for (mean, size) in
            [(0.001, 0.1), (0.5, f64::INFINITY), (3.0, 1.0), (80.0, 5.0), (2000.0, 0.3)]
        {
            let mut before = -1.0;
            for count in 0..300 {
                let here = surprise(f64::from(count), mean, size);
                assert!(
                    here >= before - 1e-9 && here.is_finite(),
                    "{count} {mean} {size}: {here} {before}"
                );
                before = here;
            }
        }
        assert!(surprise(1e15, 1.0, 1.0).is_finite());
    }

    /// On both sides of 20,000 events the values are nearly the same.
    #[test]
    fn many_events_are_as_few_are() {
        for (mean, size) in
            [(15_000.0, 4.0), (19_000.0, 900.0), (19_800.0, f64::INFINITY), (9_000.0, 3.0)]
        {
            let (exact, near) = (surprise(20_000.0, mean, size), surprise(20_001.0, mean, size));
            assert!((near - exact).abs() < 0.02 * exact.max(0.1), "{mean} {size}: {exact} {near}");
        }
        assert!((surprise(1e9, 1e9, 1e7) - 0.301).abs() < 0.001);
    }
}
