use crate::models::distributions::{normal_log_cdf, normal_pdf};
use crate::models::rows::BLOCK;

/// How the outcome depends on the sum of the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 0 or 1, with log odds equal to the sum.
    Logit,
    /// 0 or 1, where a normal variable is below the sum.
    Probit,
    /// A count or an amount whose expectation is e to the power of the sum.
    Poisson,
    /// The sum and a normal error.
    Gaussian,
}

/// What a block of rows says of its sums `eta`: the derivative of the log likelihood by each, the weight (minus the second derivative).
pub(super) struct Derivatives {
    pub score: [f64; BLOCK],
    pub weight: [f64; BLOCK],
}

impl Derivatives {
    pub fn new() -> Self {
        Self { score: [0.0; BLOCK], weight: [0.0; BLOCK] }
    }
}

impl Family {
    /// The name of the model.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logit => "logit",
            Self::Probit => "probit",
            Self::Poisson => "poisson",
            Self::Gaussian => "ols",
        }
    }

    /// Whether outcomes are 0 or 1.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Logit | Self::Probit)
    }

    /// The expected outcome.
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Logit => 1.0 / (1.0 + (-eta).exp()),
            Self::Probit => crate::models::distributions::normal_cdf(eta),
            Self::Poisson => eta.exp(),
            Self::Gaussian => eta,
        }
    }

    /// The sum that gives this expected outcome.
    pub fn link(self, mean: f64) -> f64 {
        match self {
            Self::Logit => (mean / (1.0 - mean)).ln(),
            Self::Probit => crate::models::distributions::normal_quantile(mean),
            Self::Poisson => mean.ln(),
            Self::Gaussian => mean,
        }
    }

    /// The part of the log likelihood that depends on the outcomes alone.
    pub(super) fn fixed_part(self, outcomes: &[f64]) -> f64 {
        match self {
            Self::Poisson => -outcomes.iter().map(|y| libm::lgamma(y + 1.0)).sum::<f64>(),
            _ => 0.0,
        }
    }

    /// The log likelihood of a block (less the fixed part), and its derivatives.
    pub(super) fn derive(self, eta: &[f64], outcomes: &[f64], into: &mut Derivatives) -> f64 {
        let rows = outcomes.len();
        into.score[rows..].fill(0.0);
        into.weight[rows..].fill(0.0);
        let places = into.score.iter_mut().zip(into.weight.iter_mut());
        let each = eta.iter().zip(outcomes).zip(places);
        let mut sum = 0.0;
        match self {
            Self::Logit => {
                // The logarithm of a product of 8 is cheaper than 8 logarithms; each factor is between 1 and 2.
                let mut product = 1.0;
                for (at, ((eta, y), (score, weight))) in each.enumerate() {
                    let e = (-eta.abs()).exp();
                    let p = if *eta >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
                    *score = y - p;
                    *weight = e / ((1.0 + e) * (1.0 + e));
                    sum += y * eta - eta.max(0.0);
                    if e > 1e-4 {
                        product *= 1.0 + e;
                    } else {
                        sum -= e - 0.5 * e * e;
                    }
                    if at % 8 == 7 {
                        sum -= product.ln();
                        product = 1.0;
                    }
                }
                sum -= product.ln();
            }
            Self::Probit => {
                for ((eta, y), (score, weight)) in each {
                    let sign = 2.0 * y - 1.0;
                    let z = sign * eta;
                    let log = normal_log_cdf(z);
                    let mills = if z > -30.0 {
                        normal_pdf(z) / log.exp()
                    } else {
                        (-0.5 * z * z - 0.5 * (2.0 * std::f64::consts::PI).ln() - log).exp()
                    };
                    *score = sign * mills;
                    *weight = mills * (mills + z);
                    sum += log;
                }
            }
            Self::Poisson => {
                for ((eta, y), (score, weight)) in each {
                    let mean = eta.exp();
                    *score = y - mean;
                    *weight = mean;
                    sum += y * eta - mean;
                }
            }
            Self::Gaussian => {
                for ((eta, y), (score, weight)) in each {
                    *score = y - eta;
                    *weight = 1.0;
                    sum -= 0.5 * *score * *score;
                }
            }
        }
        sum
    }
}
