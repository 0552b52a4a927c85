use nalgebra::{DMatrix, DVector};

use crate::Error;
use crate::models::covariance::Errors;
use crate::models::design::Design;
use crate::models::family::Family;
use crate::models::fit::{Fit, Parts};
use crate::models::glm::{Options, check_range};
use crate::models::groups::Groups;
use crate::models::rows::Scaled;

/// Twice the log likelihood that the last step may still promise.
const PROMISE: f64 = 1e-12;

/// Estimates a logit with an effect of each group, which is taken out by conditioning on how many positive outcomes the group has
/// (fixed-effects logit). The likelihood is exact, with any number of positive outcomes.
///
/// # Shape
/// One outcome (0 or 1) and group per row. [`Fit::fitted`] has for each row the probability that it is the one, if one row of its group were
/// positive; 0 in groups that are left out.
///
/// # Units
/// Coefficients are log odds.
///
/// # Nulls
/// Groups whose outcomes are all alike say nothing: their rows are not counted, and are listed in [`Fit::separated`].
///
/// # Errors
/// No group with both outcomes, terms that do not vary within groups (collinear with the effects), separation, no convergence. Clusters must
/// hold whole groups.
///
/// # Source
/// Chamberlain (1980); the recursion over numbers of positive outcomes is that of Howard (1972) and Gail, Lubin & Rubinstein (1981).
pub fn conditional_logit(
    outcome: &str,
    outcomes: &[f64],
    design: &Design,
    groups: &Groups,
    options: &Options<'_>,
) -> Result<Fit, Error> {
    if outcomes.is_empty() || design.rows == 0 {
        return Err(Error::Empty { what: "clogit" });
    }
    for (what, got) in [("the outcome", outcomes.len()), ("the groups", groups.of.len())] {
        if got != design.rows {
            return Err(Error::Shape { what, got, wanted: design.rows });
        }
    }
    check_range(Family::Logit, outcome, outcomes)?;
    let (units, gone) = units(outcomes, groups);
    if units.is_empty() {
        let reason = format!("no {} has both outcomes", groups.name);
        return Err(Error::Unidentified { model: "clogit", reason });
    }
    let rows: Vec<usize> = units.iter().flat_map(|u| u.rows.iter().copied()).collect();
    let within = within(design, &units, &rows);
    let (within, mut omitted) = within.independent(options.collinear, 1).map_err(effects)?;
    omitted.iter_mut().for_each(|o| o.with = named(std::mem::take(&mut o.with)));
    if within.columns.is_empty() {
        let reason = "no term varies within groups".to_owned();
        return Err(Error::Unidentified { model: "clogit", reason });
    }
    let scaled = Scaled::of(&within, 1);
    let work = Work { outcome, scaled: &scaled, units: &units };
    let start = DVector::zeros(scaled.terms());
    let null = work.pass(&start).likelihood;
    let (at, pass, steps) = work.climb(start, options.steps)?;
    let inverse = pass.information.clone().cholesky().ok_or_else(singular)?.inverse();
    let covariance = work.covariance(inverse, &pass.scores, options, groups, &rows)?;
    let back = scaled.back();
    let mut fitted = vec![0.0; design.rows];
    let eta = work.eta(&at);
    let mut first = 0;
    for unit in &units {
        let eta = &eta[first..first + unit.rows.len()];
        first += unit.rows.len();
        let most = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = eta.iter().map(|e| (e - most).exp()).sum();
        unit.rows.iter().zip(eta).for_each(|(row, e)| fitted[*row] = (e - most).exp() / sum);
    }
    let mut fit = Fit::of(Parts {
        model: "clogit",
        names: within.labels(),
        coefficients: scaled.unscaled(at.as_slice()),
        covariance: &back * covariance * back.transpose(),
        rows: rows.len(),
        df: None,
        steps,
        fitted,
    });
    fit.log_likelihood = Some(pass.likelihood);
    fit.null_log_likelihood = Some(null);
    fit.clusters = options.errors.clusters();
    fit.absorbed = Some(units.len());
    fit.omitted = omitted;
    fit.separated = gone;
    Ok(fit)
}

fn singular() -> Error {
    let reason = "its terms are collinear within groups".to_owned();
    Error::Unidentified { model: "clogit", reason }
}

/// Terms that follow from nothing within groups follow from the groups.
fn named(with: Vec<String>) -> Vec<String> {
    if with == ["zero"] { vec!["the effects of groups".to_owned()] } else { with }
}

