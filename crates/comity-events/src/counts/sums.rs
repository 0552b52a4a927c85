//! What is added up.

use crate::event::{NONE, QUADS, ROOTS, Row};

/// What one event adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub root: u8,
    pub quad: u8,
    pub goldstein: i32,
    pub mentions: i32,
    pub sources: i32,
    pub articles: i32,
    pub best: i32,
    pub low: i32,
    pub high: i32,
}

impl From<&Row<'_>> for Figures {
    fn from(row: &Row<'_>) -> Self {
        Self {
            root: row.root,
            quad: row.quad,
            goldstein: row.goldstein,
            mentions: row.mentions,
            sources: row.sources,
            articles: row.articles,
            best: row.best,
            low: row.low,
            high: row.high,
        }
    }
}

const EVENTS: usize = 0;
const STORIES: usize = 1;
const QUAD: usize = 2;
const QUAD_STORIES: usize = QUAD + QUADS;
const SCORED: usize = QUAD_STORIES + QUADS;
const MENTIONED: usize = SCORED + 1;
const DEATHS: usize = SCORED + 2;
const ROOT: usize = SCORED + 3;
/// Counts of events.
pub(crate) const FEW: usize = ROOT + ROOTS;
/// Sums of what events say.
pub(crate) const WIDE: usize = 7;

/// The columns of [`Sums`] that count events, in their order; those of the roots follow as `root_00`, `root_01` and so on.
const NAMES: [&str; ROOT] = [
    "events",
    "stories",
    "quad_1",
    "quad_2",
    "quad_3",
    "quad_4",
    "stories_quad_1",
    "stories_quad_2",
    "stories_quad_3",
    "stories_quad_4",
    "scored",
    "mentioned",
    "deaths",
];
/// The columns of the other sums.
pub(crate) const WIDE_NAMES: [&str; WIDE] =
    ["goldstein_1000", "mentions", "sources", "articles", "best", "low", "high"];

/// The name of a column that counts events.
pub(crate) fn few_name(at: usize) -> String {
    NAMES
        .get(at)
        .map_or_else(|| format!("root_{:02}", at.saturating_sub(ROOT)), |n| (*n).to_owned())
}

/// Sums over events. All of them are whole numbers: they come to the same in any order, and what was added can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    pub(crate) few: [i32; FEW],
    pub(crate) wide: [i64; WIDE],
}

/// A column of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    Few(usize),
    Wide(usize),
    /// One that there is not: it is 0.
    No,
}

impl Column {
    /// Its name in files.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Few(at) => Some(few_name(at)),
            Self::Wide(at) => WIDE_NAMES.get(at).map(|name| (*name).to_owned()),
            Self::No => None,
        }
    }
}

impl Default for Sums {
    fn default() -> Self {
        Self { few: [0; FEW], wide: [0; WIDE] }
    }
}

impl Sums {
    pub(crate) const EVENTS: Column = Column::Few(EVENTS);
    pub(crate) const STORIES: Column = Column::Few(STORIES);
    pub(crate) const SCORED: Column = Column::Few(SCORED);
    pub(crate) const DEATHS: Column = Column::Few(DEATHS);

    fn one_of(first: usize, at: u8, least: u8, many: usize) -> Column {
        let at = at.checked_sub(least).map(usize::from).filter(|at| *at < many);
        at.map_or(Column::No, |at| Column::Few(first + at))
    }

    pub(crate) fn quad_column(quad: u8) -> Column {
        Self::one_of(QUAD, quad, 1, QUADS)
    }

    pub(crate) fn quad_stories_column(quad: u8) -> Column {
        Self::one_of(QUAD_STORIES, quad, 1, QUADS)
    }

    pub(crate) fn root_column(root: u8) -> Column {
        Self::one_of(ROOT, root, 0, ROOTS)
    }

    /// The value of a column.
    pub(crate) fn get(&self, column: Column) -> i64 {
        match column {
            Column::Few(at) => self.few(at),
            Column::Wide(at) => self.wide.get(at).copied().unwrap_or(0),
            Column::No => 0,
        }
    }

