//! Fixed effects taken out of columns: the weighted least-squares fit of group coefficients, for any number of sets of groups.
//!
//! The normal equations are those that alternating projections solve (Guimarães & Portugal 2010; Gaure 2013); here conjugate gradients with
//! the diagonal as preconditioner solve them, all columns in one pass over the rows, beginning from the last solution. For two sets two
//! such steps are one of accelerated alternating projections.

use crate::Error;
use crate::models::groups::Groups;
use crate::threads::in_order;

/// Columns are worked on in chunks of so many.
const LANES: usize = 4;
/// Rows of one piece of work, at least.
const PIECE: usize = 1 << 16;
/// Pieces of work, at most: each has sums of its own for all groups.
const PIECES: usize = 8;

/// Rows with several columns, row after row, and the groups of each row.
pub(super) struct Absorber {
    /// How many rows.
    pub rows: usize,
    /// How many sets of groups.
    sets: usize,
    /// The groups of each row, one for each set, numbered through all sets.
    groups: Vec<u32>,
    /// How many groups in all sets.
    pub count: usize,
    threads: usize,
}

/// Columns, row after row, padded to whole lanes.
pub(super) struct Columns {
    /// How many columns there are.
    pub count: usize,
    /// The places that a row takes.
    pub stride: usize,
    /// The values.
    pub values: Vec<f64>,
}

impl Columns {
    /// Room for columns.
    pub fn new(rows: usize, count: usize) -> Self {
        let stride = count.div_ceil(LANES) * LANES;
        Self { count, stride, values: vec![0.0; rows * stride] }
    }

    /// Puts a column in its place.
    pub fn set(&mut self, at: usize, values: impl Iterator<Item = f64>) {
        for (row, value) in self.values.chunks_exact_mut(self.stride).zip(values) {
            row[at] = value;
        }
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.stride..][..self.stride]
    }
}

/// Some columns of one row, or of one group.
type Lanes = [f64; LANES];

/// Numbers in groups of lanes.
#[inline]
fn lanes(values: &[f64]) -> &[Lanes] {
    values.as_chunks().0
}

/// Adds numbers to those in place.
#[inline]
fn add(into: &mut Lanes, values: &Lanes) {
    for (into, value) in into.iter_mut().zip(values) {
        *into += value;
    }
}

impl Absorber {
    /// Sets of groups, each with a group for every row.
    pub fn new(sets: &[Groups], threads: usize) -> Self {
        let rows = sets.first().map_or(0, |s| s.of.len());
        let mut groups = Vec::with_capacity(rows * sets.len());
        for row in 0..rows {
            let mut before = 0;
            for set in sets {
                groups.push(before + set.of[row]);
                before += set.count as u32;
            }
        }
        let count = sets.iter().map(|s| s.count).sum();
        Self { rows, sets: sets.len(), groups, count, threads }
    }

    /// The groups of a row.
    #[inline]
    fn of(&self, row: usize) -> &[u32] {
        &self.groups[row * self.sets..][..self.sets]
    }

    /// The sums over rows that `each` adds to, piece by piece.
    fn sums(&self, length: usize, each: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
        let pieces = (self.rows / PIECE).clamp(1, PIECES);
        let size = self.rows.div_ceil(pieces);
        let parts = in_order(pieces, self.threads, |piece| {
            let mut sums = vec![0.0; length];
            for row in piece * size..((piece + 1) * size).min(self.rows) {
                each(row, &mut sums);
            }
            sums
        });
        let mut parts = parts.into_iter();
        let mut total = parts.next().unwrap_or_default();
        for part in parts {
            for (sum, value) in total.iter_mut().zip(part) {
                *sum += value;
            }
        }
        total
    }

    /// Sums over all rows for which groups do not matter.
    pub fn reduce(&self, length: usize, each: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
        self.sums(length, each)
    }

    /// Some columns of a row less the coefficients of its groups.
    #[inline]
    fn rest(&self, row: usize, at: usize, x: &[Lanes], wide: usize, of: &[Lanes]) -> Lanes {
        let mut rest = x[row * wide + at];
        for group in self.of(row) {
            let coefficients = &of[*group as usize * wide + at];
            for (rest, c) in rest.iter_mut().zip(coefficients) {
                *rest -= c;
            }
        }
        rest
    }

