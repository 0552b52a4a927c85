//! The table of a pair: how often one had a category where the other had another, and what follows from it.

/// Most categories that an item can have.
pub const MOST_CATEGORIES: usize = 8;

/// How far two categories are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// |x − y|.
    Absolute = 0,
    /// (x − y)².
    Squared = 1,
}

impl Distance {
    fn of(self, a: usize, b: usize) -> f64 {
        let apart = a.abs_diff(b) as f64;
        match self {
            Self::Absolute => apart,
            Self::Squared => apart * apart,
        }
    }
}

/// Why a pair has no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoScore {
    /// There is no item that both have a category in, or those have no weight.
    NothingInCommon,
    /// Chance alone would give perfect agreement: both have the same category in every item, or one has no ranks to compare.
    NoVariation,
}

impl NoScore {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NothingInCommon => "no item in which both are known",
            Self::NoVariation => "no variation to compare",
        }
    }
}

/// How often, or with what weight, the first of two actors had one category where the second had another.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    categories: usize,
    /// By the category of the first, then of the second.
    cells: [f64; MOST_CATEGORIES * MOST_CATEGORIES],
}

/// What all measures of a table come from. Of two values the first is of absolute distances, the second of squared ones.
pub(super) struct Sums {
    /// The number or weight of all items.
    pub(super) total: f64,
    /// How far apart two categories can be.
    most: [f64; 2],
    /// How far apart the two are, over all items.
    apart: [f64; 2],
    /// How far apart they would be by chance, by the categories of each.
    by_each: [f64; 2],
    /// The same by the categories of both together.
    by_both: [f64; 2],
}

impl Sums {
    pub(super) fn s(&self, at: usize) -> Result<f64, NoScore> {
        let most = self.most[at] * self.total;
        if most > 0.0 {
            Ok(1.0 - 2.0 * self.apart[at] / most)
        } else {
            Err(NoScore::NothingInCommon)
        }
    }

    fn corrected(&self, by_chance: f64, at: usize) -> Result<f64, NoScore> {
        match (self.total > 0.0, by_chance > 0.0) {
            (false, _) => Err(NoScore::NothingInCommon),
            (true, false) => Err(NoScore::NoVariation),
            (true, true) => Ok(1.0 - self.apart[at] * self.total / by_chance),
        }
    }

    pub(super) fn kappa(&self, at: usize) -> Result<f64, NoScore> {
        self.corrected(self.by_each[at], at)
    }

    pub(super) fn pi(&self, at: usize) -> Result<f64, NoScore> {
        self.corrected(self.by_both[at], at)
    }
}

impl Table {
    pub(super) fn empty(categories: usize) -> Self {
        Self { categories, cells: [0.0; MOST_CATEGORIES * MOST_CATEGORIES] }
    }

    pub(super) fn set(&mut self, k: usize, l: usize, value: f64) {
        self.cells[k * MOST_CATEGORIES + l] = value;
    }

    fn row(&self, k: usize) -> &[f64] {
        &self.cells[k * MOST_CATEGORIES..k * MOST_CATEGORIES + self.categories]
    }

    /// The number or weight of all items in which both are known.
    pub fn total(&self) -> f64 {
        (0..self.categories).map(|k| self.row(k).iter().sum::<f64>()).sum()
    }

    /// How often each of the two has each category.
    fn margins(&self) -> [[f64; MOST_CATEGORIES]; 2] {
        let mut margins = [[0.0; MOST_CATEGORIES]; 2];
        for k in 0..self.categories {
            for (l, n) in self.row(k).iter().enumerate() {
                margins[0][k] += n;
                margins[1][l] += n;
            }
        }
        margins
    }

    pub(super) fn sums(&self) -> Sums {
        let [one, two] = self.margins();
        let total = one[..self.categories].iter().sum();
        let (mut apart, mut by_each, mut by_both) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        for k in 0..self.categories {
            let pooled = (one[k] + two[k]) / 4.0;
            for (l, n) in self.row(k).iter().enumerate() {
                let (abs, sq) = (Distance::Absolute.of(k, l), Distance::Squared.of(k, l));
                let (each, both) = (one[k] * two[l], pooled * (one[l] + two[l]));
                apart = [apart[0] + n * abs, apart[1] + n * sq];
                by_each = [by_each[0] + each * abs, by_each[1] + each * sq];
                by_both = [by_both[0] + both * abs, by_both[1] + both * sq];
            }
        }
        let top = self.categories - 1;
        let most = [Distance::Absolute.of(0, top), Distance::Squared.of(0, top)];
        Sums { total, most, apart, by_each, by_both }
    }

    /// The same with two categories alone: the lowest, and any other.
    #[must_use]
    pub fn binary(&self) -> Self {
        let mut cells = [0.0; 4];
        for k in 0..self.categories {
            for (l, n) in self.row(k).iter().enumerate() {
                cells[2 * usize::from(k > 0) + usize::from(l > 0)] += n;
            }
        }
        let mut binary = Self::empty(2);
        cells.iter().enumerate().for_each(|(at, n)| binary.set(at / 2, at % 2, *n));
        binary
    }

    /// Signorino and Ritter's S: 1 − 2 Σ w d(x, y) / (d_max Σ w), between −1 and 1.
    ///
    /// # Errors
    /// [`NoScore::NothingInCommon`].
    pub fn s(&self, distance: Distance) -> Result<f64, NoScore> {
        self.sums().s(distance as usize)
    }

    /// Cohen's κ, weighted by the distance: agreement over what each actor's own categories would give by chance.
    ///
    /// # Errors
    /// Both of [`NoScore`].
    pub fn kappa(&self, distance: Distance) -> Result<f64, NoScore> {
        self.sums().kappa(distance as usize)
    }

    /// Scott's π, weighted by the distance: agreement over what the categories of both together would give by chance.
    ///
    /// # Errors
    /// Both of [`NoScore`].
    pub fn pi(&self, distance: Distance) -> Result<f64, NoScore> {
        self.sums().pi(distance as usize)
    }

    /// Kendall's τ-b of the ranks.
    ///
    /// # Errors
    /// Both of [`NoScore`]; no variation where one of the two has the same category in every item.
    pub fn tau_b(&self) -> Result<f64, NoScore> {
        let [one, two] = self.margins();
        let total: f64 = one.iter().sum();
        if total <= 0.0 {
            return Err(NoScore::NothingInCommon);
        }
        // Of the rows above: how much is in each column, so that every pair of items is counted once.
        let (mut net, mut above) = (0.0, [0.0; MOST_CATEGORIES]);
        for k in (0..self.categories).rev() {
            let (mut less, mut more) = (0.0, above.iter().sum::<f64>());
            for (l, n) in self.row(k).iter().enumerate() {
                more -= above[l];
                net += n * (more - less);
                less += above[l];
            }
            self.row(k).iter().zip(&mut above).for_each(|(n, above)| *above += n);
        }
        let untied = |margin: &[f64; MOST_CATEGORIES]| {
            (total * total - margin.iter().map(|n| n * n).sum::<f64>()) / 2.0
        };
        let all = untied(&one) * untied(&two);
        if all <= 0.0 { Err(NoScore::NoVariation) } else { Ok(net / all.sqrt()) }
    }
}
