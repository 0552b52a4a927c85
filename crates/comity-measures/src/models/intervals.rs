use crate::Error;
use crate::models::distributions::{beta_cdf, gamma_tail, root};

/// A rate with an interval that holds the true one at least as often as its level says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The rate that was observed.
    pub rate: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The share of trials that succeed, with its exact interval.
///
/// # Units
/// A share from 0 to 1; `level` is the share of intervals that hold the true value, 0.95 for the usual one.
///
/// # Errors
/// No trials, more successes than trials, a level that is not between 0 and 1.
///
/// # Source
/// Clopper & Pearson (1934).
pub fn share_interval(successes: u64, trials: u64, level: f64) -> Result<Interval, Error> {
    check_level(level)?;
    if trials == 0 {
        return Err(Error::Empty { what: "a share" });
    }
    if successes > trials {
        let value = successes as f64;
        return Err(Error::Argument { what: "successes", value, wanted: "at most all trials" });
    }
    let (x, n, tail) = (successes as f64, trials as f64, 0.5 - 0.5 * level);
    let low =
        if successes == 0 { 0.0 } else { root(|p| beta_cdf(p, x, n - x + 1.0) - tail, 0.0, 1.0) };
    let high = if successes == trials {
        1.0
    } else {
        root(|p| beta_cdf(p, x + 1.0, n - x) - (1.0 - tail), 0.0, 1.0)
    };
    Ok(Interval { rate: x / n, low, high })
}

/// The rate of events in so much exposure (state-years, say), with its exact interval.
///
/// # Units
/// Events per unit of exposure.
///
/// # Errors
/// An exposure that is not positive, a level that is not between 0 and 1.
///
/// # Source
/// Garwood (1936).
pub fn rate_interval(events: u64, exposure: f64, level: f64) -> Result<Interval, Error> {
    check_level(level)?;
    if !(exposure > 0.0 && exposure.is_finite()) {
        return Err(Error::Argument {
            what: "the exposure",
            value: exposure,
            wanted: "above zero",
        });
    }
    let (x, tail) = (events as f64, 0.5 - 0.5 * level);
    let most = 10.0 * (x + 100.0) - 100.0 * tail.ln();
    // Few events or fewer: P(N ≤ x) for a mean m is Q(x + 1, m).
    let low = if events == 0 { 0.0 } else { root(|m| 1.0 - gamma_tail(x, m) - tail, 0.0, most) };
    let high = root(|m| gamma_tail(x + 1.0, m) - tail, 0.0, most);
    Ok(Interval { rate: x / exposure, low: low / exposure, high: high / exposure })
}

fn check_level(level: f64) -> Result<(), Error> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(Error::Argument { what: "the level", value: level, wanted: "between 0 and 1" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    /// Ends that have a closed form.
    #[test]
    fn closed_forms() {
        let none = share_interval(0, 10, 0.95).unwrap();
        near(none.high, 1.0 - 0.025_f64.powf(0.1));
        let all = share_interval(10, 10, 0.95).unwrap();
        near(all.low, 0.025_f64.powf(0.1));
        let none = rate_interval(0, 2.0, 0.95).unwrap();
        near(none.high, -0.025_f64.ln() / 2.0);
        near(rate_interval(1, 1.0, 0.95).unwrap().low, -0.975_f64.ln());
    }

    /// Garwood (1936), and Clopper & Pearson's chart for 4 of 10.
    #[test]
    fn known_values() {
        let ten = rate_interval(10, 1.0, 0.95).unwrap();
        assert!((ten.low - 4.795_389).abs() < 1e-6 && (ten.high - 18.390_356).abs() < 1e-6);
        let four = share_interval(4, 10, 0.95).unwrap();
        assert!((four.low - 0.121_552).abs() < 1e-6 && (four.high - 0.737_622).abs() < 1e-6);
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(share_interval(0, 0, 0.95).is_err());
        assert!(share_interval(3, 2, 0.95).is_err());
        assert!(share_interval(1, 2, 1.0).is_err());
        assert!(rate_interval(1, 0.0, 0.95).is_err());
        assert!(rate_interval(1, f64::NAN, 0.95).is_err());
    }
}
