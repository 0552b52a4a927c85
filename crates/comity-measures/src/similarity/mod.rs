//! Similarity of foreign policy: how alike the portfolios of two states are, corrected for chance or not.
//!
//! A portfolio is a row of ranked categories, one for each item: alliance commitments to every state, votes on every roll call, memberships
//! of every organisation, representation in every capital. All measures of a pair come from the counts of how often one had category `k`
//! where the other had `l`. Each category of a portfolio is held as a set of bits, so that a count is a few intersections.

mod table;

use crate::threads::in_order;

use crate::{Error, Reference};
pub use table::{Distance, MOST_CATEGORIES, NoScore, Table};

/// S.
pub const SIGNORINO_RITTER: Reference = Reference {
    authors: "Signorino, Curtis S. and Jeffrey M. Ritter",
    year: 1999,
    title: "Tau-b or Not Tau-b: Measuring the Similarity of Foreign Policy Positions",
    published_in: "International Studies Quarterly 43(1): 115-144",
    doi: "10.1111/0020-8833.00113",
};

/// κ and π of portfolios.
pub const HAEGE: Reference = Reference {
    authors: "Häge, Frank M.",
    year: 2011,
    title: "Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for Chance Agreement",
    published_in: "Political Analysis 19(3): 287-305",
    doi: "10.1093/pan/mpr023",
};

/// κ.
pub const COHEN: Reference = Reference {
    authors: "Cohen, Jacob",
    year: 1968,
    title: "Weighted Kappa: Nominal Scale Agreement with Provision for Scaled Disagreement or Partial Credit",
    published_in: "Psychological Bulletin 70(4): 213-220",
    doi: "10.1037/h0026256",
};

/// π.
pub const SCOTT: Reference = Reference {
    authors: "Scott, William A.",
    year: 1955,
    title: "Reliability of Content Analysis: The Case of Nominal Scale Coding",
    published_in: "Public Opinion Quarterly 19(3): 321-325",
    doi: "10.1086/266577",
};

/// τ-b of alliance portfolios.
pub const BUENO_DE_MESQUITA: Reference = Reference {
    authors: "Bueno de Mesquita, Bruce",
    year: 1975,
    title: "Measuring Systemic Polarity",
    published_in: "Journal of Conflict Resolution 19(2): 187-216",
    doi: "",
};

/// The portfolios of several actors over the same items.
#[derive(Debug, Clone)]
pub struct Portfolios {
    actors: usize,
    items: usize,
    categories: usize,
    words: usize,
    /// For each actor, for each category, the items in which it has it.
    planes: Vec<u64>,
    /// For each actor, for each category, in how many items it has it.
    margins: Vec<u32>,
    /// Whether every actor is known in every item.
    complete: bool,
}

impl Portfolios {
    /// From categories 0 to `categories` − 1, in the order of actors and, of each, of items; none where it is not known.
    ///
    /// # Shape
    /// `cells` has `actors` × `items` values.
    ///
    /// # Errors
    /// [`Error::Shape`]; [`Error::Value`] for a category outside the scale, or a scale of fewer than 2 or more than [`MOST_CATEGORIES`].
    pub fn of(
        actors: usize,
        items: usize,
        categories: usize,
        cells: &[Option<u8>],
    ) -> Result<Self, Error> {
        if cells.len() != actors * items {
            return Err(Error::Shape { what: "cells", got: cells.len(), wanted: actors * items });
        }
        if !(2..=MOST_CATEGORIES).contains(&categories) {
            let (value, wanted) = (categories as f64, "a scale of 2 to 8 categories");
            return Err(Error::Value { what: "categories".into(), row: 0, value, wanted });
        }
        let words = items.div_ceil(64);
        let mut planes = vec![0_u64; actors * categories * words];
        for (at, cell) in cells.iter().enumerate() {
            let Some(category) = cell.map(usize::from) else { continue };
            if category >= categories {
                let (value, wanted) = (category as f64, "a category of the scale");
                return Err(Error::Value { what: "category".into(), row: at, value, wanted });
            }
            let (actor, item) = (at / items, at % items);
            planes[(actor * categories + category) * words + item / 64] |= 1 << (item % 64);
        }
        let mut margins = vec![0; actors * categories];
        for (at, margin) in margins.iter_mut().enumerate() {
            let plane = &planes[at * words..(at + 1) * words];
            *margin = plane.iter().map(|word| word.count_ones()).sum();
        }
        let complete = cells.iter().all(Option::is_some);
        Ok(Self { actors, items, categories, words, planes, margins, complete })
    }

    /// How many actors there are.
    pub fn actors(&self) -> usize {
        self.actors
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.items
    }

