use nalgebra::{DMatrix, DVector};

use crate::Error;
use crate::models::absorb::{Absorber, Columns, degrees};
use crate::models::covariance::{Errors, check_clusters};
use crate::models::design::{Collinear, Design, Omitted, dependent};
use crate::models::family::Family;
use crate::models::fit::{Fit, Parts};
use crate::models::glm::{Options, check_range};
use crate::models::groups::Groups;
use crate::models::rows::symmetric;

/// What follows from fixed effects.
const EFFECTS: &str = "the fixed effects";
/// How exact effects are taken out at the end.
const EXACT: f64 = 1e-11;
/// The change of the deviance, relative to itself, at which steps stop.
const CHANGE: f64 = 1e-8;
/// How exact effects must be taken out in the last step.
const CLOSE: f64 = 1e-9;
/// A row whose sum still falls by so much when all else is at rest is separated.
const FALLS: f64 = 0.05;

/// Estimates a model with fixed effects that are absorbed: least squares ([`Family::Gaussian`]) or Poisson pseudo-maximum likelihood
/// ([`Family::Poisson`], the gravity model of Santos Silva & Tenreyro).
///
/// # Shape
/// One outcome per row of the design; each set of fixed effects has a group for every row. The design has no constant of its own.
///
/// # Units
/// Outcomes of the Poisson model are amounts that are not negative; they need not be whole.
///
/// # Nulls
/// None. In the Poisson model rows that are separated (their outcome is zero, and fixed effects and terms predict that without fail) say
/// nothing about the coefficients. They are left out, counted in [`Fit::separated`], and their fitted value is zero.
///
/// # Errors
/// As [`fit`](crate::models::fit()); terms that follow from the fixed effects; a term that only separated rows identify.
///
/// # Source
/// Santos Silva & Tenreyro (2006); Correia, Guimarães & Zylkin (2019, 2020): separation, and taking effects out within the steps of
/// reweighted least squares. Small samples: as Stata's for least squares with dummies, and G/(G − 1) for Poisson.
pub fn fit_absorbed(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    effects: &[Groups],
    options: &Options<'_>,
) -> Result<Fit, Error> {
    check(family, outcome, outcomes, design, effects)?;
    if let Errors::Cluster(groups) = options.errors {
        check_clusters(groups, design.rows)?;
    }
    if family == Family::Gaussian {
        let all: Vec<usize> = (0..design.rows).collect();
        let work = Work::new(outcomes, design, effects, &all, options)?;
        return work.least_squares(outcome, options);
    }
    let mut rows: Vec<usize> = (0..design.rows).collect();
    without_zero_groups(outcomes, effects, &mut rows);
    if rows.is_empty() {
        let outcome = outcome.to_owned();
        return Err(Error::Constant { outcome, value: 0.0, rows: design.rows });
    }
    let mut first = true;
    loop {
        let mut work = match Work::new(outcomes, design, effects, &rows, options) {
            // Only rows that are gone told this term from the others.
            Err(Error::Collinear { term, .. }) if !first => {
                let (outcome, rows) = (outcome.to_owned(), design.rows - rows.len());
                return Err(Error::Separation { term, outcome, rows });
            }
            made => made?,
        };
        let falling = work.climb(options.steps)?;
        if falling.is_empty() {
            return work.poisson(design.rows, &rows);
        }
        first = false;
        let mut falls = falling.iter().peekable();
        let mut at = 0;
        rows.retain(|_| {
            let gone = falls.next_if(|f| **f == at).is_some();
            at += 1;
            !gone
        });
        without_zero_groups(outcomes, effects, &mut rows);
    }
}

fn check(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    effects: &[Groups],
) -> Result<(), Error> {
    if outcomes.is_empty() || design.rows == 0 {
        return Err(Error::Empty { what: "a model with fixed effects" });
    }
    let lengths = effects.iter().map(|e| ("the fixed effects", e.of.len()));
    for (what, got) in lengths.chain([("the outcome", outcomes.len())]) {
        if got != design.rows {
            return Err(Error::Shape { what, got, wanted: design.rows });
        }
    }
    if family.is_binary() || effects.is_empty() {
        return Err(Error::Unidentified {
            model: family.name(),
            reason: "fixed effects are absorbed by `ols` and `ppml` only; `clogit` takes those of one set out of a logit".to_owned(),
        });
    }
    if design.columns.is_empty() {
        let reason = "it has no terms besides the fixed effects".to_owned();
        return Err(Error::Unidentified { model: family.name(), reason });
    }
    check_range(family, outcome, outcomes)
}

