//! Sums over the rows of a design, block by block: blocks are fixed, and summed in order, so that the result does not depend on threads.

use nalgebra::DMatrix;

use crate::models::design::Design;
use crate::threads::in_order;

/// Rows that are worked on at once; they stay in the cache.
pub(super) const BLOCK: usize = 256;
/// Blocks that one piece of work has.
const BLOCKS: usize = 32;

/// A design with each column centred (where there is a constant) and divided by its spread, made block by block and never stored.
pub(super) struct Scaled<'a> {
    pub design: &'a Design,
    pub means: Vec<f64>,
    pub scales: Vec<f64>,
}

/// The scaled values of a block of rows, column after column with [`BLOCK`] places each.
pub(super) struct Block {
    pub first: usize,
    pub rows: usize,
    pub x: Vec<f64>,
}

impl<'a> Scaled<'a> {
    pub fn of(design: &'a Design) -> Self {
        let rows = design.rows as f64;
        let center = |column: &Vec<f64>| {
            if design.constant { column.iter().sum::<f64>() / rows } else { 0.0 }
        };
        let means: Vec<f64> = design.columns.iter().map(center).collect();
        let spread = |(column, mean): (&Vec<f64>, &f64)| {
            let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let square: f64 = column.iter().map(|v| ((v - mean) / largest).powi(2)).sum();
            let spread = (square / rows).sqrt() * largest;
            // Rounding alone is no spread: the column is constant.
            if spread > 1e-13 * largest { 1.0 / spread } else { 0.0 }
        };
        let scales = design.columns.iter().zip(&means).map(spread).collect();
        Self { design, means, scales }
    }

    pub fn terms(&self) -> usize {
        self.design.terms()
    }

    fn fill(&self, block: &mut Block, number: usize) {
        block.first = number * BLOCK;
        block.rows = BLOCK.min(self.design.rows - block.first);
        let to = block.first + block.rows;
        for (at, column) in self.design.columns.iter().enumerate() {
            let (mean, scale) = (self.means[at], self.scales[at]);
            let x = &mut block.x[at * BLOCK..][..block.rows];
            for (x, v) in x.iter_mut().zip(&column[block.first..to]) {
                *x = (v - mean) * scale;
            }
        }
        if self.design.constant {
            block.x[self.design.columns.len() * BLOCK..][..block.rows].fill(1.0);
        }
        if block.rows < BLOCK {
            for column in block.x.chunks_mut(BLOCK) {
                column[block.rows..].fill(0.0);
            }
        }
    }

    /// Coefficients of the terms as they are from those of the scaled ones.
    pub fn unscaled(&self, scaled: &[f64]) -> Vec<f64> {
        let back = self.back();
        let b = nalgebra::DVector::from_column_slice(scaled);
        (back * b).as_slice().to_vec()
    }

    /// The matrix that leads from scaled coefficients to those of the terms as they are.
    pub fn back(&self) -> DMatrix<f64> {
        let k = self.terms();
        let mut back = DMatrix::zeros(k, k);
        for (at, scale) in self.scales.iter().enumerate() {
            back[(at, at)] = *scale;
            if self.design.constant {
                back[(k - 1, at)] = -self.means[at] * scale;
            }
        }
        if self.design.constant {
            back[(k - 1, k - 1)] = 1.0;
        }
        back
    }

    /// What `work` makes of each piece of rows, in order: it is given a place to sum into and each block.
    pub fn each_block<S: Send + Clone + Sync>(
        &self,
        threads: usize,
        start: &S,
        work: impl Fn(&mut S, &Block) + Sync,
    ) -> Vec<S> {
        let blocks = self.design.rows.div_ceil(BLOCK);
        in_order(blocks.div_ceil(BLOCKS), threads, |piece| {
            let mut sums = start.clone();
            let mut block = Block { first: 0, rows: 0, x: vec![0.0; self.terms() * BLOCK] };
            for number in piece * BLOCKS..((piece + 1) * BLOCKS).min(blocks) {
                self.fill(&mut block, number);
                work(&mut sums, &block);
            }
            sums
        })
    }
}

