use nalgebra::{DMatrix, DVector};

use crate::Error;
use crate::models::covariance::{Errors, check_clusters};
use crate::models::design::Design;
use crate::models::family::Family;
use crate::models::fit::{Fit, Parts};
use crate::models::glm::{Options, fit};
use crate::models::groups::Groups;
use crate::models::rows::Scaled;

/// How the rows of one panel are taken to depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correlation {
    /// Not at all.
    Independent,
    /// All alike.
    Exchangeable,
    /// Each on the one before (autoregression of order 1).
    Ar1,
}

/// Rows of units over time.
#[derive(Debug, Clone, Copy)]
pub struct Panels<'a> {
    /// The unit of each row.
    pub units: &'a Groups,
    /// The time of each row, in whole numbers.
    pub times: &'a [f64],
    /// Whether gaps in time are passed over: the row before is the one before, however long ago it was. Without this, gaps are an error for
    /// [`Correlation::Ar1`].
    pub force: bool,
}

/// The change of a coefficient, in units of its term's spread, at which steps stop.
const STILL: f64 = 1e-10;

/// Estimates a model of panels by generalized estimating equations.
///
/// # Shape
/// One outcome, unit and time per row.
///
/// # Units
/// As [`fit`](crate::models::fit()).
///
/// # Nulls
/// None. A unit with one row says nothing about correlation, and counts for the coefficients.
///
/// # Errors
/// As [`fit`](crate::models::fit()); two rows of one unit at the same time; gaps in time, unless they are passed over; a correlation that
/// reaches 1. [`Errors::Classical`] gives errors that rest on the correlation being right; all others are robust, with units as clusters.
///
/// # Source
/// Liang & Zeger (1986). The correlation is the mean of the products of neighbouring residuals (of all pairs within units, where it is
/// exchangeable), divided by the mean of their squares; robust errors have the factor G/(G − 1). With these, the table of Oneal & Russett
/// (2001) that Stata's `xtgee` made comes out to its last digit.
pub fn gee(
    family: Family,
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    panels: &Panels<'_>,
    correlation: Correlation,
    options: &Options<'_>,
) -> Result<Fit, Error> {
    let plain = Options { errors: Errors::Classical, ..options.clone() };
    let start = fit(family, outcome, outcomes, design, &plain)?;
    let (design, omitted) = design.independent(options.collinear, options.threads)?;
    let units = units(panels, design.rows, correlation)?;
    let scaled = Scaled::of(&design, 1);
    let work = Work { family, outcomes, scaled: &scaled, units: &units, correlation };
    let mut at = work.scaled_from(&start);
    let (mut steps, mut change) = (0, f64::INFINITY);
    let mut alpha = 0.0;
    while change > STILL {
        if steps >= options.steps {
            let hint = "try another working correlation, or terms of more similar size";
            return Err(Error::Convergence { model: "gee", steps, change, hint });
        }
        steps += 1;
        alpha = work.alpha(&at)?;
        let sums = work.sums(&at, alpha);
        let step = sums.cholesky()?.solve(&sums.score);
        change = step.amax();
        at += step;
    }
    let sums = work.sums(&at, alpha);
    let inverse = sums.cholesky()?.inverse();
    let covariance = if matches!(options.errors, Errors::Classical) {
        inverse * work.scale(&at)
    } else {
        check_clusters(panels.units, design.rows)?;
        let factor = Errors::Cluster(panels.units).factor(design.rows, design.terms(), false);
        &inverse * &sums.meat * &inverse * factor
    };
    let back = scaled.back();
    let mut made = Fit::of(Parts {
        model: "gee",
        names: design.labels(),
        coefficients: scaled.unscaled(at.as_slice()),
        covariance: &back * covariance * back.transpose(),
        rows: design.rows,
        df: None,
        steps,
        fitted: (0..design.rows).map(|row| family.mean(work.eta(&at, row))).collect(),
    });
    made.clusters = Some(panels.units.count);
    made.correlation = Some(alpha);
    made.omitted = omitted;
    Ok(made)
}

/// The rows of each unit in the order of time.
fn units(
    panels: &Panels<'_>,
    rows: usize,
    correlation: Correlation,
) -> Result<Vec<Vec<usize>>, Error> {
    let Panels { units, times, force } = panels;
    for (what, got) in [("the units", units.of.len()), ("the times", times.len())] {
        if got != rows {
            return Err(Error::Shape { what, got, wanted: rows });
        }
    }
    let mut sorted = units.rows();
    for of_unit in &mut sorted {
        of_unit.sort_by(|a, b| times[*a].total_cmp(&times[*b]));
        for pair in of_unit.windows(2) {
            let (row, value) = (pair[1], times[pair[1]]);
            let since = value - times[pair[0]];
            let what = format!("the time of {}", units.name);
            if since == 0.0 {
                let wanted = "each unit has one row at a time";
                return Err(Error::Value { what, row, value, wanted });
            }
            if !force && correlation == Correlation::Ar1 && since != 1.0 {
                let wanted = "it does not follow the time before: pass over gaps, or take another correlation";
                return Err(Error::Value { what, row, value, wanted });
            }
        }
    }
    Ok(sorted)
}