/// Leaves out the rows of groups that have no outcome but zero, until each group has another.
fn without_zero_groups(outcomes: &[f64], effects: &[Groups], rows: &mut Vec<usize>) {
    loop {
        let before = rows.len();
        for set in effects {
            let mut some = vec![false; set.count];
            for row in rows.iter() {
                some[set.of[*row] as usize] |= outcomes[*row] > 0.0;
            }
            rows.retain(|row| some[set.of[*row] as usize]);
        }
        if rows.len() == before {
            return;
        }
    }
}

/// The rows of a model with their fixed effects, in the middle of being fitted.
struct Work<'a> {
    names: Vec<String>,
    omitted: Vec<Omitted>,
    outcomes: Vec<f64>,
    /// The terms, scaled; the last column is what is regressed on them.
    columns: Columns,
    scales: Vec<f64>,
    absorber: Absorber,
    degrees: usize,
    /// The effects on each column.
    effects: Vec<f64>,
    eta: Vec<f64>,
    weights: Vec<f64>,
    clusters: Option<Groups>,
    options: &'a Options<'a>,
    steps: usize,
}

impl<'a> Work<'a> {
    fn new(
        outcomes: &[f64],
        design: &Design,
        effects: &[Groups],
        rows: &[usize],
        options: &'a Options<'a>,
    ) -> Result<Self, Error> {
        let effects: Vec<Groups> = effects.iter().map(|e| e.at(rows)).collect();
        let absorber = Absorber::new(&effects, options.threads);
        let terms = design.columns.len();
        let mut columns = Columns::new(rows.len(), terms + 1);
        let mut scales = Vec::new();
        for (at, column) in design.columns.iter().enumerate() {
            let n = rows.len() as f64;
            let mean = rows.iter().map(|r| column[*r]).sum::<f64>() / n;
            let square: f64 = rows.iter().map(|r| (column[*r] - mean).powi(2)).sum();
            let spread = (square / n).sqrt();
            let scale = if spread > 1e-13 * mean.abs() { 1.0 / spread } else { 0.0 };
            columns.set(at, rows.iter().map(|r| (column[*r] - mean) * scale));
            scales.push(scale);
        }
        let clusters = match options.errors {
            Errors::Cluster(groups) => Some(groups.at(rows)),
            _ => None,
        };
        let outcomes: Vec<f64> = rows.iter().map(|r| outcomes[*r]).collect();
        let mut work = Self {
            names: design.names.clone(),
            omitted: Vec::new(),
            effects: vec![0.0; absorber.count * columns.stride],
            eta: Vec::new(),
            weights: vec![1.0; rows.len()],
            degrees: degrees(&effects),
            outcomes,
            columns,
            scales,
            absorber,
            clusters,
            options,
            steps: 0,
        };
        work.begin();
        work.leave_out_dependent()?;
        let terms = work.names.len() + work.degrees;
        if rows.len() <= terms {
            return Err(Error::TooFewRows {
                model: "a model with fixed effects",
                rows: rows.len(),
                terms,
            });
        }
        Ok(work)
    }

    /// The first weights and sums of the Poisson model.
    fn begin(&mut self) {
        if matches!(self.outcomes.iter().copied().fold(f64::INFINITY, f64::min), m if m < 0.0) {
            return;
        }
        let mean = self.outcomes.iter().sum::<f64>() / self.outcomes.len() as f64;
        self.eta = self.outcomes.iter().map(|y| (0.5 * (y + mean)).ln()).collect();
    }

