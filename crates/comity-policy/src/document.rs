//! A policy document as data: articles, commitments, versions, evidence, and the tests inside.

use serde::Serialize;

/// A stretch of the document, in bytes; lines and columns are derived from it when shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What kind of conduct a commitment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something not done: queries return breaches and strains.
    Refrain,
    /// Something done when the occasion comes: queries return occasions and how each was met.
    Perform,
    /// Something striven for: queries return a number per state and year.
    Pursue,
    /// An outcome, reported beside, with no verdict.
    Goal,
    /// For the event stream, with no verdict.
    Watch,
}

impl Kind {
    /// The class that marks it in a heading, without the dot.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refrain => "refrain",
            Self::Perform => "perform",
            Self::Pursue => "pursue",
            Self::Goal => "goal",
            Self::Watch => "watch",
        }
    }
}

/// Which direction of a pursued value is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// What something striven for is held against, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// At it or better: kept.
    pub target: f64,
    /// Worse than it: broken.
    pub floor: f64,
}

/// A policy, read and checked for form (its queries are checked against a session separately).
#[derive(Debug, Clone, Serialize)]
pub struct Policy {
    /// `id` of the front matter, kebab-case.
    pub id: String,
    /// `title` of the front matter.
    pub title: String,
    /// COW abbreviation of the state whose policy it is, if of one state.
    pub holder: Option<String>,
    /// First day of the policy, `YYYY-MM-DD`.
    pub adopted: Option<String>,
    /// The principles that commitments are cross-cut by, in order.
    pub principles: Vec<String>,
    /// Articles in document order.
    pub articles: Vec<Article>,
    /// Commitments in document order.
    pub commitments: Vec<Commitment>,
    /// Named helper queries, in document order; each may use earlier ones.
    pub helpers: Vec<Helper>,
    /// Definitions of acts that advice on this policy knows beside those that ship, in document order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Acts>,
    /// Constants that it names, with the range that each may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
    /// Path or name to show in messages.
    #[serde(skip)]
    pub file: String,
    /// The document as read, line ends normalised; spans point into it.
    #[serde(skip)]
    pub text: String,
}

/// A heading with its prose, and the commitments under it.
#[derive(Debug, Clone, Serialize)]
pub struct Article {
    /// Heading text without its attributes.
    pub title: String,
    /// Slug, unique in the document.
    pub id: String,
    /// Heading classes, for example `objections` or `not-operational`.
    pub classes: Vec<String>,
    /// Markdown between the heading and its first commitment, without fences for the machine.
    pub prose: String,
    /// Indices into `Policy::commitments`.
    pub commitments: Vec<usize>,
}

/// One commitment, in one or more dated versions.
#[derive(Debug, Clone, Serialize)]
pub struct Commitment {
    /// Its id, unique in the document.
    pub id: String,
    /// Title of its newest version.
    pub title: String,
    /// Index into `Policy::articles`.
    pub article: usize,
    /// Kind, the same in every version.
    pub kind: Kind,
    /// For `.pursue` and `.goal`: which direction is better.
    pub better: Option<Better>,
    /// Principles that it serves.
    pub principles: Vec<String>,
    /// For `.watch`: how it watches, and the commitments that an alarm touches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
    /// Versions by date; they neither gap nor overlap.
    pub versions: Vec<Version>,
    /// Tests inside the document.
    pub cases: Vec<Case>,
    /// Its heading.
    pub span: Span,
}

/// How a `.watch` commitment watches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Watch {
    /// Method, period, baseline, threshold and grade.
    pub settings: comity_events::detect::Settings,
    /// Ids of commitments that an alarm touches.
    pub touches: Vec<String>,
}

/// A commitment as it stood in a span of years.
#[derive(Debug, Clone, Serialize)]
pub struct Version {
    /// Title of this version.
    pub title: String,
    /// First year in force, null: from the beginning.
    pub from: Option<i32>,
    /// Last year in force, null: still.
    pub to: Option<i32>,
    /// Markdown for people, without fences for the machine.
    pub prose: String,
    /// Queries that say to which state-years it applies at all (none: to all).
    pub applies: Vec<Query>,
    /// Evidence blocks.
    pub evidence: Vec<Evidence>,
}

