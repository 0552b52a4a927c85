//! Distribution functions that tests and intervals need.

use std::f64::consts::{PI, SQRT_2};

/// The share of a standard normal variable below `x`.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

/// The density of a standard normal variable.
pub fn normal_pdf(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// The natural logarithm of [`normal_cdf`], exact in the far lower tail too.
pub fn normal_log_cdf(x: f64) -> f64 {
    if x > -30.0 {
        return normal_cdf(x).ln();
    }
    let square = x * x;
    let series = 1.0 - 1.0 / square + 3.0 / (square * square) - 15.0 / square.powi(3);
    -0.5 * square - (-x).ln() - 0.5 * (2.0 * PI).ln() + series.ln()
}

/// The value below which a share `p` of a standard normal variable lies; infinite at 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    // Abramowitz & Stegun 26.2.23, good to 4.5e-4, then Halley's steps to the last digit.
    let t = (-2.0 * p.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = above / below - t;
    for _ in 0..4 {
        let step = (normal_cdf(x) - p) / normal_pdf(x);
        x -= step / (1.0 + 0.5 * x * step);
    }
    x
}

/// The probability that a χ² variable with `df` degrees of freedom is above `x`.
pub fn chi_squared_tail(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { gamma_tail(0.5 * df, 0.5 * x) }
}

/// The probability that a gamma variable of shape `a` and scale 1 is above `x`: Q(a, x).
pub fn gamma_tail(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - libm::lgamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(an * d + b, tiny);
        c = away_from_zero(b + an / c, tiny);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

/// The probability that a beta variable with shapes `a` and `b` is below `x`: I(x; a, b).
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * (-x).ln_1p();
    if x < (a + 1.0) / (a + b + 2.0) {
        front.exp() * beta_fraction(x, a, b) / a
    } else {
        1.0 - front.exp() * beta_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function (Lentz's method).
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let tiny = 1e-300;
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0), tiny);
    let mut h = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d, tiny);
        c = away_from_zero(1.0 + even / c, tiny);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d, tiny);
        c = away_from_zero(1.0 + odd / c, tiny);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

fn away_from_zero(x: f64, tiny: f64) -> f64 {
    if x.abs() < tiny { tiny } else { x }
}

/// The two-sided p-value of a t statistic with `df` degrees of freedom; of a z statistic where `df` is `None`.
pub fn two_sided(statistic: f64, df: Option<f64>) -> f64 {
    match df {
        None => libm::erfc(statistic.abs() / SQRT_2),
        Some(df) => beta_cdf(df / (df + statistic * statistic), 0.5 * df, 0.5),
    }
}

/// How many standard errors a two-sided interval of the given level reaches: 1.96 for 0.95 where `df` is `None`, more with few degrees of
/// freedom.
pub fn critical(level: f64, df: Option<f64>) -> f64 {
    let normal = normal_quantile(0.5 + 0.5 * level);
    match df {
        None => normal,
        Some(df) => root(|x| two_sided(x, Some(df)) - (1.0 - level), 0.0, 2.0 * normal + 1e6 / df),
    }
}

/// Where a falling or rising function crosses zero between two values, by bisection to the last digit.
pub(super) fn root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let below = f(low);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if (f(middle) > 0.0) == (below > 0.0) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{a} {b}");
    }

    /// Values of the tables in Abramowitz & Stegun (1964), chapter 26, to more digits from the definitions.
    #[test]
    fn known_values() {
        near(normal_cdf(1.0), 0.841_344_746_068_542_9);
        near(normal_quantile(0.975), 1.959_963_984_540_054);
        near(normal_quantile(1e-10), -6.361_340_902_404_056);
        near(normal_log_cdf(-40.0), -804.608_442_013_754);
        near(chi_squared_tail(3.841_458_820_694_124, 1.0), 0.05);
        near(chi_squared_tail(18.307_038_053_275_14, 10.0), 0.05);
        near(two_sided(2.228_138_851_964_939, Some(10.0)), 0.05);
        near(critical(0.95, Some(4.0)), 2.776_445_105_197_799);
        near(beta_cdf(0.5, 2.0, 3.0), 0.6875);
    }

    #[test]
    fn tail_meets_the_series() {
        for x in [-29.999_f64, -30.001] {
            near(
                normal_log_cdf(x),
                -0.5 * x * x - (-x).ln() - 0.918_938_533_204_672_7
                    + (1.0 - 1.0 / (x * x) + 3.0 / x.powi(4) - 15.0 / x.powi(6)).ln(),
            );
        }
    }
}