impl Block {
    /// One column of the block, padded with zeros.
    pub fn column(&self, at: usize) -> &[f64] {
        &self.x[at * BLOCK..][..BLOCK]
    }

    /// The sums of the columns, times coefficients.
    pub fn predict(&self, coefficients: &[f64], into: &mut [f64]) {
        into.fill(0.0);
        for (at, b) in coefficients.iter().enumerate() {
            for (sum, x) in into.iter_mut().zip(self.column(at)) {
                *sum += b * x;
            }
        }
    }

    /// Adds the products of each column with `values`.
    pub fn add_score(&self, values: &[f64], into: &mut [f64]) {
        for (at, sum) in into.iter_mut().enumerate() {
            *sum += dot(self.column(at), values);
        }
    }

    /// Adds the weighted cross products of the columns to the upper triangle of `into` (row by row, `terms` × `terms`).
    pub fn add_cross(&self, weights: &[f64], terms: usize, into: &mut [f64]) {
        let mut weighted = [0.0; BLOCK];
        for i in 0..terms {
            for ((to, x), w) in weighted.iter_mut().zip(self.column(i)).zip(weights) {
                *to = x * w;
            }
            let mut j = i;
            while j + 4 <= terms {
                let four = dot4(&weighted, &self.x[j * BLOCK..][..4 * BLOCK]);
                for (sum, value) in into[i * terms + j..].iter_mut().zip(four) {
                    *sum += value;
                }
                j += 4;
            }
            while j < terms {
                into[i * terms + j] += dot(&weighted, self.column(j));
                j += 1;
            }
        }
    }
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let tail = a.len() / 8 * 8;
    let rest: f64 = a[tail..].iter().zip(&b[tail..]).map(|(a, b)| a * b).sum();
    (sums[0] + sums[4]) + (sums[1] + sums[5]) + (sums[2] + sums[6]) + (sums[3] + sums[7]) + rest
}

/// The sums of products of one column with four that stand behind each other.
fn dot4(a: &[f64; BLOCK], four: &[f64]) -> [f64; 4] {
    let (b0, rest) = four.split_at(BLOCK);
    let (b1, rest) = rest.split_at(BLOCK);
    let (b2, b3) = rest.split_at(BLOCK);
    let mut sums = [[0.0; 4]; 4];
    let chunks = a.chunks_exact(4).zip(b0.chunks_exact(4)).zip(b1.chunks_exact(4));
    for (((a, b0), b1), (b2, b3)) in chunks.zip(b2.chunks_exact(4).zip(b3.chunks_exact(4))) {
        for i in 0..4 {
            sums[0][i] += a[i] * b0[i];
            sums[1][i] += a[i] * b1[i];
            sums[2][i] += a[i] * b2[i];
            sums[3][i] += a[i] * b3[i];
        }
    }
    sums.map(|s| (s[0] + s[2]) + (s[1] + s[3]))
}

/// The cross products of all columns of a scaled design, divided by the number of rows.
pub(super) fn gram(scaled: &Scaled<'_>, threads: usize) -> DMatrix<f64> {
    let k = scaled.terms();
    let ones = [1.0; BLOCK];
    let pieces = scaled.each_block(threads, &vec![0.0; k * k], |sums, block| {
        block.add_cross(&ones, k, sums);
    });
    symmetric(&total(pieces, k * k), k) / scaled.design.rows as f64
}

/// Sums of pieces, in their order.
pub(super) fn total(pieces: Vec<Vec<f64>>, length: usize) -> Vec<f64> {
    let mut total = vec![0.0; length];
    for piece in pieces {
        for (sum, value) in total.iter_mut().zip(piece) {
            *sum += value;
        }
    }
    total
}

/// The whole of a matrix of which the upper triangle is given, row by row.
pub(super) fn symmetric(upper: &[f64], k: usize) -> DMatrix<f64> {
    DMatrix::from_fn(k, k, |i, j| upper[i.min(j) * k + i.max(j)])
}