fn effects(error: Error) -> Error {
    match error {
        Error::Collinear { term, with } => Error::Collinear { term, with: named(with) },
        other => other,
    }
}

/// The rows of a group, those with a positive outcome first.
struct Unit {
    rows: Vec<usize>,
    positive: usize,
}

/// The groups that have both outcomes, and the rows of the others.
fn units(outcomes: &[f64], groups: &Groups) -> (Vec<Unit>, Vec<usize>) {
    let (mut units, mut gone) = (Vec::new(), Vec::new());
    for rows in groups.rows() {
        let (mut sorted, rest): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|row| outcomes[*row] == 1.0);
        let positive = sorted.len();
        if positive == 0 || rest.is_empty() {
            gone.extend(sorted.into_iter().chain(rest));
            continue;
        }
        sorted.extend(rest);
        units.push(Unit { rows: sorted, positive });
    }
    gone.sort_unstable();
    (units, gone)
}

/// The terms less their means in each group, group after group.
fn within(design: &Design, units: &[Unit], rows: &[usize]) -> Design {
    let centred = |column: &Vec<f64>| {
        let mut made = Vec::with_capacity(rows.len());
        for unit in units {
            let n = unit.rows.len() as f64;
            let mean = unit.rows.iter().map(|row| column[*row]).sum::<f64>() / n;
            // A term that does not vary is exactly zero.
            let same = unit.rows.iter().all(|row| column[*row] == column[unit.rows[0]]);
            made.extend(unit.rows.iter().map(|r| if same { 0.0 } else { column[*r] - mean }));
        }
        made
    };
    Design {
        names: design.names.clone(),
        columns: design.columns.iter().map(centred).collect(),
        constant: false,
        rows: rows.len(),
    }
}

struct Work<'a> {
    outcome: &'a str,
    scaled: &'a Scaled<'a>,
    units: &'a [Unit],
}

struct Pass {
    likelihood: f64,
    /// The score of each group.
    scores: Vec<DVector<f64>>,
    information: DMatrix<f64>,
}

/// Sums over all ways to choose so many rows: the sum, its first and its second derivatives.
#[derive(Clone)]
struct Chosen {
    sum: f64,
    first: DVector<f64>,
    second: DMatrix<f64>,
}

