use nalgebra::{DMatrix, DVector};

use crate::Error;
use crate::models::covariance::{Errors, sandwich};
use crate::models::design::{Collinear, Design};
use crate::models::family::{Derivatives, Family};
use crate::models::fit::{Fit, Parts};
use crate::models::rows::{BLOCK, Block, Scaled, symmetric, total};
use crate::threads::available;

/// Sums of terms that are larger than this may belong to separated rows.
const SUSPECT: f64 = 5.0;

/// How a model is estimated.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The standard errors.
    pub errors: Errors<'a>,
    /// What is done with collinear terms.
    pub collinear: Collinear,
    /// Whether absorbed fixed effects count among the coefficients where errors of least squares are corrected for small samples. Stata's
    /// `regress` with dummies and `reghdfe` count them; some published tables do not.
    pub count_absorbed: bool,
    /// How many threads work; the result is the same for any number.
    pub threads: usize,
    /// How many steps are taken at most.
    pub steps: usize,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            errors: Errors::Classical,
            collinear: Collinear::Refuse,
            count_absorbed: true,
            threads: available(),
            steps: 100,
        }
    }
}

/// The rows from which a first guess is taken where there are many.
const GUESS: usize = 20_000;
/// Twice the log likelihood that the last step may still promise; what is left after it is of the order of its square.
const PROMISE: f64 = 1e-8;

/// Estimates a model of one outcome by maximum likelihood (Newton's method with halved steps).
///
/// # Shape
/// One outcome per row of the design.
///
/// # Units
/// Outcomes are 0 or 1 for [`Family::Logit`] and [`Family::Probit`], not negative for [`Family::Poisson`], any finite number for
/// [`Family::Gaussian`]. Coefficients are on the scale of the sum of the terms.
///
/// # Nulls
/// None: rows with a missing value are left out before (see [`Sample`](crate::models::Sample)).
///
/// # Errors
/// No rows, fewer rows than terms, an outcome out of range or without variation, collinear terms, separation, one cluster, and steps that do
/// not come to rest.
///
/// # Source
/// `McCullagh` & Nelder (1989), chapters 2 and 4; robust errors: White (1982); clusters: Liang & Zeger (1986), with Stata's factors for small
/// samples (see [`Errors`]).
pub fn fit(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    options: &Options<'_>,
) -> Result<Fit, Error> {
    check_outcome(family, outcome, outcomes, design)?;
    let (design, omitted) = design.independent(options.collinear, options.threads)?;
    let k = design.terms();
    if design.rows <= k {
        return Err(Error::TooFewRows { model: family.name(), rows: design.rows, terms: k });
    }
    let problem = Problem {
        family,
        outcome,
        outcomes,
        scaled: Scaled::of(&design, options.threads),
        threads: options.threads,
    };
    let end = problem.climb(problem.guess(&design), options.steps)?;
    let df = (family == Family::Gaussian).then(|| (design.rows - k) as f64);
    let covariance = problem.covariance(&end, &options.errors)?;
    let (fitted, residual) = problem.fitted(&end.at);
    let df = options.errors.df(df);
    let mut fit = Fit::of(Parts {
        model: family.name(),
        names: design.labels(),
        coefficients: problem.scaled.unscaled(&end.at),
        covariance,
        rows: design.rows,
        df,
        steps: end.steps,
        fitted,
    });
    fit.clusters = options.errors.clusters();
    fit.omitted = omitted;
    problem.describe(&mut fit, end.likelihood, residual);
    Ok(fit)
}

fn check_outcome(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
) -> Result<(), Error> {
    if outcomes.is_empty() || design.rows == 0 {
        return Err(Error::Empty { what: family.name() });
    }
    if outcomes.len() != design.rows {
        let (got, wanted) = (outcomes.len(), design.rows);
        return Err(Error::Shape { what: "the outcome", got, wanted });
    }
    check_range(family, outcome, outcomes)?;
    if family != Family::Gaussian && outcomes.iter().all(|y| *y == outcomes[0]) {
        let (value, rows) = (outcomes[0], outcomes.len());
        // Counts that do not vary are a sample like others, unless there were none.
        if family.is_binary() || value == 0.0 {
            return Err(Error::Constant { outcome: outcome.to_owned(), value, rows });
        }
    }
    Ok(())
}

