//! One resolution and its votes in one iteration of the sampler.
//!
//! First the place of the resolution, with the latent leanings integrated out (a Metropolis step that proposes from the normal approximation);
//! then the leanings, each from its truncated normal distribution; then the slope once more, given the leanings.

use nalgebra::{Matrix3, Vector3};

use super::likelihood::{BOUND, Item, LEAST, Sums, between};
use super::normal::{Normal, density};
use super::panel::{Panel, Shape};
use super::quantile::quantile;
use super::stream::Stream;

/// Covariance of the proposals for one resolution, and its root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Proposal {
    pub(crate) covariance: Matrix3<f64>,
    factor: Matrix3<f64>,
}

impl Proposal {
    pub(crate) fn new(covariance: Matrix3<f64>) -> Self {
        let factor = covariance.cholesky().map_or_else(|| Matrix3::identity() * 0.1, |c| c.l());
        Self { covariance, factor }
    }
}

/// What the votes on all resolutions ask of one point: the sum of slope times leaning, and of the squares of slopes.
pub(crate) type Asked = [f64; 2];

/// What a thread works with.
pub(crate) struct Work<'a> {
    pub(crate) normal: &'a Normal,
    pub(crate) panel: &'a Panel,
    pub(crate) theta: &'a [f64],
    pub(crate) stream: Stream,
    /// Probability of each vote at the place that the resolution has, and at the one that is proposed.
    now: Vec<f64>,
    other: Vec<f64>,
    leanings: Vec<f64>,
    pub(crate) asked: Vec<Asked>,
}

/// Log posterior of a resolution's place with its gradient, in the coordinates in which it is sampled: slope, middle of the cut-points and
/// logarithm of their distance; slope and one cut-point where the votes tell one only.
struct Height {
    log: f64,
    gradient: Vector3<f64>,
}

/// A product of probabilities that does not underflow.
struct Product {
    log: f64,
    rest: f64,
}

impl Product {
    #[inline]
    fn times(&mut self, p: f64) {
        if p < 1e-100 {
            self.log += p.max(LEAST).ln();
            return;
        }
        self.rest *= p;
        if self.rest < 1e-190 {
            self.log += self.rest.ln();
            self.rest = 1.0;
        }
    }
}

fn to_coordinates(shape: Shape, item: &Item) -> Vector3<f64> {
    match shape {
        Shape::Full | Shape::NoMiddle => {
            let middle = f64::midpoint(item.low, item.high);
            Vector3::new(item.slope, middle, (item.high - item.low).ln())
        }
        Shape::NoUpper => Vector3::new(item.slope, item.low, 0.0),
        Shape::NoLower => Vector3::new(item.slope, item.high, 0.0),
    }
}

/// `None` outside the bounds.
fn from_coordinates(shape: Shape, c: &Vector3<f64>, now: &Item) -> Option<Item> {
    let (low, high) = match shape {
        Shape::Full | Shape::NoMiddle => {
            let half = 0.5 * c[2].exp();
            (c[1] - half, c[1] + half)
        }
        Shape::NoUpper => (c[1], now.high),
        Shape::NoLower => (now.low, c[1]),
    };
    (low >= -BOUND && low < high && high <= BOUND).then_some(Item { slope: c[0], low, high })
}

/// Derivatives by slope and cut-points in the coordinates of the sampler.
fn in_coordinates(shape: Shape, item: &Item, [slope, low, high]: [f64; 3]) -> Vector3<f64> {
    match shape {
        // The 1 is of the change of coordinates.
        Shape::Full | Shape::NoMiddle => {
            let half = 0.5 * (item.high - item.low);
            Vector3::new(slope, low + high, half * (high - low) + 1.0)
        }
        Shape::NoUpper => Vector3::new(slope, low, 0.0),
        Shape::NoLower => Vector3::new(slope, high, 0.0),
    }
}

