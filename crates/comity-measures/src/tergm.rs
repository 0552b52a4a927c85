//! Temporal exponential random graphs: which ties networks have, given their other ties and what is known of their nodes, estimated by pooled
//! maximum pseudolikelihood with intervals from a bootstrap over time.

use nalgebra::{DMatrix, DVector};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::threads::in_order;
use crate::{Error, Reference};

/// Pooled pseudolikelihood with a bootstrap over time.
pub const DESMARAIS_CRANMER: Reference = Reference {
    authors: "Desmarais, Bruce A. and Skyler J. Cranmer",
    year: 2012,
    title: "Statistical Mechanics of Networks: Estimation and Uncertainty",
    published_in: "Physica A 391(4): 1865-1876",
    doi: "10.1016/j.physa.2011.10.018",
};

/// The same for networks of alliances.
pub const LEIFELD_CRANMER_DESMARAIS: Reference = Reference {
    authors: "Leifeld, Philip, Skyler J. Cranmer and Bruce A. Desmarais",
    year: 2018,
    title: "Temporal Exponential Random Graph Models with btergm: Estimation and Bootstrap Confidence Intervals",
    published_in: "Journal of Statistical Software 83(6): 1-36",
    doi: "10.18637/jss.v083.i06",
};

/// A term of the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// How many ties there are: the constant.
    Edges,
    /// Geometrically weighted shared partners of tied nodes, with this decay: 0 counts ties whose nodes share a partner at all.
    SharedPartners(f64),
    /// A value of each pair, by the first node and then the second.
    OfPairs(Vec<Option<f64>>),
    /// The sum of a value of the two nodes.
    SumOf(Vec<Option<f64>>),
    /// The absolute difference of a value of the two nodes.
    DifferenceOf(Vec<Option<f64>>),
}

/// The network of one time, with the terms of the model as they are then.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// How many nodes there are.
    pub nodes: usize,
    /// Whether two nodes are tied, by the first node and then the second; of a pair the first of the two cells counts.
    pub ties: Vec<Option<bool>>,
    /// The terms, in the order of their names.
    pub terms: Vec<Term>,
}

/// How a model is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Samples of the bootstrap.
    pub samples: usize,
    /// Where their random numbers begin.
    pub seed: u64,
    /// Threads; the result is the same for any number.
    pub threads: usize,
}

/// A coefficient.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The name of its term.
    pub name: String,
    /// Log odds of a tie for one more of the term.
    pub estimate: f64,
    /// The bounds within which 95 per cent of the samples lie; none without samples.
    pub interval: Option<(f64, f64)>,
}

/// An estimated model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One for each term.
    pub coefficients: Vec<Coefficient>,
    /// Pairs that it rests on.
    pub pairs: usize,
    /// Pairs that are left out, because the tie or a term is not known.
    pub left_out: usize,
    /// The logarithm of the pseudolikelihood.
    pub log_likelihood: f64,
    /// Samples that could not be estimated, and do not count.
    pub failed: usize,
}

/// The pairs of one time: whether each is tied, and what a tie between them changes in each term.
struct Rows {
    tied: Vec<bool>,
    /// By pair, then by term.
    changes: Vec<f64>,
    left_out: usize,
}