    /// The category of an actor in an item; none where it is not known, or one of them is not there.
    pub fn category(&self, actor: usize, item: usize) -> Option<u8> {
        let there = actor < self.actors && item < self.items;
        let has = |k: &usize| self.plane(actor, *k)[item / 64] >> (item % 64) & 1 == 1;
        (0..self.categories).filter(|_| there).find(has).map(|k| k as u8)
    }

    /// In how many items two actors both have a category; 0 where one is not there.
    pub fn in_common(&self, a: usize, b: usize, category: u8) -> u32 {
        let category = usize::from(category);
        let there = a < self.actors && b < self.actors && category < self.categories;
        if there { common(self.plane(a, category), self.plane(b, category)) } else { 0 }
    }

    fn plane(&self, actor: usize, category: usize) -> &[u64] {
        let from = (actor * self.categories + category) * self.words;
        &self.planes[from..from + self.words]
    }

    /// The table of a pair: how often the first had category `k` where the second had `l`. None where an actor is not there.
    pub fn table(&self, a: usize, b: usize) -> Option<Table> {
        (a < self.actors && b < self.actors).then(|| self.counts(a, b))
    }

    fn counts(&self, a: usize, b: usize) -> Table {
        let mut table = Table::empty(self.categories);
        let (ones, others) = (self.margins_of(a), self.margins_of(b));
        // Where everything is known, what is in no other cell of a row or column is in its first.
        let first = usize::from(self.complete);
        let mut left = [0_u32; MOST_CATEGORIES];
        left[..self.categories].copy_from_slice(others);
        for k in first..self.categories {
            let mut row = ones[k];
            for l in first..self.categories {
                if ones[k] > 0 && others[l] > 0 {
                    let both = common(self.plane(a, k), self.plane(b, l));
                    table.set(k, l, f64::from(both));
                    row -= both;
                    left[l] -= both;
                }
            }
            if self.complete {
                table.set(k, 0, f64::from(row));
                left[0] -= row;
            }
        }
        if self.complete {
            for (l, left) in left[..self.categories].iter().enumerate() {
                table.set(0, l, f64::from(*left));
            }
        }
        table
    }

    fn margins_of(&self, actor: usize) -> &[u32] {
        &self.margins[actor * self.categories..(actor + 1) * self.categories]
    }

    /// The same with the weight of each item instead of a count.
    ///
    /// # Errors
    /// [`Error::Shape`] where there is not a weight for every item; [`Error::Value`] for one below zero or not finite.
    pub fn weighted_table(
        &self,
        a: usize,
        b: usize,
        weights: &[f64],
    ) -> Result<Option<Table>, Error> {
        self.check(weights)?;
        Ok((a < self.actors && b < self.actors).then(|| self.weighed(a, b, weights)))
    }

    fn weighed(&self, a: usize, b: usize, weights: &[f64]) -> Table {
        let mut table = Table::empty(self.categories);
        for k in 0..self.categories {
            let one = self.plane(a, k);
            for l in 0..self.categories {
                let other = self.plane(b, l);
                let mut sum = 0.0;
                for (word, (x, y)) in one.iter().zip(other).enumerate() {
                    let mut both = x & y;
                    while both != 0 {
                        sum += weights[word * 64 + both.trailing_zeros() as usize];
                        both &= both - 1;
                    }
                }
                table.set(k, l, sum);
            }
        }
        table
    }

    fn check(&self, weights: &[f64]) -> Result<(), Error> {
        if weights.len() != self.items {
            return Err(Error::Shape { what: "weights", got: weights.len(), wanted: self.items });
        }
        match weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            None => Ok(()),
            Some(row) => {
                let (value, wanted) = (weights[row], "a weight of 0 or more");
                Err(Error::Value { what: "weight".into(), row, value, wanted })
            }
        }
    }

    /// The scores of every pair, the first actor before the second in their order: (0, 1), (0, 2) … (1, 2) ….
    ///
    /// # Errors
    /// As [`Portfolios::weighted_table`].
    pub fn pairs(&self, weights: Option<&[f64]>) -> Result<Vec<Scores>, Error> {
        if let Some(weights) = weights {
            self.check(weights)?;
        }
        let mut all = Vec::with_capacity(self.actors * self.actors.saturating_sub(1) / 2);
        for a in 0..self.actors {
            for b in a + 1..self.actors {
                let table = match weights {
                    Some(weights) => self.weighed(a, b, weights),
                    None => self.counts(a, b),
                };
                all.push(Scores::of(&table));
            }
        }
        Ok(all)
    }
}

/// In how many items both are.
fn common(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(x, y)| (x & y).count_ones()).sum()
}

