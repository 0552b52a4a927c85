use nalgebra::DMatrix;

use crate::Error;
use crate::models::groups::Groups;
use crate::models::rows::{BLOCK, Scaled, symmetric, total};

/// Standard errors of coefficients.
#[derive(Debug, Clone, Copy, Default)]
pub enum Errors<'a> {
    /// From the information matrix: right where the model is.
    #[default]
    Classical,
    /// Right where variances differ between rows (White 1980, 1982). The factor for small samples is n/(n − k) for least squares (HC1) and
    /// n/(n − 1) for likelihoods, as in Stata.
    Robust,
    /// Right where rows of one group depend on each other (Liang & Zeger 1986). With G groups the factor is G/(G − 1) for likelihoods, and
    /// that times (n − 1)/(n − k) for least squares, with G − 1 degrees of freedom, as in Stata.
    Cluster(&'a Groups),
}

impl Errors<'_> {
    pub(super) fn clusters(&self) -> Option<usize> {
        match self {
            Self::Cluster(groups) => Some(groups.count),
            _ => None,
        }
    }

    /// Degrees of freedom of t statistics, of a model that has them.
    pub(super) fn df(&self, residual: Option<f64>) -> Option<f64> {
        match self {
            Self::Cluster(groups) => residual.map(|_| (groups.count - 1) as f64),
            _ => residual,
        }
    }

    /// The factor for small samples.
    pub(super) fn factor(&self, rows: usize, terms: usize, least_squares: bool) -> f64 {
        let (n, k) = (rows as f64, terms as f64);
        match self {
            Self::Classical => 1.0,
            Self::Robust if least_squares => n / (n - k),
            Self::Robust => n / (n - 1.0),
            Self::Cluster(groups) => {
                let g = groups.count as f64;
                let rows = if least_squares { (n - 1.0) / (n - k) } else { 1.0 };
                g / (g - 1.0) * rows
            }
        }
    }
}

/// Refuses groups that are no clusters for so many rows.
pub(super) fn check_clusters(groups: &Groups, rows: usize) -> Result<(), Error> {
    if groups.of.len() != rows {
        return Err(Error::Shape { what: "the clusters", got: groups.of.len(), wanted: rows });
    }
    if groups.count < 2 {
        return Err(Error::OneCluster { name: groups.name.clone() });
    }
    Ok(())
}

/// The robust covariance: the inverse information on both sides of the spread of the scores, of rows or summed by cluster.
pub(super) fn sandwich(
    inverse: &DMatrix<f64>,
    scaled: &Scaled<'_>,
    scores: &[f64],
    errors: &Errors<'_>,
    least_squares: bool,
) -> Result<DMatrix<f64>, Error> {
    let (n, k) = (scaled.design.rows, scaled.terms());
    let meat = match errors {
        Errors::Cluster(groups) => {
            check_clusters(groups, n)?;
            clustered(scaled, scores, groups)
        }
        _ => {
            let pieces = scaled.each_block(1, &vec![0.0; k * k], |sums, block| {
                let mut squares = [0.0; BLOCK];
                let of = &scores[block.first..block.first + block.rows];
                squares.iter_mut().zip(of).for_each(|(square, s)| *square = s * s);
                block.add_cross(&squares, k, sums);
            });
            symmetric(&total(pieces, k * k), k)
        }
    };
    Ok(inverse * meat * inverse * errors.factor(n, k, least_squares))
}

/// The cross products of scores that are summed by cluster.
fn clustered(scaled: &Scaled<'_>, scores: &[f64], groups: &Groups) -> DMatrix<f64> {
    let (n, k) = (scaled.design.rows, scaled.terms());
    let mut sums: DMatrix<f64> = DMatrix::zeros(k, groups.count);
    for row in 0..n {
        let mut sum = sums.column_mut(groups.of[row] as usize);
        for (at, column) in scaled.design.columns.iter().enumerate() {
            sum[at] += scores[row] * (column[row] - scaled.means[at]) * scaled.scales[at];
        }
        if scaled.design.constant {
            sum[k - 1] += scores[row];
        }
    }
    &sums * sums.transpose()
}