/// Estimates a model by pooled maximum pseudolikelihood, with percentiles of a bootstrap that draws whole networks.
///
/// # Shape
/// Each step has as many cells as pairs of its nodes in both orders, and each term that is of pairs too; a term of nodes has one value a node.
/// Steps have the same terms. Networks are not directed.
///
/// # Nulls
/// A pair whose tie or term is not known is left out, and is no tie where others' shared partners are counted.
///
/// # Errors
/// [`Error::Shape`]; [`Error::Empty`] without pairs; [`Error::Alike`] where the terms cannot be told apart; [`Error::Unsettled`] where no finite
/// coefficients fit best.
///
/// # Source
/// Desmarais & Cranmer (2012); Leifeld, Cranmer & Desmarais (2018).
pub fn tergm(names: &[&str], steps: &[Step], options: Options) -> Result<Fit, Error> {
    let terms = names.len();
    let mut rows = Vec::with_capacity(steps.len());
    for step in steps {
        check(step, terms)?;
        rows.push(changes(step));
    }
    let pairs: usize = rows.iter().map(|r| r.tied.len()).sum();
    if pairs == 0 || terms == 0 {
        return Err(Error::Empty { what: "pairs of nodes" });
    }
    let once = vec![1.0; rows.len()];
    let start = DVector::zeros(terms);
    let (estimate, log_likelihood) = fit(&rows, &once, &start)?;
    let sample = |at: usize| {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        random.set_stream(at as u64);
        let mut drawn = vec![0.0; rows.len()];
        for _ in 0..rows.len() {
            let draw = (u128::from(random.next_u64()) * rows.len() as u128) >> 64;
            drawn[draw as usize] += 1.0;
        }
        fit(&rows, &drawn, &estimate).ok().map(|(estimate, _)| estimate)
    };
    let samples = in_order(options.samples, options.threads, sample);
    let kept: Vec<DVector<f64>> = samples.iter().flatten().cloned().collect();
    let one = |(at, name): (usize, &&str)| Coefficient {
        name: (*name).to_owned(),
        estimate: estimate[at],
        interval: interval(kept.iter().map(|s| s[at]).collect()),
    };
    Ok(Fit {
        coefficients: names.iter().enumerate().map(one).collect(),
        pairs,
        left_out: rows.iter().map(|r| r.left_out).sum(),
        log_likelihood,
        failed: samples.len() - kept.len(),
    })
}

/// The bounds within which 95 per cent of some values lie.
fn interval(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let at = |share: f64| {
        let place = share * last as f64;
        let (low, part) = (place.floor() as usize, place.fract());
        values[low] + part * (values[(low + 1).min(last)] - values[low])
    };
    Some((at(0.025), at(0.975)))
}

fn check(step: &Step, terms: usize) -> Result<(), Error> {
    let of_pairs = step.nodes * step.nodes;
    let same = |what, got: usize, wanted: usize| {
        if got == wanted { Ok(()) } else { Err(Error::Shape { what, got, wanted }) }
    };
    same("ties", step.ties.len(), of_pairs)?;
    same("terms", step.terms.len(), terms)?;
    for term in &step.terms {
        match term {
            Term::Edges | Term::SharedPartners(_) => {}
            Term::OfPairs(values) => same("a term of pairs", values.len(), of_pairs)?,
            Term::SumOf(values) | Term::DifferenceOf(values) => {
                same("a term of nodes", values.len(), step.nodes)?;
            }
        }
    }
    Ok(())
}

/// The ties of a network: of each node its neighbours, and of each two nodes how many they share.
struct Ties {
    nodes: usize,
    neighbours: Vec<Vec<usize>>,
    tied: Vec<bool>,
    shared: Vec<u32>,
}

impl Ties {
    fn of(step: &Step) -> Self {
        let nodes = step.nodes;
        let mut tied = vec![false; nodes * nodes];
        let mut neighbours = vec![Vec::new(); nodes];
        for a in 0..nodes {
            for b in a + 1..nodes {
                if step.ties[a * nodes + b] == Some(true) {
                    (tied[a * nodes + b], tied[b * nodes + a]) = (true, true);
                    neighbours[a].push(b);
                    neighbours[b].push(a);
                }
            }
        }
        let mut shared = vec![0; nodes * nodes];
        for around in &neighbours {
            for a in around {
                for b in around {
                    shared[a * nodes + b] += 1;
                }
            }
        }
        Self { nodes, neighbours, tied, shared }
    }

    /// What a tie between two nodes changes in geometrically weighted shared partners.
    fn change(&self, a: usize, b: usize, decay: f64) -> f64 {
        let fades = |partners: u32| (1.0 - (-decay).exp()).powi(partners as i32);
        let here = u32::from(self.tied[a * self.nodes + b]);
        let own = decay.exp() * (1.0 - fades(self.shared[a * self.nodes + b]));
        // Each shared partner has a tie to both, whose other end becomes a partner of theirs.
        let both = self.neighbours[a].iter().filter(|k| self.tied[*k * self.nodes + b]);
        let of_others: f64 = both
            .map(|k| {
                let without = |end: usize| self.shared[end * self.nodes + k].saturating_sub(here);
                fades(without(a)) + fades(without(b))
            })
            .sum();
        own + of_others
    }
}

