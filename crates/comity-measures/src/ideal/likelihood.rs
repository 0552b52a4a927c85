use super::normal::{Normal, density};
use super::panel::{Panel, Shape};

/// Cut-points lie between minus this and this.
pub(crate) const BOUND: f64 = 7.0;
/// No probability is taken to be less.
pub(crate) const LEAST: f64 = 1e-290;

/// What places one resolution: how much it tells states apart, and where yes ends and no begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Item {
    pub(crate) slope: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Log likelihood of the votes on a resolution, with its derivatives by slope, lower and upper cut-point.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) first: [f64; 3],
    /// By slope twice, slope and lower, slope and upper, lower twice, lower and upper, upper twice.
    pub(crate) second: [f64; 6],
    /// Information of each vote times the variance of the ideal point, summed: how much less a slope is known because points are not.
    pub(crate) blur: f64,
}

/// One vote: derivatives of its log likelihood by the lower and the upper cut-point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct One {
    pub(crate) low: f64,
    pub(crate) high: f64,
    low_low: f64,
    low_high: f64,
    high_high: f64,
}

impl One {
    /// By what the state leans to.
    #[inline]
    pub(crate) fn lean(&self) -> f64 {
        -(self.low + self.high)
    }

    /// Information about what the state leans to.
    #[inline]
    pub(crate) fn information(&self) -> f64 {
        -(self.low_low + 2.0 * self.low_high + self.high_high)
    }

    /// Of a vote in a category (0 yes, 1 abstain, 2 no).
    #[inline]
    pub(crate) fn of(normal: &Normal, category: u32, item: &Item, at: f64) -> Self {
        let mu = item.slope * at;
        match category {
            0 => yes(normal, item.low - mu),
            1 => abstain(normal, item.low - mu, item.high - mu),
            _ => no(normal, item.high - mu),
        }
    }
}

/// `u` is the lower cut-point less what the state leans to.
#[inline]
fn yes(normal: &Normal, u: f64) -> One {
    let ratio = normal.lower(u).1;
    One { low: ratio, high: 0.0, low_low: -ratio * (u + ratio), low_high: 0.0, high_high: 0.0 }
}

/// `w` is the upper cut-point less what the state leans to.
#[inline]
fn no(normal: &Normal, w: f64) -> One {
    let ratio = normal.lower(-w).1;
    One { low: 0.0, high: -ratio, low_low: 0.0, low_high: 0.0, high_high: -ratio * (ratio - w) }
}

#[inline]
fn abstain(normal: &Normal, u: f64, w: f64) -> One {
    let (at_u, at_w) = (density(u), density(w));
    let p = between(normal, (u, at_u), (w, at_w));
    let (low, high) = (-at_u / p, at_w / p);
    One {
        low,
        high,
        low_low: -u * low - low * low,
        low_high: -low * high,
        high_high: -w * high - high * high,
    }
}

/// Probability between two points, each with the density there, without loss where both are in one tail.
#[inline]
pub(crate) fn between(normal: &Normal, (u, at_u): (f64, f64), (w, at_w): (f64, f64)) -> f64 {
    let (below, above) = (at_u * normal.mills(u.abs()), at_w * normal.mills(w.abs()));
    let p = if u > 0.0 {
        below - above
    } else if w < 0.0 {
        above - below
    } else {
        1.0 - below - above
    };
    p.max(LEAST)
}

impl Sums {
    /// Of all votes on a resolution, given the points and their variances (none: they are known).
    pub(crate) fn of(
        normal: &Normal,
        votes: [&[u32]; 3],
        theta: &[f64],
        variance: &[f64],
        item: &Item,
    ) -> Self {
        let mut sums = Self::default();
        for (category, votes) in (0..).zip(votes) {
            for cell in votes {
                let at = theta[*cell as usize];
                let one = One::of(normal, category, item, at);
                sums.add(at, &one);
                sums.blur += one.information() * variance.get(*cell as usize).unwrap_or(&0.0);
            }
        }
        sums
    }

    #[inline]
    fn add(&mut self, at: f64, one: &One) {
        self.first[0] += at * one.lean();
        self.first[1] += one.low;
        self.first[2] += one.high;
        self.second[0] -= at * at * one.information();
        self.second[1] -= at * (one.low_low + one.low_high);
        self.second[2] -= at * (one.low_high + one.high_high);
        self.second[3] += one.low_low;
        self.second[4] += one.low_high;
        self.second[5] += one.high_high;
    }
}

/// Where the search for a resolution's place begins: no slope, and cut-points from the shares of its votes.
pub(crate) fn flat(panel: &Panel, item: usize) -> Item {
    let [a, b, c] = panel.votes(item).map(|v| v.len() as f64 + 0.5);
    let cut = |p: f64| 0.6 * (p / (1.0 - p)).ln();
    let (low, high) = (cut(a / (a + b + c)), cut((a + b) / (a + b + c)));
    let (low, high) = match panel.shape[item] {
        Shape::Full => (low, high),
        Shape::NoMiddle => (f64::midpoint(low, high), f64::midpoint(low, high)),
        Shape::NoUpper => (low, BOUND),
        Shape::NoLower => (-BOUND, high),
    };
    Item { slope: 0.0, low, high }
}