    /// Leaves out the terms that follow from the fixed effects and the terms before.
    fn leave_out_dependent(&mut self) -> Result<(), Error> {
        self.absorber.solve(&self.weights, &self.columns, &mut self.effects, CLOSE)?;
        let k = self.names.len();
        let cross = self.cross() / self.outcomes.len() as f64;
        // The scaled columns have a variance of one: what is left of those that the effects explain is rounding.
        let mut cleared = cross.view((0, 0), (k, k)).clone_owned();
        for at in 0..k {
            if cleared[(at, at)] < 1e-12 {
                cleared.row_mut(at).fill(0.0);
                cleared.column_mut(at).fill(0.0);
            }
        }
        let found = dependent(&cleared, k);
        self.omitted = found
            .iter()
            .map(|(at, with)| {
                let mut with: Vec<String> = with.iter().map(|i| self.names[*i].clone()).collect();
                if with.is_empty() {
                    with.push(EFFECTS.to_owned());
                }
                Omitted { term: self.names[*at].clone(), with }
            })
            .collect();
        let Some(first) = self.omitted.first() else {
            return Ok(());
        };
        if self.options.collinear == Collinear::Refuse {
            return Err(Error::Collinear { term: first.term.clone(), with: first.with.clone() });
        }
        let keep: Vec<usize> =
            (0..k).filter(|at| found.iter().all(|(gone, _)| gone != at)).collect();
        if keep.is_empty() {
            let reason = "all terms follow from the fixed effects".to_owned();
            return Err(Error::Unidentified { model: "the model", reason });
        }
        let rows = self.outcomes.len();
        let mut columns = Columns::new(rows, keep.len() + 1);
        for (to, from) in keep.iter().enumerate() {
            let old = &self.columns;
            columns.set(to, (0..rows).map(|row| old.row(row)[*from]));
        }
        self.effects = vec![0.0; self.absorber.count * columns.stride];
        self.columns = columns;
        self.names = keep.iter().map(|at| self.names[*at].clone()).collect();
        self.scales = keep.iter().map(|at| self.scales[*at]).collect();
        Ok(())
    }

    /// The weighted cross products of what is left of all columns.
    fn cross(&self) -> DMatrix<f64> {
        let k = self.columns.count;
        let upper = self.absorber.reduce(k * k, |row, sums| {
            let mut rest = [0.0; 64];
            let mut long;
            let rest: &mut [f64] = if self.columns.stride <= rest.len() {
                &mut rest[..self.columns.stride]
            } else {
                long = vec![0.0; self.columns.stride];
                &mut long
            };
            self.absorber.partialled(row, &self.columns, &self.effects, rest);
            for i in 0..k {
                let weighted = self.weights[row] * rest[i];
                for (sum, x) in sums[i * k + i..(i + 1) * k].iter_mut().zip(&rest[i..k]) {
                    *sum += weighted * x;
                }
            }
        });
        symmetric(&upper, k)
    }

    /// The coefficients of the scaled terms for what stands in the last column, and the inverse of their cross products.
    fn regress(&self) -> Result<(DVector<f64>, DMatrix<f64>), Error> {
        let k = self.names.len();
        let cross = self.cross();
        let square = cross.view((0, 0), (k, k)).clone_owned();
        let with = DVector::from_fn(k, |i, _| cross[(i, k)]);
        let singular = || Error::Unidentified {
            model: "the model",
            reason: "its terms are collinear where it has weight".to_owned(),
        };
        let cholesky = square.cholesky().ok_or_else(singular)?;
        Ok((cholesky.solve(&with), cholesky.inverse()))
    }

    /// What coefficients and effects leave of the last column, row by row.
    fn residuals(&self, coefficients: &DVector<f64>) -> Vec<f64> {
        let k = self.names.len();
        let mut rest = vec![0.0; self.columns.stride];
        let each = |row| {
            self.absorber.partialled(row, &self.columns, &self.effects, &mut rest);
            let explained: f64 = coefficients.iter().zip(&rest).map(|(b, x)| b * x).sum();
            rest[k] - explained
        };
        (0..self.outcomes.len()).map(each).collect()
    }

    fn deviance(&self, eta: &[f64]) -> f64 {
        let of = |(eta, y): (&f64, &f64)| {
            let mean = eta.exp();
            let log = if *y > 0.0 { y * (y.ln() - eta) } else { 0.0 };
            2.0 * (log - (y - mean))
        };
        eta.iter().zip(&self.outcomes).map(of).sum()
    }