struct Work<'a> {
    family: Family,
    outcomes: &'a [f64],
    scaled: &'a Scaled<'a>,
    units: &'a [Vec<usize>],
    correlation: Correlation,
}

struct Sums {
    information: DMatrix<f64>,
    score: DVector<f64>,
    /// The cross products of the units' scores.
    meat: DMatrix<f64>,
}

impl Sums {
    fn cholesky(&self) -> Result<nalgebra::Cholesky<f64, nalgebra::Dyn>, Error> {
        self.information.clone().cholesky().ok_or_else(|| Error::Unidentified {
            model: "gee",
            reason: "its terms are collinear where the model has weight".to_owned(),
        })
    }
}

impl Work<'_> {
    /// The scaled coefficients of a fit.
    fn scaled_from(&self, fit: &Fit) -> DVector<f64> {
        let k = self.scaled.terms();
        let mut at = DVector::from_iterator(k, fit.terms.iter().map(|t| t.coefficient));
        for (i, scale) in self.scaled.scales.iter().enumerate() {
            if self.scaled.design.constant {
                at[k - 1] += at[i] * self.scaled.means[i];
            }
            at[i] /= scale;
        }
        at
    }

    fn term(&self, row: usize, at: usize) -> f64 {
        match self.scaled.design.columns.get(at) {
            Some(column) => (column[row] - self.scaled.means[at]) * self.scaled.scales[at],
            None => 1.0,
        }
    }

    fn eta(&self, at: &DVector<f64>, row: usize) -> f64 {
        at.iter().enumerate().map(|(i, b)| b * self.term(row, i)).sum()
    }

    /// The residual of a row in units of its deviation, and the derivative of its mean in the same.
    fn residual(&self, at: &DVector<f64>, row: usize) -> (f64, f64) {
        let eta = self.eta(at, row);
        let mean = self.family.mean(eta);
        let (slope, variance) = match self.family {
            Family::Logit => (mean * (1.0 - mean), mean * (1.0 - mean)),
            Family::Probit => (crate::models::distributions::normal_pdf(eta), mean * (1.0 - mean)),
            Family::Poisson => (mean, mean),
            Family::Gaussian => (1.0, 1.0),
        };
        let deviation = variance.max(1e-300).sqrt();
        ((self.outcomes[row] - mean) / deviation, slope / deviation)
    }

    /// The correlation that the residuals show.
    fn alpha(&self, at: &DVector<f64>) -> Result<f64, Error> {
        if self.correlation == Correlation::Independent {
            return Ok(0.0);
        }
        let (mut products, mut pairs, mut squares) = (0.0, 0.0, 0.0);
        for rows in self.units {
            let n = rows.len() as f64;
            let r: Vec<f64> = rows.iter().map(|row| self.residual(at, *row).0).collect();
            let square: f64 = r.iter().map(|r| r * r).sum();
            squares += square;
            if self.correlation == Correlation::Ar1 {
                products += r.windows(2).map(|w| w[0] * w[1]).sum::<f64>();
                pairs += n - 1.0;
            } else {
                let sum: f64 = r.iter().sum();
                products += sum * sum - square;
                pairs += n * (n - 1.0);
            }
        }
        if pairs == 0.0 {
            return Ok(0.0);
        }
        let alpha = (products / pairs) / (squares / self.outcomes.len() as f64);
        if alpha.is_finite() && alpha.abs() < 1.0 {
            return Ok(alpha);
        }
        Err(Error::Argument {
            what: "the correlation within units",
            value: alpha,
            wanted: "it must be below 1 for the equations to have a solution",
        })
    }

    /// The mean square of residuals, for families that have a scale of their own.
    fn scale(&self, at: &DVector<f64>) -> f64 {
        if self.family != Family::Gaussian {
            return 1.0;
        }
        let rows = self.outcomes.len();
        (0..rows).map(|row| self.residual(at, row).0.powi(2)).sum::<f64>() / rows as f64
    }

    fn sums(&self, at: &DVector<f64>, alpha: f64) -> Sums {
        let k = at.len();
        let mut information: DMatrix<f64> = DMatrix::zeros(k, k);
        let mut meat: DMatrix<f64> = DMatrix::zeros(k, k);
        let mut total: DVector<f64> = DVector::zeros(k);
        for rows in self.units {
            let n = rows.len();
            let mut slopes: DMatrix<f64> = DMatrix::zeros(k, n);
            let mut residuals: DVector<f64> = DVector::zeros(n);
            for (i, row) in rows.iter().enumerate() {
                let (residual, slope) = self.residual(at, *row);
                residuals[i] = residual;
                for (j, to) in slopes.column_mut(i).iter_mut().enumerate() {
                    *to = slope * self.term(*row, j);
                }
            }
            let weighted = self.weighted(&slopes, alpha);
            information += &weighted * slopes.transpose();
            let score = weighted * residuals;
            meat += &score * score.transpose();
            total += score;
        }
        Sums { information, score: total, meat }
    }

    /// The columns of a unit (one for each of its rows) times the inverse of its correlations.
    fn weighted(&self, slopes: &DMatrix<f64>, alpha: f64) -> DMatrix<f64> {
        let n = slopes.ncols();
        let mut made = slopes.clone();
        match self.correlation {
            Correlation::Exchangeable => {
                let share = alpha / (1.0 + (n as f64 - 1.0) * alpha);
                let sum = slopes.column_sum() * share;
                for mut column in made.column_iter_mut() {
                    column -= &sum;
                }
                made /= 1.0 - alpha;
            }
            Correlation::Ar1 if n > 1 => {
                for i in 0..n {
                    let inner = i > 0 && i + 1 < n;
                    let mut column = made.column_mut(i);
                    column *= if inner { 1.0 + alpha * alpha } else { 1.0 };
                    if i > 0 {
                        column.axpy(-alpha, &slopes.column(i - 1), 1.0);
                    }
                    if i + 1 < n {
                        column.axpy(-alpha, &slopes.column(i + 1), 1.0);
                    }
                }
                made /= 1.0 - alpha * alpha;
            }
            Correlation::Independent | Correlation::Ar1 => {}
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (Vec<f64>, Design, Groups, Vec<f64>) {
        let n = 240_usize;
        let x: Vec<f64> = (0..n).map(|i| ((i * 7919 + i * i) % 101) as f64 / 50.0).collect();
        let y = (0..n).map(|i| f64::from(u8::from((i * 53 + i / 5 * 31) % 97 > 60))).collect();
        let units = Groups::of_keys("unit", &(0..n).map(|i| i / 8).collect::<Vec<_>>());
        let times = (0..n).map(|i| 1900.0 + (i % 8) as f64).collect();
        (y, Design::new(vec!["x".into()], vec![x], true).unwrap(), units, times)
    }

    fn of(kind: Correlation, times: &[f64], force: bool, errors: Errors<'_>) -> Result<Fit, Error> {
        let (y, design, units, _) = made();
        let panels = Panels { units: &units, times, force };
        let options = Options { errors, threads: 1, ..Options::default() };
        gee(Family::Logit, "y", &y, &design, &panels, kind, &options)
    }

    #[test]
    fn independence_is_the_plain_model() {
        let (y, design, units, times) = made();
        let gee = of(Correlation::Independent, &times, false, Errors::Robust).unwrap();
        let options = Options { errors: Errors::Cluster(&units), threads: 1, ..Options::default() };
        let plain = fit(Family::Logit, "y", &y, &design, &options).unwrap();
        for (a, b) in gee.terms.iter().zip(&plain.terms) {
            assert!((a.coefficient - b.coefficient).abs() < 1e-9);
            assert!((a.error - b.error).abs() < 1e-9);
        }
    }

    /// The weights are those of the inverse of the correlation matrix.
    #[test]
    fn weights_invert_the_correlations() {
        let (y, design, _, _) = made();
        let scaled = Scaled::of(&design, 1);
        let slopes = DMatrix::from_fn(2, 5, |i, j| (3 * i + j * j) as f64);
        for (correlation, of) in [
            (Correlation::Exchangeable, (|_, _| 0.3) as fn(i32, i32) -> f64),
            (Correlation::Ar1, |i, j| 0.3_f64.powi((i - j).abs())),
        ] {
            let whole =
                DMatrix::from_fn(5, 5, |i, j| if i == j { 1.0 } else { of(i as i32, j as i32) });
            let work = Work {
                family: Family::Logit,
                outcomes: &y,
                scaled: &scaled,
                units: &[],
                correlation,
            };
            let back = work.weighted(&slopes, 0.3) * whole;
            assert!((back - &slopes).amax() < 1e-12);
        }
    }

    #[test]
    fn gaps_and_doubled_times_are_refused() {
        let (_, _, _, mut times) = made();
        times[7] += 1.0;
        let error = of(Correlation::Ar1, &times, false, Errors::Robust).unwrap_err();
        assert!(matches!(error, Error::Value { row: 7, .. }), "{error}");
        assert!(of(Correlation::Ar1, &times, true, Errors::Robust).is_ok());
        assert!(of(Correlation::Exchangeable, &times, false, Errors::Classical).is_ok());
        times[7] = times[3];
        let error = of(Correlation::Ar1, &times, true, Errors::Robust).unwrap_err();
        assert!(matches!(error, Error::Value { .. }), "{error}");
    }
}
