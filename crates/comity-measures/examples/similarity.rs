//! Times the scores of similarity of all pairs of invented portfolios, for `bench/measures-similarity.sh`.
//!
//! similarity STATES YEARS [THREADS]: prints seconds, pairs and the sum of S, kappa and pi (absolute distances).

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for a benchmark")]

use std::time::Instant;

use comity_measures::similarity::{Portfolios, all_pairs};

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let (states, years) = (given[0], given[1]);
    let threads = given.get(2).copied().unwrap_or_else(comity_measures::threads);
    // The same numbers as in the script: a linear congruential generator, one commitment in eight.
    let mut last: u32 = 1;
    let mut next = || {
        last = last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let draw = last >> 24;
        if draw < 224 { 0 } else { (draw % 3 + 1) as u8 }
    };
    let mut sets = Vec::new();
    for _ in 0..years {
        let cells: Vec<Option<u8>> = (0..states * states).map(|_| Some(next())).collect();
        sets.push((states, cells));
    }
    let start = Instant::now();
    let sets: Vec<_> = sets
        .into_iter()
        .map(|(states, cells)| (Portfolios::of(states, states, 4, &cells).unwrap(), None))
        .collect();
    let all = all_pairs(&sets, threads).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let pairs: usize = all.iter().map(Vec::len).sum();
    let sum: f64 = all
        .iter()
        .flatten()
        .map(|s| s.s_abs.unwrap_or(0.0) + s.kappa_abs.unwrap_or(0.0) + s.pi_abs.unwrap_or(0.0))
        .sum();
    println!("{seconds:.4} {pairs} {sum:.6}");
}