impl Work<'_> {
    fn eta(&self, at: &DVector<f64>) -> Vec<f64> {
        let mut eta = vec![0.0; self.scaled.design.rows];
        for (i, column) in self.scaled.design.columns.iter().enumerate() {
            let by = at[i] * self.scaled.scales[i];
            eta.iter_mut().zip(column).for_each(|(eta, x)| *eta += by * x);
        }
        eta
    }

    fn row(&self, row: usize) -> DVector<f64> {
        let columns = self.scaled.design.columns.iter().zip(&self.scaled.scales);
        DVector::from_iterator(self.scaled.terms(), columns.map(|(c, s)| c[row] * s))
    }

    fn pass(&self, at: &DVector<f64>) -> Pass {
        let k = at.len();
        let eta = self.eta(at);
        let mut pass =
            Pass { likelihood: 0.0, scores: Vec::new(), information: DMatrix::zeros(k, k) };
        let mut first = 0;
        for unit in self.units {
            let rows = first..first + unit.rows.len();
            first = rows.end;
            let positive = rows.start..rows.start + unit.positive;
            // With more positive than negative outcomes it is the negative ones that are chosen.
            let flip = 2 * unit.positive > unit.rows.len();
            let sign = if flip { -1.0 } else { 1.0 };
            let choose = if flip { unit.rows.len() - unit.positive } else { unit.positive };
            let most = rows.clone().map(|r| sign * eta[r]).fold(f64::NEG_INFINITY, f64::max);
            let (chosen, log) = self.chosen(rows.clone(), &eta, sign, most, choose);
            let mean = &chosen.first / chosen.sum;
            pass.information += &chosen.second / chosen.sum - &mean * mean.transpose();
            let picked = if flip { positive.end..rows.end } else { positive };
            let mut score = -mean;
            for row in picked {
                pass.likelihood += sign * eta[row];
                score += self.row(row);
            }
            pass.likelihood -= chosen.sum.ln() + log + most * choose as f64;
            pass.scores.push(score * sign);
        }
        pass
    }

    /// The sums over all choices of `choose` rows, with the logarithm of a factor that they were divided by.
    fn chosen(
        &self,
        rows: std::ops::Range<usize>,
        eta: &[f64],
        sign: f64,
        most: f64,
        choose: usize,
    ) -> (Chosen, f64) {
        let k = self.scaled.terms();
        let none = Chosen { sum: 0.0, first: DVector::zeros(k), second: DMatrix::zeros(k, k) };
        let mut sums = vec![none; choose + 1];
        sums[0].sum = 1.0;
        let (mut log, end) = (0.0, rows.end);
        for (seen, row) in rows.enumerate() {
            let e = (sign * eta[row] - most).exp();
            let x = self.row(row);
            // Fewer than `least` cannot become `choose` with the rows that follow.
            let least = choose.saturating_sub(end - row - 1).max(1);
            for j in (least..=choose.min(seen + 1)).rev() {
                let (before, here) = sums.split_at_mut(j);
                let (from, to) = (&before[j - 1], &mut here[0]);
                to.sum += e * from.sum;
                to.second.ger(e * from.sum, &x, &x, 1.0);
                to.second.ger(e, &x, &from.first, 1.0);
                to.second.ger(e, &from.first, &x, 1.0);
                to.second += &from.second * e;
                to.first.axpy(e, &from.first, 1.0);
                to.first.axpy(e * from.sum, &x, 1.0);
            }
            let largest = sums.iter().map(|s| s.sum).fold(0.0, f64::max);
            if largest > 1e100 {
                for s in &mut sums {
                    s.sum /= largest;
                    s.first /= largest;
                    s.second /= largest;
                }
                log += largest.ln();
            }
        }
        (sums.swap_remove(choose), log)
    }

    fn climb(
        &self,
        start: DVector<f64>,
        most: usize,
    ) -> Result<(DVector<f64>, Pass, usize), Error> {
        let mut at = start;
        let mut pass = self.pass(&at);
        let mut change = f64::INFINITY;
        for step in 1..=most {
            let total = pass.scores.iter().fold(DVector::zeros(at.len()), |sum, s| sum + s);
            let direction = pass.information.clone().cholesky().ok_or_else(singular)?.solve(&total);
            change = direction.dot(&total);
            if step >= 8 || change < PROMISE {
                self.check_separation(&direction)?;
            }
            let mut size = 1.0;
            loop {
                let next = &at + &direction * size;
                let made = self.pass(&next);
                let slack = 1e-10 * (1.0 + pass.likelihood.abs());
                if made.likelihood >= pass.likelihood - slack || size < 1e-10 {
                    (at, pass) = (next, made);
                    break;
                }
                size *= 0.5;
            }
            if change < PROMISE {
                return Ok((at, pass, step));
            }
        }
        let hint = "look for terms of very different size, or values far from the others";
        Err(Error::Convergence { model: "clogit", steps: most, change, hint })
    }

    /// Refuses a direction that sets all positive rows of each group above the others.
    fn check_separation(&self, direction: &DVector<f64>) -> Result<(), Error> {
        let eta = self.eta(direction);
        let (mut first, mut rows, mut largest) = (0, 0, 0.0_f64);
        for unit in self.units {
            let (positive, rest) = eta[first..first + unit.rows.len()].split_at(unit.positive);
            first += unit.rows.len();
            let low = positive.iter().copied().fold(f64::INFINITY, f64::min);
            let high = rest.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if low < high - 1e-6 {
                return Ok(());
            }
            if low > high + 1e-3 {
                rows += unit.rows.len();
                largest = largest.max(low - high);
            }
        }
        if largest < 0.1 {
            return Ok(());
        }
        let at = direction.iamax();
        let term = self.scaled.design.names.get(at).cloned().unwrap_or_default();
        Err(Error::Separation { term, outcome: self.outcome.to_owned(), rows })
    }

    fn covariance(
        &self,
        inverse: DMatrix<f64>,
        scores: &[DVector<f64>],
        options: &Options<'_>,
        groups: &Groups,
        rows: &[usize],
    ) -> Result<DMatrix<f64>, Error> {
        let k = self.scaled.terms();
        let clusters: Vec<u32> = match options.errors {
            Errors::Classical => return Ok(inverse),
            Errors::Robust => (0..self.units.len() as u32).collect(),
            Errors::Cluster(clusters) => {
                let of = |unit: &Unit| clusters.of[unit.rows[0]];
                if let Some(unit) =
                    self.units.iter().find(|u| u.rows.iter().any(|r| clusters.of[*r] != of(u)))
                {
                    return Err(Error::Value {
                        what: format!(
                            "the group ({}) of clusters ({})",
                            groups.name, clusters.name
                        ),
                        row: unit.rows[0],
                        value: f64::from(of(unit)),
                        wanted: "a cluster holds whole groups",
                    });
                }
                self.units.iter().map(of).collect()
            }
        };
        let clusters = Groups::of_keys(&groups.name, &clusters);
        if clusters.count < 2 {
            return Err(Error::OneCluster { name: clusters.name });
        }
        let mut sums = DMatrix::zeros(k, clusters.count);
        for (score, cluster) in scores.iter().zip(&clusters.of) {
            let mut sum = sums.column_mut(*cluster as usize);
            sum += score;
        }
        let meat: DMatrix<f64> = &sums * sums.transpose();
        let factor = Errors::Cluster(&clusters).factor(rows.len(), k, false);
        Ok(&inverse * meat * &inverse * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(y: &[f64], x: &[f64], groups: &[u32]) -> Result<Fit, Error> {
        let design = Design::new(vec!["x".into()], vec![x.to_vec()], false).unwrap();
        let groups = Groups::of_keys("dyad", groups);
        let options = Options { threads: 1, ..Options::default() };
        conditional_logit("onset", y, &design, &groups, &options)
    }

    /// In pairs with one positive row, the coefficient of an indicator is the logarithm of the ratio of discordant pairs (`McNemar`).
    #[test]
    fn pairs_give_the_ratio_of_discordant_ones() {
        let (mut y, mut x, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for pair in 0..18 {
            y.extend([1.0, 0.0]);
            x.extend(if pair < 12 { [1.0, 0.0] } else { [0.0, 1.0] });
            groups.extend([pair, pair]);
        }
        let fit = fitted(&y, &x, &groups).unwrap();
        assert!((fit.terms[0].coefficient - 2.0_f64.ln()).abs() < 1e-9);
        assert!((fit.terms[0].error - (1.0 / 12.0 + 1.0 / 6.0_f64).sqrt()).abs() < 1e-9);
    }

    /// The recursion is the sum over all choices, whichever of the outcomes is the rarer one.
    #[test]
    fn the_likelihood_is_the_sum_over_all_choices() {
        let x = [0.3, -1.2, 2.0, 0.7, 1.1, -0.4, 0.9];
        for positive in 1..7_u32 {
            let y: Vec<f64> = (0..7).map(|i| f64::from(u8::from((i * 3) % 7 < positive))).collect();
            let design = Design::new(vec!["x".into()], vec![x.to_vec()], false).unwrap();
            let (units, _) = units(&y, &Groups::of_keys("g", &[0; 7]));
            let rows: Vec<usize> = units[0].rows.clone();
            let within = design.at(&rows);
            let scaled = Scaled::of(&within, 1);
            let work = Work { outcome: "y", scaled: &scaled, units: &units };
            let b = 0.8;
            let pass = work.pass(&DVector::from_element(1, b / scaled.scales[0]));
            let total: f64 = (0..128_u32)
                .filter(|set| set.count_ones() == positive)
                .map(|set| (0..7).map(|i| f64::from((set >> i) & 1) * b * x[i]).sum::<f64>().exp())
                .sum();
            let own: f64 = y.iter().zip(&x).map(|(y, x)| y * b * x).sum();
            assert!((pass.likelihood - (own - total.ln())).abs() < 1e-10, "{positive}");
        }
    }

    #[test]
    fn bad_input_is_refused() {
        let groups = [0, 0, 0, 1, 1, 1];
        let y = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let error = fitted(&y, &[2.0, 2.0, 2.0, 5.0, 5.0, 5.0], &groups).unwrap_err();
        let with = vec!["the effects of groups".to_owned()];
        assert_eq!(error, Error::Collinear { term: "x".into(), with });
        let error = fitted(&y, &[3.0, 1.0, 2.0, 5.0, 6.0, 1.0], &groups).unwrap_err();
        assert!(matches!(error, Error::Separation { .. }), "{error}");
        let same = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
        let error = fitted(&same, &[3.0, 1.0, 2.0, 5.0, 6.0, 1.0], &groups).unwrap_err();
        assert!(matches!(error, Error::Unidentified { .. }), "{error}");
        assert!(matches!(fitted(&[2.0; 6], &y, &groups), Err(Error::Value { .. })));
        assert!(matches!(fitted(&[], &[0.0], &[]), Err(Error::Shape { .. } | Error::Empty { .. })));
    }
}