fn height(
    work: (&Normal, &[f64]),
    votes: [&[u32]; 3],
    shape: Shape,
    item: &Item,
    kept: &mut Vec<f64>,
) -> Height {
    let (normal, theta) = work;
    let mut product = Product { log: 0.0, rest: 1.0 };
    let (mut slope, mut low, mut high) = (-item.slope, 0.0, 0.0);
    kept.clear();
    for cell in votes[0] {
        let at = theta[*cell as usize];
        let (p, ratio) = normal.lower(item.low - item.slope * at);
        product.times(p);
        kept.push(p);
        low += ratio;
        slope -= at * ratio;
    }
    for cell in votes[1] {
        let at = theta[*cell as usize];
        let (u, w) = (item.low - item.slope * at, item.high - item.slope * at);
        let (at_u, at_w) = (density(u), density(w));
        let p = between(normal, (u, at_u), (w, at_w));
        product.times(p);
        kept.push(p);
        let inverse = 1.0 / p;
        low -= at_u * inverse;
        high += at_w * inverse;
        slope -= at * (at_w - at_u) * inverse;
    }
    for cell in votes[2] {
        let at = theta[*cell as usize];
        let (p, ratio) = normal.lower(item.slope * at - item.high);
        product.times(p);
        kept.push(p);
        high -= ratio;
        slope += at * ratio;
    }
    let mut log = product.log + product.rest.ln() - 0.5 * item.slope * item.slope;
    if matches!(shape, Shape::Full | Shape::NoMiddle) {
        log += (item.high - item.low).ln();
    }
    Height { log, gradient: in_coordinates(shape, item, [slope, low, high]) }
}

/// The place of greatest posterior density near to where a resolution is, given the points, and the covariance there.
pub(crate) fn proposal(
    normal: &Normal,
    panel: &Panel,
    k: usize,
    theta: &[f64],
    item: &Item,
) -> (Item, Proposal) {
    let shape = panel.shape[k];
    let mut now = *item;
    if now.high - now.low < 0.02 {
        let middle = f64::midpoint(now.low, now.high).clamp(0.1 - BOUND, BOUND - 0.1);
        now = Item { low: middle - 0.01, high: middle + 0.01, ..now };
    }
    let mut covariance = Matrix3::identity() * 0.01;
    for _ in 0..6 {
        let (gradient, information) = curvature(normal, panel, k, theta, &now);
        let Some(root) = (information + Matrix3::identity() * 1e-3).cholesky() else { break };
        covariance = root.inverse();
        let step = (covariance * gradient).map(|v| v.clamp(-1.0, 1.0));
        match from_coordinates(shape, &(to_coordinates(shape, &now) + step), &now) {
            Some(next) => now = next,
            None => break,
        }
    }
    (now, Proposal::new(covariance))
}

fn curvature(
    normal: &Normal,
    panel: &Panel,
    k: usize,
    theta: &[f64],
    item: &Item,
) -> (Vector3<f64>, Matrix3<f64>) {
    let shape = panel.shape[k];
    let s = Sums::of(normal, panel.votes(k), theta, &[], item);
    let first = [s.first[0] - item.slope, s.first[1], s.first[2]];
    let h = s.second.map(|h| -h);
    let bb = 1.0 + h[0];
    let one = |cross: f64, own: f64| Matrix3::new(bb, cross, 0.0, cross, own, 0.0, 0.0, 0.0, 1.0);
    let information = match shape {
        Shape::Full | Shape::NoMiddle => {
            let half = 0.5 * (item.high - item.low);
            let [bc, bl] = [h[1] + h[2], (h[2] - h[1]) * half];
            let [cc, cl] = [h[3] + 2.0 * h[4] + h[5], (h[5] - h[3]) * half];
            let pull = (first[2] - first[1]) * half;
            let ll = ((h[3] - 2.0 * h[4] + h[5]) * half * half - pull).max(0.3);
            Matrix3::new(bb, bc, bl, bc, cc, cl, bl, cl, ll)
        }
        Shape::NoUpper => one(h[1], h[3]),
        Shape::NoLower => one(h[2], h[5]),
    };
    (in_coordinates(shape, item, first), information)
}

impl<'a> Work<'a> {
    pub(crate) fn new(
        normal: &'a Normal,
        panel: &'a Panel,
        theta: &'a [f64],
        stream: Stream,
    ) -> Self {
        let (now, other, leanings) = (Vec::new(), Vec::new(), Vec::new());
        let asked = vec![[0.0; 2]; theta.len()];
        Self { normal, panel, theta, stream, now, other, leanings, asked }
    }

