//! The negative binomial distribution by its mean and size.

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
/// that small probabilities are exact.
pub(super) fn surprise(count: f64, mean: f64, size: f64) -> f64 {
    let count = count.ceil();
    if count <= 0.0 || mean <= 0.0 {
        return if count > 0.0 { MOST } else { 0.0 };
    }
    // Below the mean the complement has fewer terms, and is as exact.
    if count <= mean {
        let mut below = 0.0;
        let mut at = 0.0;
        while at < count && at < TERMS {
            below += log_mass(at, mean, size).exp();
            at += 1.0;
        }
        return -(1.0 - below).max(1e-300).log10().min(0.0);
    }
    let share = if size.is_infinite() { 0.0 } else { mean / (size + mean) };
    let (mut term, mut sum, mut at) = (1.0, 1.0, count);
    while at < count + TERMS {
        // The ratio of one probability to the one before it.
        let ratio = if share == 0.0 { mean / (at + 1.0) } else { share * (at + size) / (at + 1.0) };
        term *= ratio;
        sum += term;
        at += 1.0;
        if term < sum * 1e-16 {
            break;
        }
    }
    let log = (log_mass(count, mean, size) + sum.ln()) / std::f64::consts::LN_10;
    (-log).clamp(0.0, MOST)
}

/// The most terms that are added.
const TERMS: f64 = 100_000.0;
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
}
