use std::borrow::Cow;

use nalgebra::{DMatrix, DVector};

use crate::Error;
use crate::models::rows::{Scaled, gram};

/// The terms of a model: named columns of one value per row, without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// What the terms are called.
    pub names: Vec<String>,
    /// Their values, column by column.
    pub columns: Vec<Vec<f64>>,
    /// Whether the model has a constant besides.
    pub constant: bool,
    /// How many rows there are.
    pub rows: usize,
}

/// What the constant is called in tables of coefficients.
pub const CONSTANT: &str = "constant";

/// What is done with a term that follows from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collinear {
    /// It is an error that names the term and the others.
    #[default]
    Refuse,
    /// It is left out and named in the result.
    LeaveOut,
}

/// A term that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// The term.
    pub term: String,
    /// The terms, the constant or the fixed effects that it follows from.
    pub with: Vec<String>,
}

/// The share of a term's variance that must not follow from the terms before it.
const OWN: f64 = 1e-11;

impl Design {
    /// Terms of a model.
    ///
    /// # Errors
    /// Columns of different lengths, values that are not finite, no rows.
    pub fn new(names: Vec<String>, columns: Vec<Vec<f64>>, constant: bool) -> Result<Self, Error> {
        let rows = columns.first().map_or(0, Vec::len);
        let design = Self { names, columns, constant, rows };
        design.checked()
    }

    /// Only a constant, for so many rows.
    pub fn constant(rows: usize) -> Self {
        Self { names: Vec::new(), columns: Vec::new(), constant: true, rows }
    }

    pub(super) fn checked(self) -> Result<Self, Error> {
        if self.rows == 0 {
            return Err(Error::Empty { what: "the model" });
        }
        if self.names.len() != self.columns.len() {
            let (got, wanted) = (self.names.len(), self.columns.len());
            return Err(Error::Shape { what: "the names of terms", got, wanted });
        }
        for (name, column) in self.names.iter().zip(&self.columns) {
            if column.len() != self.rows {
                return Err(Error::Shape { what: "a term", got: column.len(), wanted: self.rows });
            }
            if let Some(row) = column.iter().position(|v| !v.is_finite()) {
                let (what, value) = (name.clone(), column[row]);
                return Err(Error::Value { what, row, value, wanted: "a finite number" });
            }
        }
        Ok(self)
    }

    /// How many coefficients the model has.
    pub fn terms(&self) -> usize {
        self.columns.len() + usize::from(self.constant)
    }

    /// What the coefficients are called; the constant comes last.
    pub fn labels(&self) -> Vec<String> {
        let mut labels = self.names.clone();
        labels.extend(self.constant.then(|| CONSTANT.to_owned()));
        labels
    }

    /// Some of the rows.
    #[must_use]
    pub fn at(&self, rows: &[usize]) -> Self {
        let some = |column: &Vec<f64>| rows.iter().map(|row| column[*row]).collect();
        Self {
            names: self.names.clone(),
            columns: self.columns.iter().map(some).collect(),
            constant: self.constant,
            rows: rows.len(),
        }
    }

    /// The design without the terms that follow from those before them, and which these are.
    ///
    /// # Errors
    /// [`Error::Collinear`] at the first such term where they are refused.
    pub(super) fn independent(
        &self,
        collinear: Collinear,
        threads: usize,
    ) -> Result<(Cow<'_, Self>, Vec<Omitted>), Error> {
        let scaled = Scaled::of(self, threads);
        let cross = gram(&scaled, threads);
        let found = dependent(&cross, self.columns.len());
        let omitted: Vec<Omitted> = found
            .iter()
            .map(|(at, on)| {
                let mut with: Vec<String> = on.iter().map(|i| self.names[*i].clone()).collect();
                if with.is_empty() {
                    with.push(if self.constant { CONSTANT } else { "zero" }.to_owned());
                }
                Omitted { term: self.names[*at].clone(), with }
            })
            .collect();
        if omitted.is_empty() {
            return Ok((Cow::Borrowed(self), omitted));
        }
        if collinear == Collinear::Refuse {
            let Omitted { term, with } = omitted[0].clone();
            return Err(Error::Collinear { term, with });
        }
        let keep: Vec<usize> =
            (0..self.names.len()).filter(|at| found.iter().all(|(gone, _)| gone != at)).collect();
        let kept = Self {
            names: keep.iter().map(|at| self.names[*at].clone()).collect(),
            columns: keep.iter().map(|at| self.columns[*at].clone()).collect(),
            ..*self
        };
        Ok((Cow::Owned(kept), omitted))
    }
}