    /// The new place of a resolution. What its votes ask of the points is added up.
    pub(crate) fn item(&mut self, k: usize, item: &Item, proposal: &Proposal) -> Item {
        let mut item = self.place(k, item, proposal);
        self.votes(k, &mut item);
        item
    }

    fn place(&mut self, k: usize, item: &Item, proposal: &Proposal) -> Item {
        let (shape, votes) = (self.panel.shape[k], self.panel.votes(k));
        let here = (self.normal, self.theta);
        let now = height(here, votes, shape, item, &mut self.now);
        let mut noise = Vector3::from_fn(|_, _| self.stream.normal());
        if matches!(shape, Shape::NoUpper | Shape::NoLower) {
            noise[2] = 0.0;
        }
        let (accept, which) = (self.stream.uniform(), self.stream.uniform());
        // One in five proposals takes no account of the gradient, which misleads far from the top.
        let walk = match which {
            w if w < 0.1 => Some(1.0),
            w if w < 0.2 => Some(0.2),
            _ => None,
        };
        let from = to_coordinates(shape, item);
        let step = proposal.factor * noise;
        let to = match walk {
            Some(scale) => from + step * scale,
            None => from + proposal.covariance * now.gradient + step,
        };
        let Some(other) = from_coordinates(shape, &to, item) else { return *item };
        let there = height(here, votes, shape, &other, &mut self.other);
        let mut log = there.log - now.log;
        if walk.is_none() {
            let back = from - to - proposal.covariance * there.gradient;
            let solved =
                proposal.factor.solve_lower_triangular(&back).unwrap_or_else(Vector3::zeros);
            log += 0.5 * (noise.norm_squared() - solved.norm_squared());
        }
        if accept.ln() < log {
            std::mem::swap(&mut self.now, &mut self.other);
            return other;
        }
        *item
    }

    /// Draws the leanings behind all votes on a resolution, then its slope, and what nothing but its bound holds.
    fn votes(&mut self, k: usize, item: &mut Item) {
        let (shape, votes, normal) = (self.panel.shape[k], self.panel.votes(k), self.normal);
        let (theta, stream) = (self.theta, &mut self.stream);
        let (mut cross, mut square) = (0.0, 1.0);
        self.leanings.clear();
        let (slope, leanings) = (item.slope, &mut self.leanings);
        let mut take = |at: f64, z: f64| {
            leanings.push(z);
            cross += at * z;
            square += at * at;
        };
        let mut kept = self.now.iter();
        for (cell, p) in votes[0].iter().zip(&mut kept) {
            let at = theta[*cell as usize];
            take(at, slope * at + quantile(p * stream.uniform()));
        }
        let (mut least, mut most) = (BOUND, -BOUND);
        for (cell, p) in votes[1].iter().zip(&mut kept) {
            let at = theta[*cell as usize];
            let (u, w) = (item.low - slope * at, item.high - slope * at);
            let x = if u > 0.0 {
                -quantile(normal.lower(-w).0 + p * stream.uniform())
            } else {
                quantile(normal.lower(u).0 + p * stream.uniform())
            };
            let z = slope * at + x.clamp(u, w);
            (least, most) = (least.min(z), most.max(z));
            take(at, z);
        }
        for (cell, p) in votes[2].iter().zip(&mut kept) {
            let at = theta[*cell as usize];
            take(at, slope * at - quantile(p * stream.uniform()));
        }
        item.slope = cross / square + stream.normal() / square.sqrt();
        match shape {
            Shape::NoUpper => {
                let from = most.clamp(item.low, BOUND);
                item.high = from + (BOUND - from) * stream.uniform();
            }
            Shape::NoLower => {
                let to = least.clamp(-BOUND, item.high);
                item.low = to - (to + BOUND) * stream.uniform();
            }
            Shape::Full | Shape::NoMiddle => {}
        }
        let own = item.slope * item.slope;
        for (cell, z) in votes.into_iter().flatten().zip(&self.leanings) {
            let asked = &mut self.asked[*cell as usize];
            asked[0] += item.slope * z;
            asked[1] += own;
        }
    }
}