fn changes(step: &Step) -> Rows {
    let ties = Ties::of(step);
    let (mut tied, mut all, mut left_out) = (Vec::new(), Vec::new(), 0);
    let mut row = vec![0.0; step.terms.len()];
    for a in 0..step.nodes {
        for b in a + 1..step.nodes {
            let at = a * step.nodes + b;
            let filled = step.terms.iter().zip(&mut row).try_for_each(|(term, cell)| {
                let both = |values: &[Option<f64>]| Some((values[a]?, values[b]?));
                let value = match term {
                    Term::Edges => Some(1.0),
                    Term::SharedPartners(decay) => Some(ties.change(a, b, *decay)),
                    Term::OfPairs(values) => values[at],
                    Term::SumOf(values) => both(values).map(|(x, y)| x + y),
                    Term::DifferenceOf(values) => both(values).map(|(x, y)| (x - y).abs()),
                };
                *cell = value.filter(|v| v.is_finite())?;
                Some(())
            });
            match step.ties[at].filter(|_| filled.is_some()) {
                Some(is_tied) => {
                    tied.push(is_tied);
                    all.extend_from_slice(&row);
                }
                None => left_out += 1,
            }
        }
    }
    Rows { tied, changes: all, left_out }
}

/// The logit of ties on changes, each network with its weight: by Newton's steps, halved where they lead down.
fn fit(rows: &[Rows], weights: &[f64], start: &DVector<f64>) -> Result<(DVector<f64>, f64), Error> {
    const MOST_STEPS: usize = 60;
    const AT_REST: f64 = 1e-12;
    const CERTAIN: f64 = 1e-6;
    let unsettled = Error::Unsettled { what: "the pseudolikelihood", steps: MOST_STEPS };
    let mut beta = start.clone();
    let first = slope(rows, weights, &DVector::zeros(beta.len()));
    let mut now = slope(rows, weights, &beta);
    for _ in 0..MOST_STEPS {
        let factor = now.curve.clone().cholesky();
        let factor = factor.ok_or(Error::Alike { what: "the terms of the model" })?;
        let step = factor.solve(&now.slope);
        let gain = now.slope.dot(&step);
        if gain < AT_REST * (1.0 + now.value.abs()) {
            // A term that says for certain which pairs are tied leaves nothing to learn of it.
            let certain = |k: usize| now.curve[(k, k)] < CERTAIN * first.curve[(k, k)];
            let separated = (0..beta.len()).any(certain);
            return if separated { Err(unsettled) } else { Ok((beta + step, now.value)) };
        }
        let mut size = 1.0;
        let (mut tried, mut there);
        loop {
            tried = &beta + &step * size;
            there = slope(rows, weights, &tried);
            if there.value >= now.value || size < 1e-6 {
                break;
            }
            size /= 2.0;
        }
        if there.value < now.value {
            return Err(unsettled);
        }
        (beta, now) = (tried, there);
    }
    Err(unsettled)
}

/// The log pseudolikelihood with its slope and curvature.
struct Slope {
    value: f64,
    slope: DVector<f64>,
    curve: DMatrix<f64>,
}