    /// A row of columns less the coefficients of its groups.
    pub fn partialled(&self, row: usize, columns: &Columns, of: &[f64], into: &mut [f64]) {
        let (x, of, wide) = (lanes(&columns.values), lanes(of), columns.stride / LANES);
        for (at, into) in into.as_chunks_mut().0.iter_mut().enumerate() {
            *into = self.rest(row, at, x, wide, of);
        }
    }

    /// The sum of weights of each group.
    fn weights(&self, weights: &[f64]) -> Vec<f64> {
        self.sums(self.count, |row, sums| {
            for group in self.of(row) {
                sums[*group as usize] += weights[row];
            }
        })
    }

    /// Improves group coefficients until what is left of each column has a weighted mean of zero in every group: to `tolerance`, relative to
    /// the size of the column.
    ///
    /// # Errors
    /// [`Error::Convergence`].
    pub fn solve(
        &self,
        weights: &[f64],
        columns: &Columns,
        coefficients: &mut [f64],
        tolerance: f64,
    ) -> Result<usize, Error> {
        const MOST: usize = 10_000;
        let (stride, length) = (columns.stride, self.count * columns.stride);
        let diagonal = self.weights(weights);
        // The columns' own squares in one pass with what is left to explain.
        let (start, x, wide) = (lanes(coefficients), lanes(&columns.values), stride / LANES);
        let both = self.sums(length + stride, |row, sums| {
            let w = weights[row];
            let (sums, squares) = sums.split_at_mut(length);
            let (sums, squares) = (sums.as_chunks_mut().0, squares.as_chunks_mut().0);
            for (at, squares) in squares.iter_mut().enumerate().take(wide) {
                let rest = self.rest(row, at, x, wide, start).map(|r| w * r);
                for group in self.of(row) {
                    add(&mut sums[*group as usize * wide + at], &rest);
                }
                add(squares, &x[row * wide + at].map(|x| w * x * x));
            }
        });
        let (left, squares) = both.split_at(length);
        let mut left = left.to_vec();
        let enough: Vec<f64> = squares.iter().map(|s| s * tolerance * tolerance).collect();
        let precondition = |left: &[f64]| -> Vec<f64> {
            let each = left.chunks_exact(stride).zip(&diagonal);
            each.flat_map(|(left, d)| left.iter().map(move |l| if *d > 0.0 { l / d } else { 0.0 }))
                .collect()
        };
        let products = |a: &[f64], b: &[f64]| -> Vec<f64> {
            let mut sums = vec![0.0; stride];
            for (a, b) in a.chunks_exact(stride).zip(b.chunks_exact(stride)) {
                for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                    *sum += a * b;
                }
            }
            sums
        };
        let mut direction = precondition(&left);
        let mut size = products(&left, &direction);
        for step in 0..MOST {
            if size.iter().zip(&enough).all(|(s, e)| *s <= *e) {
                return Ok(step);
            }
            let along = lanes(&direction);
            let image = self.sums(length, |row, sums| {
                let (w, groups, sums) = (weights[row], self.of(row), sums.as_chunks_mut().0);
                for at in 0..wide {
                    let mut sum = [0.0; LANES];
                    for group in groups {
                        add(&mut sum, &along[*group as usize * wide + at]);
                    }
                    let sum = sum.map(|s| w * s);
                    for group in groups {
                        add(&mut sums[*group as usize * wide + at], &sum);
                    }
                }
            });
            let curve = products(&direction, &image);
            let part = |(at, s): (usize, &f64)| {
                if *s > enough[at] && curve[at] > 0.0 { s / curve[at] } else { 0.0 }
            };
            let by: Vec<f64> = size.iter().enumerate().map(part).collect();
            let moved = |into: &mut [f64], along: &[f64], sign: f64| {
                for (into, along) in into.chunks_exact_mut(stride).zip(along.chunks_exact(stride)) {
                    for (into, (along, by)) in into.iter_mut().zip(along.iter().zip(&by)) {
                        *into += sign * by * along;
                    }
                }
            };
            moved(coefficients, &direction, 1.0);
            moved(&mut left, &image, -1.0);
            let next = precondition(&left);
            let grown = products(&left, &next);
            let keep: Vec<f64> =
                grown.iter().zip(&size).map(|(g, s)| if *s > 0.0 { g / s } else { 0.0 }).collect();
            for (d, n) in direction.chunks_exact_mut(stride).zip(next.chunks_exact(stride)) {
                for (d, (n, keep)) in d.iter_mut().zip(n.iter().zip(&keep)) {
                    *d = n + keep * *d;
                }
            }
            size = grown;
        }
        Err(Error::Convergence {
            model: "taking out fixed effects",
            steps: MOST,
            change: size.iter().copied().fold(0.0, f64::max).sqrt(),
            hint: "groups are hardly connected with each other: use fewer sets of fixed effects",
        })
    }
}