    /// Steps of reweighted least squares. Gives the rows that are separated: when all else is at rest, their sums still fall.
    fn climb(&mut self, most: usize) -> Result<Vec<usize>, Error> {
        let k = self.names.len();
        let total: f64 = self.outcomes.iter().sum();
        let mut deviance = f64::INFINITY;
        let mut tolerance: f64 = 1e-4;
        let mut change = f64::INFINITY;
        let mut last: Option<Vec<f64>> = None;
        for step in 1..=most {
            self.steps = step;
            for (weight, eta) in self.weights.iter_mut().zip(&self.eta) {
                *weight = eta.exp();
            }
            let each = self.eta.iter().zip(&self.outcomes).zip(&self.weights);
            let working: Vec<f64> = each
                .map(|((eta, y), w)| if *y > 0.0 { eta + (y - w) / w } else { eta - 1.0 })
                .collect();
            self.columns.set(k, working.iter().copied());
            self.absorber.solve(&self.weights, &self.columns, &mut self.effects, tolerance)?;
            let coefficients = match (self.regress(), &last) {
                (Ok((coefficients, _)), _) => coefficients,
                // Where separated rows have lost all weight, nothing is left to tell their terms.
                (Err(error), Some(last)) => {
                    let falling = self.falling(last);
                    return if falling.is_empty() { Err(error) } else { Ok(falling) };
                }
                (Err(error), None) => return Err(error),
            };
            let residuals = self.residuals(&coefficients);
            let mut next: Vec<f64> = working.iter().zip(residuals).map(|(z, r)| z - r).collect();
            let mut reached = self.deviance(&next);
            let mut halved = 0;
            let enough = deviance * 1.000_001 + 1e-12 * total;
            while (reached.is_nan() || reached > enough) && halved < 40 {
                for (next, eta) in next.iter_mut().zip(&self.eta) {
                    *next = 0.5 * (*next + eta);
                }
                reached = self.deviance(&next);
                halved += 1;
            }
            change = (deviance - reached).abs() / reached.max(1e-3 * total);
            deviance = reached;
            let before = std::mem::replace(&mut self.eta, next);
            if change < CHANGE && tolerance <= CLOSE {
                return Ok(self.falling(&before));
            }
            last = Some(before);
            tolerance = (change * 1e-3).clamp(EXACT, tolerance);
        }
        let hint = "look for terms of very different size, or fixed effects of very few rows";
        Err(Error::Convergence { model: "ppml", steps: most, change, hint })
    }

    /// The rows whose sums fall while those of positive outcomes are at rest: the direction of the last step separates them.
    fn falling(&self, last: &[f64]) -> Vec<usize> {
        let rows = 0..self.outcomes.len();
        let moves = |row: usize| (last[row] - self.eta[row]).abs() > 1e-3;
        if rows.clone().any(|row| self.outcomes[row] > 0.0 && moves(row)) {
            return Vec::new();
        }
        rows.filter(|row| self.outcomes[*row] == 0.0 && last[*row] - self.eta[*row] > FALLS)
            .collect()
    }

    /// The spread of the scores of rows, or of their sums by cluster.
    fn meat(&self, scores: &[f64]) -> DMatrix<f64> {
        let k = self.names.len();
        let mut rest = vec![0.0; self.columns.stride];
        let groups = self.clusters.as_ref();
        let mut sums: DMatrix<f64> = DMatrix::zeros(k, groups.map_or(1, |g| g.count));
        let mut meat: DMatrix<f64> = DMatrix::zeros(k, k);
        for (row, score) in scores.iter().enumerate() {
            self.absorber.partialled(row, &self.columns, &self.effects, &mut rest);
            match groups {
                Some(groups) => {
                    let mut sum = sums.column_mut(groups.of[row] as usize);
                    sum.iter_mut().zip(&rest).for_each(|(sum, x)| *sum += score * x);
                }
                None => {
                    for i in 0..k {
                        for j in 0..k {
                            meat[(i, j)] += score * score * rest[i] * rest[j];
                        }
                    }
                }
            }
        }
        if groups.is_some() { &sums * sums.transpose() } else { meat }
    }

    fn covariance(
        &self,
        inverse: DMatrix<f64>,
        scores: &[f64],
        least_squares: bool,
    ) -> Result<DMatrix<f64>, Error> {
        let absorbed = if self.options.count_absorbed { self.degrees } else { 0 };
        let (n, k) = (self.outcomes.len(), self.names.len() + absorbed);
        let errors = match &self.clusters {
            Some(groups) => {
                check_clusters(groups, n)?;
                Errors::Cluster(groups)
            }
            None => self.options.errors,
        };
        let made = match errors {
            Errors::Classical if least_squares => {
                let squares: f64 = scores.iter().map(|s| s * s).sum();
                inverse * (squares / (n - k) as f64)
            }
            Errors::Classical => inverse,
            _ => &inverse * self.meat(scores) * &inverse * errors.factor(n, k, least_squares),
        };
        Ok(DMatrix::from_fn(made.nrows(), made.ncols(), |i, j| {
            made[(i, j)] * self.scales[i] * self.scales[j]
        }))
    }