impl Version {
    /// Whether it is in force in `year`.
    pub fn in_force(&self, year: i32) -> bool {
        self.from.is_none_or(|f| f <= year) && self.to.is_none_or(|t| year <= t)
    }
}

/// A SQL query where it stands in the document.
#[derive(Debug, Clone, Serialize)]
pub struct Query {
    /// The text between the fences.
    pub sql: String,
    /// Where that text is in the document.
    pub span: Span,
}

/// Definitions of acts, as TOML. They are read where advice is given.
#[derive(Debug, Clone, Serialize)]
pub struct Acts {
    /// The text between the fences.
    pub text: String,
    /// Where that text is in the document.
    pub span: Span,
}

/// A constant that queries name (`$name`), and the range over which it could as well have been set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Threshold {
    /// Its name.
    pub name: String,
    /// Its value, as written.
    pub value: String,
    /// The least that it could be.
    pub low: String,
    /// The most.
    pub high: String,
    /// How far apart the values are that are tried between them; none: the two ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Why it has this value and this range.
    pub why: String,
    /// Where it is in the document.
    #[serde(skip)]
    pub span: Span,
}

impl Threshold {
    /// The other values that are tried, in order: those of the range by its steps, and its two ends.
    pub fn others(&self) -> Vec<String> {
        let number = |text: &str| text.parse::<f64>().unwrap_or_default();
        let (low, high) = (number(&self.low), number(&self.high));
        let mut all = vec![self.low.clone()];
        if let Some(step) = self.step.as_deref() {
            let digits = |text: &str| text.split_once('.').map_or(0, |(_, d)| d.len());
            let digits = digits(step).max(digits(&self.low));
            let step = number(step).max(f64::MIN_POSITIVE);
            let mut at = 1.0;
            while low + at * step < high - step * 1e-6 && at <= 50.0 {
                all.push(format!("{:.digits$}", low + at * step));
                at += 1.0;
            }
        }
        all.push(self.high.clone());
        all.retain(|v| number(v).total_cmp(&number(&self.value)).is_ne());
        all
    }
}

impl Policy {
    /// The same policy with another value of a threshold that it names.
    #[must_use]
    pub fn with_threshold(&self, name: &str, value: &str) -> Self {
        let mut policy = self.clone();
        for threshold in policy.thresholds.iter_mut().filter(|t| t.name == name) {
            value.clone_into(&mut threshold.value);
        }
        let thresholds = policy.thresholds.clone();
        let of = |name: &str| thresholds.iter().find(|t| t.name == name).map(|t| t.value.clone());
        let text = &self.text;
        let fill = |query: &mut Query| {
            if let Some(written) = text.get(query.span.start..query.span.end) {
                query.sql = crate::filled::filled(written, &of).0;
            }
        };
        policy.helpers.iter_mut().for_each(|h| fill(&mut h.query));
        for version in policy.commitments.iter_mut().flat_map(|c| &mut c.versions) {
            version.applies.iter_mut().for_each(fill);
            version.evidence.iter_mut().for_each(|e| fill(&mut e.query));
        }
        policy
    }

    /// The ids of the commitments whose queries name a threshold, by themselves, through helpers, or by the findings that they read.
    pub fn resting_on(&self, threshold: &str) -> Vec<String> {
        let names = |query: &Query| {
            let written = self.text.get(query.span.start..query.span.end).unwrap_or_default();
            crate::filled::filled(written, &|_| None).1.iter().any(|(n, _)| n == threshold)
        };
        let word = |sql: &str, name: &str| {
            sql.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|w| w.eq_ignore_ascii_case(name))
        };
        let mut helpers: Vec<&str> = Vec::new();
        for helper in &self.helpers {
            let through = helpers.iter().any(|name| word(&helper.query.sql, name));
            if names(&helper.query) || through {
                helpers.push(&helper.name);
            }
        }
        let mut ids: Vec<String> = Vec::new();
        loop {
            let rests = |c: &&Commitment| {
                let blocks = || c.versions.iter().flat_map(|v| &v.evidence);
                let applies = c.versions.iter().flat_map(|v| &v.applies);
                let queries = || applies.clone().chain(blocks().map(|e| &e.query));
                !ids.contains(&c.id)
                    && (queries()
                        .any(|q| names(q) || helpers.iter().any(|name| word(&q.sql, name)))
                        || blocks().flat_map(|e| &e.uses).any(|u| ids.contains(u)))
            };
            let more: Vec<String> =
                self.commitments.iter().filter(rests).map(|c| c.id.clone()).collect();
            if more.is_empty() {
                break;
            }
            ids.extend(more);
        }
        let all = self.commitments.iter().map(|c| &c.id);
        all.filter(|id| ids.contains(*id)).cloned().collect()
    }
}

