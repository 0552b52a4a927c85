//! The standard normal distribution, for loops of billions of evaluations.
//!
//! The upper tail is the density times Mills' ratio, and Mills' ratio is read from a table of Taylor expansions: every derivative follows
//! from the two before it, so the table is made when the program starts, and no constants are copied from anywhere.

use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::sync::OnceLock;

/// Expansions for each unit of the argument.
const PER_UNIT: f64 = 16.0;
/// Beyond this the continued fraction is as quick.
const LAST: f64 = 8.0;
const ROWS: usize = 130;
const TERMS: usize = 8;

/// Mills' ratio in expansions about the multiples of 1/16.
#[derive(Debug)]
pub(crate) struct Normal {
    rows: Vec<[f64; TERMS]>,
}

impl Normal {
    /// The table, made once.
    pub(crate) fn table() -> &'static Self {
        static TABLE: OnceLock<Normal> = OnceLock::new();
        TABLE
            .get_or_init(|| Self { rows: (0..ROWS).map(|k| taylor(k as f64 / PER_UNIT)).collect() })
    }

    /// (1 − Φ(x)) / φ(x) for `x` of at least 0.
    #[inline]
    pub(crate) fn mills(&self, x: f64) -> f64 {
        if x >= LAST {
            return far(x);
        }
        let near = (x * PER_UNIT + 0.5) as usize;
        let Some(c) = self.rows.get(near) else { return far(x) };
        let d = x - near as f64 / PER_UNIT;
        let high = (c[7] * d + c[6]) * d + c[5];
        (((((high * d + c[4]) * d + c[3]) * d + c[2]) * d) + c[1]) * d + c[0]
    }

    /// Φ(x) and φ(x) / Φ(x).
    #[inline]
    pub(crate) fn lower(&self, x: f64) -> (f64, f64) {
        let (at, mills) = (density(x), self.mills(x.abs()));
        if x < 0.0 {
            return (at * mills, 1.0 / mills);
        }
        let lower = 1.0 - at * mills;
        (lower, at / lower)
    }
}

/// φ(x).
#[inline]
pub(crate) fn density(x: f64) -> f64 {
    const SCALE: f64 = 0.398_942_280_401_432_7;
    SCALE * (-0.5 * x * x).exp()
}

/// The expansion of Mills' ratio M about `x`: M' = x M − 1, and each further derivative from the two before.
fn taylor(x: f64) -> [f64; TERMS] {
    let value = 0.5 * libm::erfc(x * FRAC_1_SQRT_2) * (2.0 * PI).sqrt() * (0.5 * x * x).exp();
    let mut derivatives = [value, x * value - 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for n in 2..TERMS {
        derivatives[n] = x * derivatives[n - 1] + (n as f64 - 1.0) * derivatives[n - 2];
    }
    let mut factorial = 1.0;
    for (n, d) in derivatives.iter_mut().enumerate() {
        factorial *= (n as f64).max(1.0);
        *d /= factorial;
    }
    derivatives
}

/// Mills' ratio from `LAST` on, by its continued fraction.
#[cold]
fn far(x: f64) -> f64 {
    let mut below = x;
    for k in (1..=24).rev() {
        below = x + f64::from(k) / below;
    }
    1.0 / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mills_ratio_is_exact_to_thirteen_digits() {
        let normal = Normal::table();
        for k in 0..3_700 {
            let x = f64::from(k) / 100.0 + 0.003;
            // ∫ exp(−x t − t²/2) dt from 0, by Simpson's rule.
            let step = 40.0 / (20_000.0 * (1.0 + x));
            let at = |i: u32| {
                let t = f64::from(i) * step;
                (-x * t - 0.5 * t * t).exp()
            };
            if k % 37 == 0 {
                let sum: f64 =
                    (0..10_000).map(|i| at(2 * i) + 4.0 * at(2 * i + 1) + at(2 * i + 2)).sum();
                let expected = sum * step / 3.0;
                let got = normal.mills(x);
                assert!((got / expected - 1.0).abs() < 1e-12, "{x}: {got} {expected}");
            }
            let (p, ratio) = normal.lower(x.min(6.0));
            let expected = 0.5 * libm::erfc(-x.min(6.0) * FRAC_1_SQRT_2);
            assert!(
                (p - expected).abs() < 1e-15 && (ratio - density(x.min(6.0)) / p).abs() < 1e-15
            );
        }
    }
}