/// Refuses outcomes that the family cannot have.
pub(super) fn check_range(family: Family, outcome: &str, outcomes: &[f64]) -> Result<(), Error> {
    let (is_right, wanted): (fn(f64) -> bool, _) = match family {
        Family::Logit | Family::Probit => (|y| y == 0.0 || y == 1.0, "0 or 1"),
        Family::Poisson => {
            (|y| y.is_finite() && y >= 0.0, "a count or an amount that is not negative")
        }
        Family::Gaussian => (f64::is_finite, "a finite number"),
    };
    match outcomes.iter().position(|y| !is_right(*y)) {
        None => Ok(()),
        Some(row) => {
            Err(Error::Value { what: outcome.to_owned(), row, value: outcomes[row], wanted })
        }
    }
}

/// A model with its rows.
struct Problem<'a> {
    family: Family,
    outcome: &'a str,
    outcomes: &'a [f64],
    scaled: Scaled<'a>,
    threads: usize,
}

/// What one pass over the rows gives.
struct Pass {
    likelihood: f64,
    score: DVector<f64>,
    information: DMatrix<f64>,
    /// The largest sum of terms, whatever its sign.
    largest: f64,
}

/// Where the climb ended.
struct End {
    at: Vec<f64>,
    likelihood: f64,
    information: DMatrix<f64>,
    steps: usize,
}