    fn made(
        mut self,
        model: &'static str,
        coefficients: &DVector<f64>,
        covariance: DMatrix<f64>,
        fitted: Vec<f64>,
        df: Option<f64>,
    ) -> Fit {
        let unscaled = coefficients.iter().zip(&self.scales).map(|(b, s)| b * s).collect();
        let mut fit = Fit::of(Parts {
            model,
            names: std::mem::take(&mut self.names),
            coefficients: unscaled,
            covariance,
            rows: self.outcomes.len(),
            df,
            steps: self.steps,
            fitted,
        });
        fit.clusters = self.clusters.map(|c| c.count);
        fit.omitted = self.omitted;
        fit.absorbed = Some(self.degrees);
        fit
    }

    fn least_squares(mut self, outcome: &str, options: &Options<'_>) -> Result<Fit, Error> {
        let k = self.names.len();
        let n = self.outcomes.len() as f64;
        let mean = self.outcomes.iter().sum::<f64>() / n;
        let centred: Vec<f64> = self.outcomes.iter().map(|y| y - mean).collect();
        let all: f64 = centred.iter().map(|y| y * y).sum();
        if all == 0.0 {
            let (outcome, rows) = (outcome.to_owned(), self.outcomes.len());
            return Err(Error::Constant { outcome, value: mean, rows });
        }
        self.columns.set(k, centred.into_iter());
        self.absorber.solve(&self.weights, &self.columns, &mut self.effects, EXACT)?;
        let (coefficients, inverse) = self.regress()?;
        let residuals = self.residuals(&coefficients);
        let fitted = self.outcomes.iter().zip(&residuals).map(|(y, r)| y - r).collect();
        let covariance = self.covariance(inverse, &residuals, true)?;
        let df = n - (k + self.degrees) as f64;
        let df = options.errors.df(Some(df));
        let squares: f64 = residuals.iter().map(|r| r * r).sum();
        let mut fit = self.made("ols", &coefficients, covariance, fitted, df);
        fit.r_squared = Some(1.0 - squares / all);
        let likelihood = |s: f64| -0.5 * n * ((2.0 * std::f64::consts::PI * s / n).ln() + 1.0);
        fit.log_likelihood = (squares > 0.0).then(|| likelihood(squares));
        fit.null_log_likelihood = Some(likelihood(all));
        Ok(fit)
    }