/// The scores of every pair of several sets of portfolios (the years of a panel), on so many threads, in the order given.
///
/// # Errors
/// As [`Portfolios::pairs`].
pub fn all_pairs(
    sets: &[(Portfolios, Option<Vec<f64>>)],
    threads: usize,
) -> Result<Vec<Vec<Scores>>, Error> {
    let one = |at: usize| {
        let (portfolios, weights) = &sets[at];
        portfolios.pairs(weights.as_deref())
    };
    in_order(sets.len(), threads, one).into_iter().collect()
}

/// The scores of a pair.
///
/// # Units
/// S, κ, π and τ-b lie between −1 and 1; S is 1 where the two are the same in everything, κ and π are 0 where they agree as often as by
/// chance.
///
/// # Nulls
/// A score is none where [`NoScore`] says so.
///
/// # Source
/// Signorino & Ritter (1999); Häge (2011, doi 10.1093/pan/mpr023); τ-b as Bueno de Mesquita (1975) used it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Items in which both are known, or their weight.
    pub items: f64,
    /// S with absolute distances.
    pub s_abs: Option<f64>,
    /// S with squared distances.
    pub s_sq: Option<f64>,
    /// S of any tie against none.
    pub s_binary: Option<f64>,
    /// κ with absolute distances.
    pub kappa_abs: Option<f64>,
    /// κ with squared distances.
    pub kappa_sq: Option<f64>,
    /// κ of any tie against none.
    pub kappa_binary: Option<f64>,
    /// π with absolute distances.
    pub pi_abs: Option<f64>,
    /// π with squared distances.
    pub pi_sq: Option<f64>,
    /// π of any tie against none.
    pub pi_binary: Option<f64>,
    /// Kendall's τ-b.
    pub tau_b: Option<f64>,
    /// Why the first score that is missing is: nothing in common, or no variation.
    pub no_score: Option<NoScore>,
}

