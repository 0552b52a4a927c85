//! One resolution, given the ideal points.

use nalgebra::{Matrix3, Vector3};

use super::likelihood::{BOUND, Item, Sums};
use super::normal::Normal;
use super::panel::{Panel, Shape};

/// Variances and covariances of a resolution's place; what its votes do not tell is taken as known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Spread {
    pub(crate) slope: f64,
    pub(crate) slope_low: f64,
    pub(crate) slope_high: f64,
    pub(crate) low: f64,
    pub(crate) low_high: f64,
    pub(crate) high: f64,
}

/// A step of Newton's method, kept within bounds.
pub(crate) fn step(
    normal: &Normal,
    panel: &Panel,
    k: usize,
    theta: &[f64],
    variance: &[f64],
    at: &Item,
) -> (Item, Spread) {
    let sums = Sums::of(normal, panel.votes(k), theta, variance, at);
    let shape = panel.shape[k];
    let mut g = Vector3::from(sums.first);
    let s = sums.second.map(|s| -s);
    let mut h = Matrix3::new(s[0], s[1], s[2], s[1], s[3], s[4], s[2], s[4], s[5]);
    // The prior of the slope, and what the points are not known by.
    g[0] -= at.slope * (1.0 + sums.blur);
    h[(0, 0)] += 1.0 + sums.blur;
    if shape == Shape::NoMiddle {
        g[1] += g[2];
        h[(0, 1)] += h[(0, 2)];
        h[(1, 0)] = h[(0, 1)];
        h[(1, 1)] += 2.0 * h[(1, 2)] + h[(2, 2)];
    }
    let free = [true, shape != Shape::NoLower, !matches!(shape, Shape::NoUpper | Shape::NoMiddle)];
    let from = Vector3::new(at.slope, at.low, at.high);
    let (to, covariance) = within_bounds(from, g, &h, free);
    let c = |a, b| covariance[(a, b)];
    let spread = Spread {
        slope: c(0, 0),
        slope_low: c(0, 1),
        slope_high: c(0, 2),
        low: c(1, 1),
        low_high: c(1, 2),
        high: c(2, 2),
    };
    let (mut item, mut spread) = (Item { slope: to[0], low: to[1], high: to[2] }, spread);
    match shape {
        Shape::NoMiddle => {
            item.high = item.low;
            (spread.slope_high, spread.high, spread.low_high) =
                (spread.slope_low, spread.low, spread.low);
        }
        Shape::Full => keep_apart(&mut item, 0.25 * (at.high - at.low)),
        _ => {}
    }
    (item, spread)
}

/// A step of at most 1 in each coordinate. A cut-point that would pass its bound stays there, and the others move as that asks.
fn within_bounds(
    from: Vector3<f64>,
    mut g: Vector3<f64>,
    h: &Matrix3<f64>,
    mut free: [bool; 3],
) -> (Vector3<f64>, Matrix3<f64>) {
    let (mut to, mut covariance) = (from, Matrix3::zeros());
    for _ in 0..3 {
        let (mut right, mut left) = (g, h + Matrix3::identity() * 1e-6);
        for k in (0..3).filter(|k| !free[*k]) {
            right[k] = 0.0;
            left.fill_row(k, 0.0);
            left.fill_column(k, 0.0);
            left[(k, k)] = 1.0;
        }
        let Some(root) = left.cholesky() else { break };
        let step = root.solve(&right);
        covariance = root.inverse();
        let mut held = false;
        for k in 0..3 {
            if !free[k] {
                covariance[(k, k)] = 0.0;
                continue;
            }
            to[k] = from[k] + step[k].clamp(-1.0, 1.0);
            if k > 0 && to[k].abs() > BOUND {
                to[k] = to[k].clamp(-BOUND, BOUND);
                g -= h.column(k) * (to[k] - from[k]);
                (free[k], held) = (false, true);
            }
        }
        if !held {
            break;
        }
    }
    (to, covariance)
}

fn keep_apart(item: &mut Item, least: f64) {
    if item.high - item.low < least {
        let middle = f64::midpoint(item.low, item.high).clamp(least - BOUND, BOUND - least);
        (item.low, item.high) = (middle - 0.5 * least, middle + 0.5 * least);
    }
}