/// How many coefficients sets of fixed effects have that can be told apart: their groups, less one for each part of the rows that no pair of
/// sets connects.
pub(super) fn degrees(sets: &[Groups]) -> usize {
    let mut sum = 0;
    for (at, set) in sets.iter().enumerate() {
        let parts = sets[..at].iter().map(|before| parts(before, set)).max().unwrap_or(0);
        sum += set.count - parts.min(set.count);
    }
    sum
}

/// Into how many parts two sets of groups divide the rows, without a group in two parts.
fn parts(a: &Groups, b: &Groups) -> usize {
    fn top(up: &mut [u32], mut at: u32) -> u32 {
        while up[at as usize] != at {
            up[at as usize] = up[up[at as usize] as usize];
            at = up[at as usize];
        }
        at
    }
    let mut up: Vec<u32> = (0..(a.count + b.count) as u32).collect();
    let mut parts = up.len();
    for (x, y) in a.of.iter().zip(&b.of) {
        let (x, y) = (top(&mut up, *x), top(&mut up, a.count as u32 + y));
        if x != y {
            up[x.max(y) as usize] = x.min(y);
            parts -= 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(n: usize) -> Vec<Groups> {
        let of =
            |f: &dyn Fn(usize) -> usize| Groups::of_keys("g", &(0..n).map(f).collect::<Vec<_>>());
        vec![of(&|i| i * 7 % 11), of(&|i| (i * i + 3 * i) % 13), of(&|i| i / 20)]
    }

    #[test]
    fn what_is_left_has_a_mean_of_zero_in_every_group() {
        let n = 300;
        let sets = sets(n);
        let absorber = Absorber::new(&sets, 1);
        let weights: Vec<f64> = (0..n).map(|i| 0.1 + ((i * 31) % 17) as f64).collect();
        let mut columns = Columns::new(n, 2);
        columns.set(0, (0..n).map(|i| ((i * 97) % 53) as f64));
        columns.set(1, (0..n).map(|i| 1000.0 + (i as f64).sin()));
        let mut c = vec![0.0; absorber.count * columns.stride];
        absorber.solve(&weights, &columns, &mut c, 1e-12).unwrap();
        let mut row = vec![0.0; columns.stride];
        for set in &sets {
            let mut sums = vec![[0.0; 2]; set.count];
            for i in 0..n {
                absorber.partialled(i, &columns, &c, &mut row);
                sums[set.of[i] as usize][0] += weights[i] * row[0];
                sums[set.of[i] as usize][1] += weights[i] * row[1];
            }
            assert!(sums.iter().flatten().all(|s| s.abs() < 1e-6), "{sums:?}");
        }
    }

    #[test]
    fn degrees_leave_out_what_cannot_be_told_apart() {
        let a = Groups::of_keys("a", &[0, 0, 1, 1, 2, 2]);
        let b = Groups::of_keys("b", &[0, 1, 0, 1, 2, 3]);
        // Two parts: {a0, a1, b0, b1} and {a2, b2, b3}.
        assert_eq!(degrees(&[a.clone(), b]), 3 + 4 - 2);
        assert_eq!(degrees(std::slice::from_ref(&a)), 3);
        assert_eq!(degrees(&[a.clone(), a]), 3);
    }
}