impl Scores {
    /// All scores of a table.
    pub fn of(table: &Table) -> Self {
        let (all, binary) = (table.sums(), table.binary().sums());
        let mut no_score = None;
        let mut take = |score: Result<f64, NoScore>| {
            if let Err(why) = score {
                no_score.get_or_insert(why);
            }
            score.ok()
        };
        Self {
            items: all.total,
            s_abs: take(all.s(0)),
            s_sq: take(all.s(1)),
            s_binary: take(binary.s(0)),
            kappa_abs: take(all.kappa(0)),
            kappa_sq: take(all.kappa(1)),
            kappa_binary: take(binary.kappa(0)),
            pi_abs: take(all.pi(0)),
            pi_sq: take(all.pi(1)),
            pi_binary: take(binary.pi(0)),
            tau_b: take(table.tau_b()),
            no_score,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn two(one: &[u8], other: &[u8], categories: usize) -> Portfolios {
        let cells: Vec<Option<u8>> = one.iter().chain(other).map(|c| Some(*c)).collect();
        Portfolios::of(2, one.len(), categories, &cells).unwrap()
    }

    fn near(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
    }

    #[test]
    fn a_pair_by_hand() {
        // Four items: distances 0, 1, 3, 0.
        let scores = two(&[3, 2, 0, 0], &[3, 1, 3, 0], 4).pairs(None).unwrap()[0];
        near(scores.s_abs, 1.0 - 2.0 * 4.0 / 12.0);
        near(scores.s_sq, 1.0 - 2.0 * 10.0 / 36.0);
        near(scores.s_binary, 1.0 - 2.0 / 4.0);
        // By chance: the mean distance of every category of the one from every category of the other.
        let chance: i32 =
            [3_i32, 2, 0, 0].iter().flat_map(|x| [3, 1, 3, 0].map(|y| (x - y).abs())).sum();
        near(scores.kappa_abs, 1.0 - 4.0 / (f64::from(chance) / 4.0));
        assert!((scores.items - 4.0).abs() < 1e-12);
    }

    #[test]
    fn portfolios_that_cannot_be_compared_have_no_score_and_say_why() {
        let nothing = Portfolios::of(2, 2, 3, &[Some(1), None, None, Some(1)]).unwrap();
        let scores = nothing.pairs(None).unwrap()[0];
        assert_eq!((scores.s_abs, scores.no_score), (None, Some(NoScore::NothingInCommon)));
        let empty = Portfolios::of(2, 0, 3, &[]).unwrap().pairs(None).unwrap()[0];
        assert_eq!(empty.no_score, Some(NoScore::NothingInCommon));
        // Nobody has any tie: S sees agreement, and chance would too.
        let idle = two(&[0, 0], &[0, 0], 4).pairs(None).unwrap()[0];
        assert_eq!((idle.s_abs, idle.kappa_abs, idle.pi_abs), (Some(1.0), None, None));
        assert_eq!(idle.no_score, Some(NoScore::NoVariation));
        // One-sided: one has ties with all, the other with none.
        let sided = two(&[3, 3], &[0, 0], 4).pairs(None).unwrap()[0];
        assert_eq!(
            (sided.s_abs, sided.kappa_abs, sided.pi_abs),
            (Some(-1.0), Some(0.0), Some(-1.0))
        );
        assert_eq!(sided.tau_b, None);
        // Items without weight.
        let weightless = two(&[3, 0], &[0, 0], 4).pairs(Some(&[0.0, 0.0])).unwrap()[0];
        assert_eq!(weightless.no_score, Some(NoScore::NothingInCommon));
        assert_eq!(Portfolios::of(1, 1, 2, &[Some(1)]).unwrap().pairs(None).unwrap(), []);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(Portfolios::of(2, 2, 4, &[]), Err(Error::Shape { wanted: 4, .. })));
        assert!(matches!(Portfolios::of(1, 1, 4, &[Some(4)]), Err(Error::Value { .. })));
        assert!(
            Portfolios::of(1, 1, 9, &[Some(1)]).is_err() && Portfolios::of(0, 0, 1, &[]).is_err()
        );
        let pair = two(&[3, 0], &[0, 0], 4);
        assert!(matches!(pair.pairs(Some(&[1.0])), Err(Error::Shape { .. })));
        assert!(matches!(pair.pairs(Some(&[1.0, f64::NAN])), Err(Error::Value { row: 1, .. })));
        assert_eq!(pair.table(0, 2), None);
        assert_eq!(
            (pair.category(0, 0), pair.category(1, 0), pair.category(2, 0)),
            (Some(3), Some(0), None)
        );
        assert_eq!(
            (pair.in_common(0, 1, 0), pair.in_common(0, 1, 3), pair.in_common(0, 1, 9)),
            (1, 0, 0)
        );
    }

    /// τ-b by the definition, over pairs of items.
    fn tau_by_pairs(one: &[u8], other: &[u8]) -> Option<f64> {
        let (mut net, mut x, mut y) = (0_i64, 0_i64, 0_i64);
        for i in 0..one.len() {
            for j in 0..i {
                let (a, b) = (one[i].cmp(&one[j]) as i64, other[i].cmp(&other[j]) as i64);
                net += a * b;
                x += a * a;
                y += b * b;
            }
        }
        (x * y > 0).then(|| net as f64 / (x as f64 * y as f64).sqrt())
    }

    proptest! {
        #[test]
        fn scores_are_symmetric_bounded_and_as_defined(
            cells in proptest::collection::vec((0_u8..4, 0_u8..4), 1..150)
        ) {
            let (one, other): (Vec<u8>, Vec<u8>) = cells.iter().copied().unzip();
            let a = two(&one, &other, 4).pairs(None).unwrap()[0];
            let b = two(&other, &one, 4).pairs(None).unwrap()[0];
            for (x, y) in [(a.s_abs, b.s_abs), (a.kappa_sq, b.kappa_sq), (a.pi_abs, b.pi_abs), (a.tau_b, b.tau_b)] {
                prop_assert_eq!(x.is_some(), y.is_some());
                if let (Some(x), Some(y)) = (x, y) {
                    prop_assert!((x - y).abs() < 1e-12);
                    prop_assert!((-1.0 - 1e-12..=1.0 + 1e-12).contains(&x));
                }
            }
            let apart: u32 = cells.iter().map(|(x, y)| u32::from(x.abs_diff(*y))).sum();
            let s = 1.0 - 2.0 * f64::from(apart) / (3.0 * cells.len() as f64);
            prop_assert!((a.s_abs.unwrap() - s).abs() < 1e-12);
            match (a.tau_b, tau_by_pairs(&one, &other)) {
                (Some(x), Some(y)) => prop_assert!((x - y).abs() < 1e-12),
                (x, y) => prop_assert_eq!(x, y),
            }
            // Equal weights change nothing.
            let even = vec![0.25; one.len()];
            let w = two(&one, &other, 4).pairs(Some(&even)).unwrap()[0];
            prop_assert!((w.s_sq.unwrap() - a.s_sq.unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn threads_change_nothing() {
        let cells: Vec<Option<u8>> =
            (0..40_u32 * 40).map(|at| Some((at * 7 % 11 % 4) as u8)).collect();
        let set = Portfolios::of(40, 40, 4, &cells).unwrap();
        let weights: Vec<f64> = (0..40).map(|w| 1.0 / f64::from(w + 1)).collect();
        let sets = vec![(set.clone(), Some(weights)), (set.clone(), None), (set, None)];
        assert_eq!(all_pairs(&sets, 1).unwrap(), all_pairs(&sets, 3).unwrap());
    }
}