/// Which of the first columns of a matrix of cross products follow from those before them, and from which.
pub(super) fn dependent(cross: &DMatrix<f64>, columns: usize) -> Vec<(usize, Vec<usize>)> {
    let mut lower: DMatrix<f64> = DMatrix::zeros(columns, columns);
    let (mut kept, mut found): (Vec<usize>, Vec<(usize, Vec<usize>)>) = (Vec::new(), Vec::new());
    for at in 0..columns {
        let n = kept.len();
        let with = DVector::from_iterator(n, kept.iter().map(|k| cross[(*k, at)]));
        let square = cross[(at, at)];
        let head = lower.view((0, 0), (n, n)).clone_owned();
        let solved = head.solve_lower_triangular(&with).unwrap_or_else(|| with.clone());
        let own = square - solved.norm_squared();
        if square > 0.0 && own > OWN * square {
            for (i, value) in solved.iter().enumerate() {
                lower[(n, i)] = *value;
            }
            lower[(n, n)] = own.sqrt();
            kept.push(at);
            continue;
        }
        let shares = head.tr_solve_lower_triangular(&solved).unwrap_or(solved);
        let counts = |(i, share): (usize, &f64)| {
            let weight = share.abs() * cross[(kept[i], kept[i])].sqrt();
            (square > 0.0 && weight > 1e-5 * square.sqrt()).then_some(kept[i])
        };
        found.push((at, shares.iter().enumerate().filter_map(counts).collect()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(columns: &[&[f64]], constant: bool) -> Design {
        let names = (0..columns.len()).map(|i| format!("x{i}")).collect();
        Design::new(names, columns.iter().map(|c| c.to_vec()).collect(), constant).unwrap()
    }

    #[test]
    fn a_collinear_term_is_named_with_what_it_follows_from() {
        let a = [1.0, 2.0, 5.0, 3.0, -4.0];
        let b = [0.5, 1.5, 0.0, 2.0, 7.0];
        let free = [3.0, 1.0, 0.0, 0.0, 9.0];
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 2.0 * a - b + 10.0).collect();
        let of = |d: &Design| d.independent(Collinear::Refuse, 1).map(|_| ());
        assert!(of(&design(&[&a, &b, &free], true)).is_ok());
        let error = of(&design(&[&a, &free, &b, &sum], true)).unwrap_err();
        let with = vec!["x0".to_owned(), "x2".to_owned()];
        assert_eq!(error, Error::Collinear { term: "x3".into(), with });
        let error = of(&design(&[&a, &[7.0; 5]], true)).unwrap_err();
        assert_eq!(error, Error::Collinear { term: "x1".into(), with: vec!["constant".into()] });
        let twice = design(&[&a, &[0.0; 5], &b, &a], false);
        let (kept, gone) = twice.independent(Collinear::LeaveOut, 1).unwrap();
        assert_eq!(kept.names, ["x0", "x2"]);
        assert_eq!(gone[0].with, ["zero"]);
        assert_eq!(gone[1], Omitted { term: "x3".into(), with: vec!["x0".into()] });
    }

    #[test]
    fn what_is_no_design_is_refused() {
        let names = vec!["x".to_owned()];
        let of = |columns| Design::new(names.clone(), columns, true);
        assert_eq!(of(vec![vec![]]).unwrap_err(), Error::Empty { what: "the model" });
        assert!(matches!(of(vec![vec![1.0, f64::NAN]]), Err(Error::Value { row: 1, .. })));
        assert!(matches!(of(vec![vec![1.0], vec![1.0]]), Err(Error::Shape { .. })));
    }
}
