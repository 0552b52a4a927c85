use nalgebra::DMatrix;

use crate::models::design::{Design, Omitted};
use crate::models::distributions::{chi_squared_tail, critical, two_sided};

/// A model that was estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// What was estimated (`logit`).
    pub model: &'static str,
    /// One row per coefficient; the constant comes last.
    pub terms: Vec<Estimate>,
    /// Variances and covariances of the coefficients, row by row.
    pub covariance: Vec<f64>,
    /// How many rows it rests on.
    pub rows: usize,
    /// How many clusters the errors allow for.
    pub clusters: Option<usize>,
    /// Terms that were left out, and what they follow from.
    pub omitted: Vec<Omitted>,
    /// The natural logarithm of the likelihood.
    pub log_likelihood: Option<f64>,
    /// The same of the model with a constant alone.
    pub null_log_likelihood: Option<f64>,
    /// The share of variance explained (ordinary least squares; with fixed effects, theirs included).
    pub r_squared: Option<f64>,
    /// How many coefficients the absorbed fixed effects have.
    pub absorbed: Option<usize>,
    /// Rows that say nothing about the coefficients, because their outcome is predicted without fail; they are not among `rows`.
    pub separated: Vec<usize>,
    /// The correlation within panels (of neighbours, with autoregression).
    pub correlation: Option<f64>,
    /// The degrees of freedom of t statistics; z statistics where there are none.
    pub df: Option<f64>,
    /// How many steps were taken.
    pub steps: usize,
    /// The expected outcome of each row.
    pub fitted: Vec<f64>,
}

/// One coefficient.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What it is called.
    pub term: String,
    /// Its value.
    pub coefficient: f64,
    /// Its standard error.
    pub error: f64,
    /// Value over error: z, or t with the degrees of freedom of the fit.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end of the 95 % interval.
    pub high: f64,
}

/// A test that several coefficients are all zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wald {
    /// χ².
    pub chi_squared: f64,
    /// Its degrees of freedom.
    pub df: usize,
    /// The probability of one as large.
    pub p: f64,
}

/// What estimators hand over to make a [`Fit`].
pub(super) struct Parts {
    pub model: &'static str,
    pub names: Vec<String>,
    pub coefficients: Vec<f64>,
    pub covariance: DMatrix<f64>,
    pub rows: usize,
    pub df: Option<f64>,
    pub steps: usize,
    pub fitted: Vec<f64>,
}

impl Fit {
    pub(super) fn of(parts: Parts) -> Self {
        let Parts { model, names, coefficients, covariance, rows, df, steps, fitted } = parts;
        let reach = critical(0.95, df);
        let estimate = |(at, (term, coefficient)): (usize, (String, f64))| {
            let error = covariance[(at, at)].max(0.0).sqrt();
            let statistic = if error > 0.0 { coefficient / error } else { 0.0 };
            Estimate {
                term,
                coefficient,
                error,
                statistic,
                p: if error > 0.0 { two_sided(statistic, df) } else { 1.0 },
                low: coefficient - reach * error,
                high: coefficient + reach * error,
            }
        };
        let terms = names.into_iter().zip(coefficients).enumerate().map(estimate).collect();
        Self {
            model,
            terms,
            covariance: covariance.as_slice().to_vec(),
            rows,
            clusters: None,
            omitted: Vec::new(),
            log_likelihood: None,
            null_log_likelihood: None,
            r_squared: None,
            absorbed: None,
            correlation: None,
            separated: Vec::new(),
            df,
            steps,
            fitted,
        }
    }

    /// The coefficient of a term.
    pub fn term(&self, name: &str) -> Option<&Estimate> {
        self.terms.iter().find(|t| t.term == name)
    }

    /// The test that these coefficients are all zero; `None` where a name is not there, or the coefficients are not independent of each
    /// other.
    pub fn wald(&self, names: &[&str]) -> Option<Wald> {
        let at: Vec<usize> = names
            .iter()
            .map(|name| self.terms.iter().position(|t| t.term == *name))
            .collect::<Option<_>>()?;
        let k = self.terms.len();
        let v = DMatrix::from_fn(at.len(), at.len(), |i, j| self.covariance[at[i] * k + at[j]]);
        let b = nalgebra::DVector::from_iterator(
            at.len(),
            at.iter().map(|i| self.terms[*i].coefficient),
        );
        let chi_squared = b.dot(&v.cholesky()?.solve(&b));
        let p = chi_squared_tail(chi_squared, at.len() as f64);
        Some(Wald { chi_squared, df: at.len(), p })
    }

    /// The test that all coefficients but the constant are zero.
    pub fn wald_of_all(&self) -> Option<Wald> {
        let names: Vec<&str> = self
            .terms
            .iter()
            .map(|t| t.term.as_str())
            .filter(|name| *name != crate::models::CONSTANT)
            .collect();
        if names.is_empty() { None } else { self.wald(&names) }
    }

    /// `McFadden`'s 1 − log likelihood over that of the constant alone.
    pub fn pseudo_r_squared(&self) -> Option<f64> {
        Some(1.0 - self.log_likelihood? / self.null_log_likelihood?)
    }

    /// The sums of coefficients times terms for the rows of a design with the same terms.
    ///
    /// `None` where a term of the fit is not in the design.
    pub fn linear(&self, design: &Design) -> Option<Vec<f64>> {
        let mut sums = vec![0.0; design.rows];
        for Estimate { term, coefficient, .. } in &self.terms {
            match design.names.iter().position(|name| name == term) {
                Some(at) => sums
                    .iter_mut()
                    .zip(&design.columns[at])
                    .for_each(|(sum, x)| *sum += coefficient * x),
                None if term == crate::models::CONSTANT => {
                    sums.iter_mut().for_each(|sum| *sum += coefficient);
                }
                None => return None,
            }
        }
        Some(sums)
    }
}