impl Problem<'_> {
    fn pass(&self, at: &[f64]) -> Pass {
        let k = at.len();
        let start = vec![0.0; 1 + k + k * k + 1];
        let pieces = self.scaled.each_block(self.threads, &start, |sums, block| {
            let (mut eta, mut made) = ([0.0; BLOCK], Derivatives::new());
            block.predict(at, &mut eta);
            sums[0] += self.family.derive(&eta, self.of(block), &mut made);
            block.add_score(&made.score, &mut sums[1..=k]);
            block.add_cross(&made.weight, k, &mut sums[1 + k..]);
            let last = sums.len() - 1;
            sums[last] = eta.iter().fold(sums[last], |most, eta| most.max(eta.abs()));
        });
        let largest = pieces.iter().filter_map(|p| p.last()).fold(0.0_f64, |a, b| a.max(*b));
        let sums = total(pieces, start.len());
        Pass {
            likelihood: sums[0],
            score: DVector::from_column_slice(&sums[1..=k]),
            information: symmetric(&sums[1 + k..], k),
            largest,
        }
    }

    fn of(&self, block: &Block) -> &[f64] {
        &self.outcomes[block.first..block.first + block.rows]
    }

    /// Scaled coefficients to begin with: those of a part of the rows where there are many, else the constant alone.
    fn guess(&self, design: &Design) -> Vec<f64> {
        let k = design.terms();
        let mut start = vec![0.0; k];
        if design.constant {
            let mean = self.outcomes.iter().sum::<f64>() / self.outcomes.len() as f64;
            start[k - 1] = self.family.link(mean);
        }
        let every = design.rows / GUESS;
        if every < 8 || self.family == Family::Gaussian {
            return start;
        }
        // Rows at places that are not in step with panels of equal length.
        let stride = |i: usize| (i * every + (i * 7919) % every).min(design.rows - 1);
        let rows: Vec<usize> = (0..GUESS).map(stride).collect();
        let part = design.at(&rows);
        let outcomes: Vec<f64> = rows.iter().map(|row| self.outcomes[*row]).collect();
        let (means, scales) = (self.scaled.means.clone(), self.scaled.scales.clone());
        let problem = Problem {
            outcomes: &outcomes,
            scaled: Scaled { design: &part, means, scales },
            ..*self
        };
        let plain = start.clone();
        match problem.climb(start, 25) {
            Ok(end) => end.at,
            Err(_) => plain,
        }
    }

    /// Newton's steps to the top.
    fn climb(&self, start: Vec<f64>, most: usize) -> Result<End, Error> {
        let mut at = start;
        let mut pass = self.pass(&at);
        let mut change = f64::INFINITY;
        for step in 1..=most {
            let Some(cholesky) = pass.information.clone().cholesky() else {
                self.check_separation(&at)?;
                let reason = "its terms are collinear where the model has weight".to_owned();
                return Err(Error::Unidentified { model: self.family.name(), reason });
            };
            let direction = cholesky.solve(&pass.score);
            change = direction.dot(&pass.score);
            let (next, made) = self.step(&at, &pass, &direction);
            if made.largest > SUSPECT && (step >= 8 || change < PROMISE) {
                self.check_separation(direction.as_slice())?;
            }
            (at, pass) = (next, made);
            if change < PROMISE {
                let (likelihood, information) = (pass.likelihood, pass.information);
                return Ok(End { at, likelihood, information, steps: step });
            }
        }
        let hint = "look for terms of very different size, or values far from the others";
        Err(Error::Convergence { model: self.family.name(), steps: most, change, hint })
    }

    /// A step in a direction, halved until the likelihood does not fall.
    fn step(&self, at: &[f64], from: &Pass, direction: &DVector<f64>) -> (Vec<f64>, Pass) {
        let slack = 1e-10 * (1.0 + from.likelihood.abs());
        let mut size = 1.0;
        loop {
            let next: Vec<f64> =
                at.iter().zip(direction.iter()).map(|(b, d)| b + size * d).collect();
            let made = self.pass(&next);
            if made.likelihood >= from.likelihood - slack || size < 1e-10 {
                return (next, made);
            }
            size *= 0.5;
        }
    }

    /// Refuses a direction in which the likelihood rises for ever.
    fn check_separation(&self, direction: &[f64]) -> Result<(), Error> {
        if self.family == Family::Gaussian {
            return Ok(());
        }
        let start = [0.0_f64; 3];
        let pieces = self.scaled.each_block(self.threads, &start, |found, block| {
            let mut moves = [0.0; BLOCK];
            block.predict(direction, &mut moves);
            for (m, y) in moves.iter().zip(self.of(block)) {
                let (towards, against) = match self.family {
                    Family::Poisson if *y > 0.0 => (0.0, -m.abs()),
                    Family::Poisson => (-m, -m),
                    _ => ((2.0 * y - 1.0) * m, (2.0 * y - 1.0) * m),
                };
                found[0] = found[0].max(towards);
                found[1] = found[1].min(against);
                found[2] += f64::from(u8::from(towards > 1e-3));
            }
        });
        let (mut towards, mut against, mut rows) = (0.0_f64, 0.0_f64, 0.0);
        for piece in pieces {
            towards = towards.max(piece[0]);
            against = against.min(piece[1]);
            rows += piece[2];
        }
        let separates = towards > 0.1 && against > -1e-6 * towards.max(1.0);
        if !separates {
            return Ok(());
        }
        let names = self.scaled.design.labels();
        let weight = |at: &usize| direction[*at].abs();
        let columns = self.scaled.design.columns.len().max(1);
        let most = (0..columns).max_by(|a, b| weight(a).total_cmp(&weight(b))).unwrap_or(0);
        let term = names.get(most).cloned().unwrap_or_default();
        Err(Error::Separation { term, outcome: self.outcome.to_owned(), rows: rows as usize })
    }

    /// The covariance of the coefficients as they are, with the errors that were asked for.
    fn covariance(&self, end: &End, errors: &Errors<'_>) -> Result<DMatrix<f64>, Error> {
        let unidentified = || Error::Unidentified {
            model: self.family.name(),
            reason: "its information matrix is singular".to_owned(),
        };
        let mut inverse = end.information.clone().cholesky().ok_or_else(unidentified)?.inverse();
        let (n, k) = (self.scaled.design.rows, self.scaled.terms());
        if matches!(errors, Errors::Classical) {
            if self.family == Family::Gaussian {
                inverse *= -2.0 * end.likelihood / (n - k) as f64;
            }
        } else {
            let scores = self.scores(&end.at);
            let least_squares = self.family == Family::Gaussian;
            inverse = sandwich(&inverse, &self.scaled, &scores, errors, least_squares)?;
        }
        let back = self.scaled.back();
        Ok(&back * inverse * back.transpose())
    }

    /// The derivative of each row's log likelihood by its sum of terms.
    fn scores(&self, at: &[f64]) -> Vec<f64> {
        let pieces = self.scaled.each_block(self.threads, &Vec::new(), |scores, block| {
            let (mut eta, mut made) = ([0.0; BLOCK], Derivatives::new());
            block.predict(at, &mut eta);
            self.family.derive(&eta, self.of(block), &mut made);
            scores.extend_from_slice(&made.score[..block.rows]);
        });
        pieces.concat()
    }

    /// The expected outcome of each row, and the sum of squared differences from it.
    fn fitted(&self, at: &[f64]) -> (Vec<f64>, f64) {
        let pieces = self.scaled.each_block(self.threads, &Vec::new(), |fitted, block| {
            let mut eta = [0.0; BLOCK];
            block.predict(at, &mut eta);
            fitted.extend(eta[..block.rows].iter().map(|eta| self.family.mean(*eta)));
        });
        let fitted = pieces.concat();
        let squares = fitted.iter().zip(self.outcomes).map(|(f, y)| (y - f) * (y - f)).sum();
        (fitted, squares)
    }

    /// Adds what is said of the whole model.
    fn describe(&self, fit: &mut Fit, likelihood: f64, residual: f64) {
        let n = self.outcomes.len() as f64;
        let mean = self.outcomes.iter().sum::<f64>() / n;
        if self.family == Family::Gaussian {
            let centre = if self.scaled.design.constant { mean } else { 0.0 };
            let all: f64 = self.outcomes.iter().map(|y| (y - centre) * (y - centre)).sum();
            fit.r_squared = (all > 0.0).then(|| 1.0 - residual / all);
            let of =
                |squares: f64| -0.5 * n * ((2.0 * std::f64::consts::PI * squares / n).ln() + 1.0);
            fit.log_likelihood = (residual > 0.0).then(|| of(residual));
            fit.null_log_likelihood = (all > 0.0).then(|| of(all));
            return;
        }
        fit.log_likelihood = Some(likelihood + self.family.fixed_part(self.outcomes));
        let positive: f64 = self.outcomes.iter().sum();
        let null = match self.family {
            Family::Poisson => {
                positive * mean.ln() - positive + self.family.fixed_part(self.outcomes)
            }
            _ => positive * mean.ln() + (n - positive) * (1.0 - mean).ln(),
        };
        fit.null_log_likelihood = Some(null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::groups::Groups;

    fn design(columns: &[(&str, &[f64])]) -> Design {
        let names = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        Design::new(names, columns.iter().map(|(_, c)| c.to_vec()).collect(), true).unwrap()
    }

    fn one_thread() -> Options<'static> {
        Options { threads: 1, ..Options::default() }
    }

    /// A two by two table has its coefficients in closed form.
    #[test]
    fn a_two_by_two_table() {
        let x: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i >= 40))).collect();
        // 10 of 40 where x is 0, 36 of 60 where it is 1.
        let y: Vec<f64> =
            (0..100).map(|i| f64::from(u8::from(i < 10 || (40..76).contains(&i)))).collect();
        let design = design(&[("x", &x)]);
        let odds = |a: f64, b: f64| (a / b).ln();
        let logit = fit(Family::Logit, "y", &y, &design, &one_thread()).unwrap();
        let expected = odds(36.0, 24.0) - odds(10.0, 30.0);
        assert!((logit.terms[0].coefficient - expected).abs() < 1e-9);
        assert!((logit.terms[1].coefficient - odds(10.0, 30.0)).abs() < 1e-9);
        let variance = 1.0 / 36.0 + 1.0 / 24.0 + 1.0 / 10.0 + 1.0 / 30.0_f64;
        assert!((logit.terms[0].error - variance.sqrt()).abs() < 1e-9);
        let probit = fit(Family::Probit, "y", &y, &design, &one_thread()).unwrap();
        let quantile = crate::models::distributions::normal_quantile;
        assert!((probit.terms[0].coefficient - (quantile(0.6) - quantile(0.25))).abs() < 1e-8);
        assert!((probit.log_likelihood.unwrap() - logit.log_likelihood.unwrap()).abs() < 1e-9);
        let poisson = fit(Family::Poisson, "y", &y, &design, &one_thread()).unwrap();
        assert!((poisson.terms[0].coefficient - (0.6_f64 / 0.25).ln()).abs() < 1e-9);
        assert!((poisson.fitted[99] - 0.6).abs() < 1e-9);
    }

    #[test]
    fn separation_names_the_term() {
        let x: Vec<f64> = (0..200).map(f64::from).collect();
        let noise: Vec<f64> = (0..200).map(|i| f64::from((i * 37) % 101)).collect();
        let whole: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 99.5))).collect();
        let separated = |columns: &[(&str, &[f64])], y: &[f64]| {
            for family in [Family::Logit, Family::Probit] {
                match fit(family, "war", y, &design(columns), &one_thread()) {
                    Err(Error::Separation { term, rows, .. }) => {
                        assert_eq!((term.as_str(), rows > 0), ("x", true));
                    }
                    other => panic!("{family:?}: {other:?}"),
                }
            }
        };
        separated(&[("noise", &noise), ("x", &x)], &whole);
        // Quasi-complete: an indicator that is 1 only where the outcome is 0.
        let outcome: Vec<f64> = (0..200).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
        let indicator: Vec<f64> =
            (0..200).map(|i| f64::from(u8::from(i % 3 == 1 && i > 150))).collect();
        separated(&[("noise", &noise), ("x", &indicator)], &outcome);
        let none = |i: i32| if i % 3 == 1 && i > 150 { 0.0 } else { f64::from(i % 4) };
        let counts: Vec<f64> = (0..200).map(none).collect();
        let columns: [(&str, &[f64]); 2] = [("noise", &noise), ("x", &indicator)];
        let error = fit(Family::Poisson, "wars", &counts, &design(&columns), &one_thread());
        assert!(matches!(error, Err(Error::Separation { term, .. }) if term == "x"));
    }

    /// A value far from all others is no separation.
    #[test]
    fn an_outlier_is_no_separation() {
        let mut x: Vec<f64> = (0..200).map(|i| f64::from((i * 37) % 101) / 50.0 - 1.0).collect();
        let y: Vec<f64> = (0..200).map(|i| f64::from(u8::from((i * 53) % 97 > 48))).collect();
        x[3] = 1e5;
        let made = fit(Family::Logit, "y", &y, &design(&[("x", &x)]), &one_thread());
        assert!(made.is_ok(), "{made:?}");
    }

    #[test]
    fn bad_input_is_refused() {
        let x = [1.0, 2.0, 3.0, 5.0];
        let d = design(&[("x", &x)]);
        let of = |family, y: &[f64]| fit(family, "y", y, &d, &one_thread()).unwrap_err();
        assert!(matches!(of(Family::Logit, &[]), Error::Empty { .. }));
        assert!(matches!(of(Family::Logit, &[1.0; 3]), Error::Shape { .. }));
        assert!(matches!(of(Family::Logit, &[0.0, 1.0, 2.0, 0.0]), Error::Value { row: 2, .. }));
        assert!(matches!(of(Family::Poisson, &[0.0, -1.0, 2.0, 0.0]), Error::Value { row: 1, .. }));
        assert!(matches!(of(Family::Probit, &[1.0; 4]), Error::Constant { .. }));
        assert!(matches!(of(Family::Poisson, &[0.0; 4]), Error::Constant { .. }));
        let two = design(&[("x", &x), ("z", &[1.0, 0.0, 0.0, 1.0]), ("w", &[1.0, 4.0, 0.0, 1.0])]);
        let y = [0.0, 1.0, 1.0, 0.0];
        let error = fit(Family::Gaussian, "y", &y, &two, &one_thread()).unwrap_err();
        assert!(matches!(error, Error::TooFewRows { rows: 4, terms: 4, .. }));
        let one = Groups::of_keys("dyad", &[7; 4]);
        let options = Options { errors: Errors::Cluster(&one), ..one_thread() };
        let error = fit(Family::Gaussian, "y", &y, &d, &options).unwrap_err();
        assert_eq!(error, Error::OneCluster { name: "dyad".into() });
        let options = Options { steps: 1, ..one_thread() };
        let error = fit(Family::Logit, "y", &[0.0, 1.0, 0.0, 1.0], &d, &options).unwrap_err();
        assert!(matches!(error, Error::Convergence { steps: 1, .. }));
    }

    #[test]
    fn threads_change_no_bit() {
        let n = 30_000_u32;
        let value = |i: u32, m: u32| f64::from((i.wrapping_mul(2_654_435_761) >> 7) % m);
        let x: Vec<f64> = (0..n).map(|i| value(i, 1009)).collect();
        let y: Vec<f64> = (0..n)
            .map(|i| f64::from(u8::from(value(i + 5, 7919) > 4000.0 + x[i as usize])))
            .collect();
        let d = design(&[("x", &x)]);
        let of = |threads| {
            let options = Options { threads, errors: Errors::Robust, ..Options::default() };
            fit(Family::Logit, "y", &y, &d, &options).unwrap()
        };
        assert_eq!(of(1), of(3));
    }
}