/// A named query that later blocks may use as a table.
#[derive(Debug, Clone, Serialize)]
pub struct Helper {
    /// Its name in SQL.
    pub name: String,
    /// The query.
    pub query: Query,
}

/// One evidence block.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Its name, unique within the commitment.
    pub name: String,
    /// The query.
    pub query: Query,
    /// How many years before must be covered too.
    pub lookback: i32,
    /// A source (or dataset) this block reads, whatever the reading.
    pub source: Option<String>,
    /// True: what it proves counts, and its silence is not needed for `kept`
    /// (a second look where some other source happens to have one).
    pub supplementary: bool,
    /// Commitments whose findings it reads through the view `findings`.
    pub uses: Vec<String>,
    /// Canonical tables whose rows improve a verdict (a mandate takes a finding away): where they are not covered, the verdict lies between
    /// exempted and not exempted.
    pub exempts: Vec<String>,
    /// Table or view, and column, that decide about rows: where a null leaves a row undecided, the state-year is not covered.
    pub decides: Vec<(String, String)>,
    /// By table, the kinds of rows that the commitment promises to see, by what tells them apart: a claim that leaves them out does not answer.
    pub promises: Vec<Promise>,
    /// What the magnitudes of its findings measure; none: it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub magnitude: Option<crate::scale::Scale>,
    /// For `.pursue`: the bar; none: no verdict.
    pub bar: Option<Bar>,
}

/// What a block promises to see of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// Canonical table.
    pub table: String,
    /// What tells its kinds of rows apart, as in a claim of coverage.
    pub by: String,
    /// The kinds.
    pub kinds: Vec<String>,
}

/// One test inside the document: tables given, verdicts expected.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    /// Its name, unique within the commitment.
    pub name: String,
    /// Tables; one that is not given is empty and covered.
    pub given: Vec<Given>,
    /// Expected verdicts.
    pub expect: Vec<Expected>,
    /// The first `expect` fence.
    pub span: Span,
}

/// A table given to a test.
#[derive(Debug, Clone, Serialize)]
pub struct Given {
    /// Canonical table.
    pub table: String,
    /// Source (dataset) that the rows are said to come from.
    pub source: String,
    /// Years covered; null: every year.
    pub coverage: Option<(i32, i32)>,
    /// States covered; empty: all.
    pub units: Vec<i32>,
    /// Column names.
    pub columns: Vec<String>,
    /// Cells as written, trimmed, with where each row stands.
    pub rows: Vec<(Vec<String>, Span)>,
    /// The fence.
    pub span: Span,
}

/// One expected verdict.
#[derive(Debug, Clone, Serialize)]
pub struct Expected {
    /// `ccode`.
    pub state: i32,
    /// Year.
    pub year: i32,
    /// What is expected.
    pub wanted: Wanted,
    /// The row.
    pub span: Span,
}

/// What a test expects of a state and year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// A verdict; *unknown* is one of which no strain is known.
    Verdict(crate::verdict::Verdict),
    /// Unknown, and at least strained.
    StrainedOrWorse,
    /// The value of the first block, for something striven for; none: not known.
    Value(Option<f64>),
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Verdict(verdict) => verdict.fmt(f),
            Self::StrainedOrWorse => f.pad(STRAINED_OR_WORSE),
            Self::Value(Some(value)) => f.pad(&value.to_string()),
            Self::Value(None) => f.pad("unknown"),
        }
    }
}

/// In an `expect` table: unknown, and at least strained.
pub const STRAINED_OR_WORSE: &str = "strained-or-worse";