    /// The result after the climb.
    fn poisson(mut self, all: usize, rows: &[usize]) -> Result<Fit, Error> {
        let k = self.names.len();
        for (weight, eta) in self.weights.iter_mut().zip(&self.eta) {
            *weight = eta.exp();
        }
        let means = self.weights.clone();
        self.columns.set(k, self.eta.clone().into_iter());
        self.absorber.solve(&self.weights, &self.columns, &mut self.effects, EXACT)?;
        let (coefficients, inverse) = self.regress()?;
        let scores: Vec<f64> = self.outcomes.iter().zip(&means).map(|(y, m)| y - m).collect();
        let covariance = self.covariance(inverse, &scores, false)?;
        let fixed = Family::Poisson.fixed_part(&self.outcomes);
        let likelihood: f64 = self
            .outcomes
            .iter()
            .zip(&self.eta)
            .zip(&means)
            .map(|((y, eta), mean)| y * eta - mean)
            .sum();
        let total: f64 = self.outcomes.iter().sum();
        let mean = total / self.outcomes.len() as f64;
        let mut fitted = vec![0.0; all];
        rows.iter().zip(&means).for_each(|(row, mean)| fitted[*row] = *mean);
        let mut fit = self.made("ppml", &coefficients, covariance, fitted, None);
        fit.log_likelihood = Some(likelihood + fixed);
        fit.null_log_likelihood = Some(total * mean.ln() - total + fixed);
        let mut kept = rows.iter().peekable();
        fit.separated = (0..all).filter(|row| kept.next_if_eq(&row).is_none()).collect();
        Ok(fit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::glm::fit;

    /// 300 rows with an outcome, two terms and two sets of groups, as numbers and as indicators.
    fn made() -> (Vec<f64>, Vec<Vec<f64>>, Vec<Groups>) {
        let n = 300_usize;
        let value = |i: usize, m: usize| ((i * 7919 + i * i * 31) % m) as f64;
        let x = vec![
            (0..n).map(|i| value(i, 101) / 50.0).collect(),
            (0..n).map(|i| value(i + 3, 17)).collect::<Vec<f64>>(),
        ];
        let y = (0..n).map(|i| value(i, 23) + f64::from(u8::from(i % 3 == 0)) * x[0][i]).collect();
        let of =
            |f: &dyn Fn(usize) -> usize| Groups::of_keys("g", &(0..n).map(f).collect::<Vec<_>>());
        (y, x, vec![of(&|i| i % 7), of(&|i| (i / 7) % 5)])
    }

    fn names(k: usize) -> Vec<String> {
        (0..k).map(|i| format!("x{i}")).collect()
    }

    /// Absorbed effects give what indicators give.
    #[test]
    fn absorbed_effects_are_indicators() {
        let (y, x, sets) = made();
        let mut columns = x.clone();
        for set in &sets {
            for group in 1..set.count as u32 {
                columns.push(set.of.iter().map(|g| f64::from(u8::from(*g == group))).collect());
            }
        }
        let dense = Design::new(names(columns.len()), columns, true).unwrap();
        let terms = Design::new(names(2), x, false).unwrap();
        let clusters = Groups::of_keys("c", &(0..300).map(|i| i / 6).collect::<Vec<_>>());
        for family in [Family::Gaussian, Family::Poisson] {
            for errors in [Errors::Classical, Errors::Robust, Errors::Cluster(&clusters)] {
                let options = Options { errors, threads: 1, ..Options::default() };
                let whole = fit(family, "y", &y, &dense, &options).unwrap();
                let some = fit_absorbed(family, "y", &y, &terms, &sets, &options).unwrap();
                assert_eq!(some.absorbed, Some(7 + 5 - 1));
                for (a, b) in some.terms.iter().zip(&whole.terms) {
                    assert!((a.coefficient - b.coefficient).abs() < 1e-8, "{a:?} {b:?}");
                    assert!((a.error / b.error - 1.0).abs() < 1e-6, "{a:?} {b:?}");
                }
                let both = (some.log_likelihood.unwrap(), whole.log_likelihood.unwrap());
                assert!((both.0 - both.1).abs() < 1e-6, "{both:?}");
                assert!((some.fitted[17] - whole.fitted[17]).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn bad_input_is_refused() {
        let (y, x, sets) = made();
        let options = Options { threads: 1, ..Options::default() };
        let of = |family, y: &[f64], columns: Vec<Vec<f64>>, sets: &[Groups]| {
            let design = Design::new(names(columns.len()), columns, false).unwrap();
            fit_absorbed(family, "trade", y, &design, sets, &options).unwrap_err()
        };
        let mut negative = y.clone();
        negative[5] = -1.0;
        let error = of(Family::Poisson, &negative, x.clone(), &sets);
        assert!(matches!(error, Error::Value { row: 5, .. }), "{error}");
        // A term of the groups alone.
        let size: Vec<f64> = sets[0].of.iter().map(|g| f64::from(*g) * 2.0).collect();
        let error = of(Family::Poisson, &y, vec![x[0].clone(), size.clone()], &sets);
        let with = vec!["the fixed effects".to_owned()];
        assert_eq!(error, Error::Collinear { term: "x1".into(), with });
        let twice = x[0].iter().zip(&size).map(|(x, s)| x + s).collect();
        let error = of(Family::Gaussian, &y, vec![x[0].clone(), twice], &sets);
        assert_eq!(error, Error::Collinear { term: "x1".into(), with: vec!["x0".into()] });
        let error = of(Family::Poisson, &[0.0; 300], x.clone(), &sets);
        assert!(matches!(error, Error::Constant { .. }), "{error}");
        let own: Vec<usize> = (0..300).collect();
        let error = of(Family::Poisson, &y, x.clone(), &[Groups::of_keys("row", &own)]);
        assert!(matches!(error, Error::Collinear { .. }), "{error}");
        let error = of(Family::Logit, &y, x, &sets);
        assert!(matches!(error, Error::Unidentified { .. }), "{error}");
    }
}