    /// Events.
    pub fn events(&self) -> i64 {
        self.few(EVENTS)
    }

    /// Stories: events without those that tell one again. Where a source has no key of a report, every event is one.
    pub fn stories(&self) -> i64 {
        self.few(STORIES)
    }

    /// Events of a quad class, 1 (verbal cooperation) to 4 (material conflict).
    pub fn quad(&self, quad: u8) -> i64 {
        self.get(Self::quad_column(quad))
    }

    /// Stories of a quad class.
    pub fn quad_stories(&self, quad: u8) -> i64 {
        self.get(Self::quad_stories_column(quad))
    }

    /// Events of a root class, from 1; 0 counts those without one.
    pub fn root(&self, root: u8) -> i64 {
        self.get(Self::root_column(root))
    }

    /// The sum of the Goldstein scores; none where no event has one.
    pub fn goldstein(&self) -> Option<f64> {
        (self.few(SCORED) > 0).then(|| self.wide[0] as f64 / 1000.0)
    }

    /// Events with a Goldstein score.
    pub fn scored(&self) -> i64 {
        self.few(SCORED)
    }

    /// Mentions, sources and articles; none where no event says.
    pub fn mentions(&self) -> Option<[i64; 3]> {
        (self.few(MENTIONED) > 0).then(|| [self.wide[1], self.wide[2], self.wide[3]])
    }

    /// Deaths: best, low and high; none where no event says.
    pub fn deaths(&self) -> Option<[i64; 3]> {
        (self.few(DEATHS) > 0).then(|| [self.wide[4], self.wide[5], self.wide[6]])
    }

    fn few(&self, at: usize) -> i64 {
        self.few.get(at).copied().map_or(0, i64::from)
    }

    #[inline]
    fn more(&mut self, at: usize, more: i32) {
        if let Some(count) = self.few.get_mut(at) {
            *count = count.saturating_add(more);
        }
    }

    #[inline]
    fn wider(&mut self, at: usize, figure: i32, sign: i32) {
        if let Some(sum) = self.wide.get_mut(at).filter(|_| figure != NONE) {
            *sum = sum.saturating_add(i64::from(figure) * i64::from(sign));
        }
    }

    /// Adds an event (`sign` 1) or takes it away (−1).
    #[inline]
    pub(crate) fn event(&mut self, event: &Figures, sign: i32) {
        self.more(EVENTS, sign);
        if (1..=QUADS).contains(&usize::from(event.quad)) {
            self.more(QUAD + usize::from(event.quad) - 1, sign);
        }
        let root = usize::from(event.root);
        self.more(ROOT + if root < ROOTS { root } else { 0 }, sign);
        if event.goldstein != NONE {
            self.more(SCORED, sign);
            self.wider(0, event.goldstein, sign);
        }
        if event.mentions != NONE {
            self.more(MENTIONED, sign);
            self.wider(1, event.mentions, sign);
            self.wider(2, event.sources, sign);
            self.wider(3, event.articles, sign);
        }
        if [event.best, event.low, event.high] != [NONE; 3] {
            self.more(DEATHS, sign);
            self.wider(4, event.best, sign);
            self.wider(5, event.low, sign);
            self.wider(6, event.high, sign);
        }
    }

    /// Adds a story, or takes it away.
    #[inline]
    pub(crate) fn story(&mut self, quad: u8, sign: i32) {
        self.more(STORIES, sign);
        if (1..=QUADS).contains(&usize::from(quad)) {
            self.more(QUAD_STORIES + usize::from(quad) - 1, sign);
        }
    }

    /// Adds other sums.
    pub fn add(&mut self, more: &Self) {
        for (sum, more) in self.few.iter_mut().zip(more.few) {
            *sum = sum.saturating_add(more);
        }
        for (sum, more) in self.wide.iter_mut().zip(more.wide) {
            *sum = sum.saturating_add(more);
        }
    }

    /// Whether nothing is left.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}