fn slope(rows: &[Rows], weights: &[f64], beta: &DVector<f64>) -> Slope {
    let terms = beta.len();
    let (mut value, mut slope) = (0.0, vec![0.0; terms]);
    let mut curve = vec![0.0; terms * terms];
    for (of, weight) in rows.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
        for (row, tied) in of.changes.chunks_exact(terms).zip(&of.tied) {
            let odds: f64 = row.iter().zip(beta.iter()).map(|(x, b)| x * b).sum();
            let chance = 1.0 / (1.0 + (-odds).exp());
            let likely = if *tied { odds } else { -odds };
            value -= weight * ((-likely.abs()).exp().ln_1p() + (-likely).max(0.0));
            let miss = weight * (f64::from(u8::from(*tied)) - chance);
            let spread = weight * chance * (1.0 - chance);
            for (k, x) in row.iter().enumerate() {
                slope[k] += miss * x;
                let scaled = spread * x;
                for (cell, y) in curve[k * terms..k * terms + k + 1].iter_mut().zip(row) {
                    *cell += scaled * y;
                }
            }
        }
    }
    let curve = DMatrix::from_fn(terms, terms, |i, j| curve[i.max(j) * terms + i.min(j)]);
    Slope { value, slope: DVector::from_vec(slope), curve }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: Options = Options { samples: 40, seed: 7, threads: 2 };

    fn step(nodes: usize, ties: &[(usize, usize)], terms: Vec<Term>) -> Step {
        let mut all = vec![Some(false); nodes * nodes];
        ties.iter().for_each(|(a, b)| all[a.min(b) * nodes + a.max(b)] = Some(true));
        Step { nodes, ties: all, terms }
    }

    #[test]
    fn edges_alone_give_the_log_odds_of_a_tie() {
        let one = step(4, &[(0, 1), (1, 2)], vec![Term::Edges]);
        let two = step(4, &[(0, 1)], vec![Term::Edges]);
        let fit = tergm(&["edges"], &[one, two], OPTIONS).unwrap();
        // 3 of 12 pairs are tied.
        assert!((fit.coefficients[0].estimate - (3.0_f64 / 9.0).ln()).abs() < 1e-8);
        assert_eq!((fit.pairs, fit.left_out, fit.failed), (12, 0, 0));
        let (low, high) = fit.coefficients[0].interval.unwrap();
        assert!(low < fit.coefficients[0].estimate && fit.coefficients[0].estimate < high);
    }

    #[test]
    fn what_a_tie_changes_is_the_difference_of_two_networks() {
        // Geometrically weighted shared partners of a whole network, by definition.
        let whole = |ties: &Ties, decay: f64| -> f64 {
            let pairs = (0..ties.nodes).flat_map(|a| (a + 1..ties.nodes).map(move |b| (a, b)));
            pairs
                .filter(|(a, b)| ties.tied[a * ties.nodes + b])
                .map(|(a, b)| {
                    let shared = ties.shared[a * ties.nodes + b] as i32;
                    decay.exp() * (1.0 - (1.0 - (-decay).exp()).powi(shared))
                })
                .sum()
        };
        let ties = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (1, 3), (0, 4)];
        for decay in [0.0, 0.5] {
            for a in 0..5 {
                for b in a + 1..5 {
                    let without: Vec<_> = ties.iter().copied().filter(|t| *t != (a, b)).collect();
                    let with: Vec<_> = without.iter().copied().chain([(a, b)]).collect();
                    let network = |ties: &[(usize, usize)]| Ties::of(&step(5, ties, Vec::new()));
                    let wanted = whole(&network(&with), decay) - whole(&network(&without), decay);
                    for of in [&with, &without] {
                        let change = network(of).change(a, b, decay);
                        assert!((change - wanted).abs() < 1e-12, "{a} {b} {decay}");
                    }
                }
            }
        }
    }

    #[test]
    fn threads_change_nothing_and_unknown_pairs_are_left_out() {
        let power = vec![Some(0.1), Some(0.9), Some(0.4), Some(0.2), Some(0.7), None];
        let terms = || vec![Term::Edges, Term::SumOf(power.clone())];
        let steps: Vec<Step> = (0..6)
            .map(|t| step(6, &[(0, 1), (t % 5, (t + 2) % 5), (1, 4)][t % 2..], terms()))
            .collect();
        let one = tergm(&["edges", "power"], &steps, Options { threads: 1, ..OPTIONS }).unwrap();
        assert_eq!(one, tergm(&["edges", "power"], &steps, OPTIONS).unwrap());
        assert_eq!((one.pairs, one.left_out), (60, 30));
    }

    #[test]
    fn what_cannot_be_estimated_says_why() {
        let twice = step(4, &[(0, 1)], vec![Term::Edges, Term::Edges]);
        let error = tergm(&["a", "b"], &[twice], OPTIONS).unwrap_err();
        assert!(matches!(error, Error::Alike { .. }), "{error}");
        let none = step(4, &[], vec![Term::Edges]);
        assert!(tergm(&["edges"], &[none], OPTIONS).is_err());
        assert!(matches!(tergm(&["edges"], &[], OPTIONS), Err(Error::Empty { .. })));
        let short = Step { nodes: 2, ties: Vec::new(), terms: vec![Term::Edges] };
        assert!(matches!(tergm(&["edges"], &[short], OPTIONS), Err(Error::Shape { .. })));
    }
}
