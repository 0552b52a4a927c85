//! One verdict explained: the rule, each block, each reading, the rows, and what made silence count.

use serde::Serialize;

use std::collections::BTreeMap;

use comity_record::Coverage;

use super::block::Rows;
use super::evaluate::{Cell, Evaluation, Outcome, at_least};
use super::judge::is_judged;
use super::pursue::Standing;
use super::report::{in_words_for, program, source_head};
use super::rules::{self, Bounds};
use crate::audit::{Finding, Looked, Missing, OfSize, PolicyHead, SourceHead, StateHead};
use crate::document::{Bar, Commitment, Kind};
use crate::error::Error;
use crate::verdict::Verdict;

/// Why a verdict is what it is.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    /// The state.
    pub state: StateHead,
    /// The commitment.
    pub commitment: String,
    /// Its title in that year.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// The year.
    pub year: i32,
    /// The verdict over all readings.
    pub verdict: Verdict,
    /// Of an unknown verdict: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Verdict>,
    /// Whether the year is fully covered: only then does it count in shares.
    pub covered: bool,
    /// The rule that made it, in a sentence.
    pub rule: String,
    /// The verdict under each reading, baseline first.
    pub readings: Vec<WhyReading>,
    /// The findings of that year, over all readings.
    pub findings: Vec<Finding>,
    /// What was missing, if the verdict is unknown.
    pub missing: Vec<Missing>,
    /// Which sources did cover the year and held nothing, if the verdict is unknown.
    pub looked: Vec<Looked>,
    /// Findings of the state that no verdict counts, where there are any.
    pub remarks: Vec<String>,
    /// The last change of the verdict, where that is what was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<LastChange>,
    /// `comity` and its version.
    pub program: String,
    /// The policy.
    pub policy: PolicyHead,
    /// Fingerprint of the record.
    pub record: String,
    /// The sources of the findings.
    pub sources: Vec<SourceHead>,
}

/// The year in which the verdict on a state last became another. Years of which nothing is known, and those without an occasion, count
/// for no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LastChange {
    /// The year of the change; where the verdict was the same in all years known, the last of them; else the last year of the state.
    pub year: i32,
    /// The year known before, and its verdict; none: there was no change.
    pub before: Option<(i32, Verdict)>,
    /// The first and the last year known.
    pub known: Option<(i32, i32)>,
    /// How many years are known.
    pub years_known: usize,
    /// Whether there is a value in some year, where there is no verdict.
    pub valued: bool,
}

/// One reading.
#[derive(Debug, Clone, Serialize)]
pub struct WhyReading {
    /// Its id.
    pub id: String,
    /// Verdict.
    pub verdict: Verdict,
    /// Of an unknown verdict: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Verdict>,
    /// Each block.
    pub blocks: Vec<WhyBlock>,
}

/// One evidence block under one reading.
#[derive(Debug, Clone, Serialize)]
pub struct WhyBlock {
    /// Its name.
    pub name: String,
    /// Verdict of the block alone; none where it is not judged.
    pub verdict: Option<Verdict>,
    /// Of an unknown verdict: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Verdict>,
    /// Whether its rows or values have a verdict.
    pub judged: bool,
    /// Whether its silence is needed for `kept`.
    pub needed: bool,
    /// Columns that decide, where a null in one of them leaves open whether something graver happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<String>,
    /// Years before that must be covered too.
    pub lookback: i32,
    /// The query.
    pub sql: String,
    /// Rows of that state and year.
    pub rows: usize,
    /// The value and where it stands, for something striven for.
    pub standing: Option<WhyStanding>,
    /// The fact tables that it reads.
    pub tables: Vec<WhyTable>,
}

/// A value among all states of the year.
#[derive(Debug, Clone, Serialize)]
pub struct WhyStanding {
    /// Value.
    pub value: f64,
    /// Share of that year's states with a worse value.
    pub percentile: Option<f64>,
    /// Decile, quartile, median, quartile, decile.
    pub spread: Option<[f64; 5]>,
    /// The value less the mean of the five years before.
    pub trend: Option<f64>,
    /// Among states of its size.
    pub of_size: Option<OfSize>,
    /// The bar, where the commitment states one.
    pub bar: Option<Bar>,
}

/// A table and whether silence in it counts.
#[derive(Debug, Clone, Serialize)]
pub struct WhyTable {
    /// Canonical table.
    pub table: String,
    /// True: a row found stands whatever else the table might have held.
    pub proves: bool,
    /// True: its rows exempt; where it is not covered, what was found may be exempted.
    pub exempts: bool,
    /// Whether the state and year (and look-back) are covered.
    pub covered: bool,
    /// The claims that could cover it: source and coverage in words.
    pub coverage: Vec<(String, String)>,
}

impl Evaluation {
    /// When the verdict on a state last changed.
    pub fn last_change(&self, ccode: i32, commitment: &str) -> Result<LastChange, Error> {
        let at = self.policy.commitments.iter().position(|c| c.id == commitment);
        let Some(outcome) = at.and_then(|at| self.outcomes[at].as_ref()) else {
            return Err(Error::NoCommitment { id: commitment.to_owned(), hint: String::new() });
        };
        let (from, to) = self.years_of(ccode, None, None)?;
        let cell = |year: i32| Some((year, outcome.cells[self.grid.cell(ccode, year)?].verdict));
        let decided = |v: &(i32, Verdict)| {
            use Verdict::{Broken, Contested, Kept, Strained};
            matches!(v.1, Kept | Strained | Broken | Contested)
        };
        let known: Vec<(i32, Verdict)> = (from..=to).filter_map(cell).filter(decided).collect();
        let ends = known.first().zip(known.last()).map(|(first, last)| (first.0, last.0));
        let mut change = LastChange {
            year: ends.map_or(to, |e| e.1),
            before: None,
            known: ends,
            years_known: known.len(),
            valued: false,
        };
        if let Some(pair) = known.windows(2).rev().find(|pair| pair[0].1 != pair[1].1) {
            (change.year, change.before) = (pair[1].0, Some(pair[0]));
        } else if known.is_empty() {
            let valued = outcome.readings.first().into_iter().flat_map(|r| &r.blocks);
            let years = valued.flat_map(|b| b.standings.of_state(ccode, from, to));
            let last = years.map(|(year, _)| year).max();
            (change.year, change.valued) = (last.unwrap_or(to), last.is_some());
        }
        Ok(change)
    }

    /// Explains one verdict.
    pub fn why(&self, ccode: i32, commitment: &str, year: i32) -> Result<Why, Error> {
        let at = self.policy.commitments.iter().position(|c| c.id == commitment);
        let Some((at, outcome)) = at.and_then(|at| Some((at, self.outcomes[at].as_ref()?))) else {
            return Err(Error::NoCommitment { id: commitment.to_owned(), hint: String::new() });
        };
        let c = &self.policy.commitments[at];
        self.years_of(ccode, Some(year), Some(year))?;
        let Some(cell) = self.grid.cell(ccode, year) else { return Err(Error::NoState(ccode)) };
        let system = self.record.states()?;
        let readings: Vec<WhyReading> = outcome
            .readings
            .iter()
            .map(|under| WhyReading {
                id: self.readings[under.reading].id.clone(),
                verdict: under.cells[cell].verdict,
                at_least: at_least(under.cells[cell].verdict, under.cells[cell].bounds),
                blocks: under
                    .blocks
                    .iter()
                    .filter(|b| c.versions[b.version].in_force(year))
                    .map(|b| {
                        let evidence = &c.versions[b.version].evidence[b.block];
                        let rows = match &b.rows {
                            Rows::Found(f) => f.of(ccode, year, year).len(),
                            Rows::Values(v) => {
                                v.iter().filter(|v| (v.state, v.year) == (ccode, year)).count()
                            }
                        };
                        let standing =
                            b.standings.get((ccode, year)).map(|s: Standing| WhyStanding {
                                value: s.value,
                                percentile: s.percentile,
                                spread: s.spread,
                                trend: s.trend,
                                of_size: s.of_size.map(|o| OfSize {
                                    size: o.size.to_owned(),
                                    states: o.states,
                                    percentile: o.percentile,
                                }),
                                bar: evidence.bar,
                            });
                        let tables = b
                            .needs
                            .iter()
                            .map(|need| {
                                let coverage = need.coverage(&self.record, &b.reading);
                                let covers = |y| need.covers(&coverage, ccode, y);
                                let at = (ccode, year);
                                let covered = self.grid.looks_back(at, b.lookback, covers);
                                WhyTable {
                                    table: need.table.to_owned(),
                                    proves: need.proves,
                                    exempts: need.exempts,
                                    covered,
                                    coverage: deciding(coverage.entries(), ccode, year)
                                        .into_iter()
                                        .map(|(s, c)| (s.to_owned(), in_words_for(c, &need.only)))
                                        .collect(),
                                }
                            })
                            .collect();
                        WhyBlock {
                            name: evidence.name.clone(),
                            verdict: b.bounds[cell].map(|bounds| bounds.verdict(c.kind)),
                            at_least: b.bounds[cell]
                                .and_then(|bounds| at_least(bounds.verdict(c.kind), Some(bounds))),
                            judged: is_judged(c.kind, evidence),
                            needed: !evidence.supplementary,
                            undecided: if b.undecided.contains(&(ccode, year)) {
                                evidence.decides.iter().map(|(t, c)| format!("{t}.{c}")).collect()
                            } else {
                                Vec::new()
                            },
                            lookback: b.lookback,
                            sql: evidence.query.sql.clone(),
                            rows,
                            standing,
                            tables,
                        }
                    })
                    .collect(),
            })
            .collect();
        let Cell { verdict, bounds } = outcome.cells[cell];
        let title = c.versions.iter().find(|v| v.in_force(year)).map_or(&c.title, |v| &v.title);
        let mut findings = self.findings(c, outcome, ccode, year, year);
        self.events_of(c, &mut findings)?;
        let named = |s: &&comity_record::Source| findings.iter().any(|f| f.source == s.id);
        let sources = self.record.sources().iter().filter(named).map(source_head).collect();
        Ok(Why {
            state: StateHead::of(system, ccode, year),
            commitment: c.id.clone(),
            title: title.clone(),
            kind: c.kind,
            year,
            verdict,
            at_least: at_least(verdict, bounds),
            covered: outcome.cells[cell].covered(),
            rule: rule(c, outcome, (ccode, year), (verdict, bounds)).to_owned(),
            readings,
            findings,
            missing: self.missing(c, outcome, ccode, year, year),
            looked: self.looked(c, outcome, ccode, year, year),
            remarks: self.outside(ccode).into_iter().collect(),
            change: None,
            program: program(),
            policy: self.policy_head(),
            record: self.record.fingerprint()?,
            sources,
        })
    }
}

/// The rule behind the verdict on a state and year, in a sentence.
fn rule(
    c: &Commitment,
    outcome: &Outcome,
    (ccode, year): (i32, i32),
    (verdict, bounds): (Verdict, Option<Bounds>),
) -> &'static str {
    let version = c.versions.iter().find(|v| v.in_force(year));
    if version.is_some_and(|v| !v.evidence.iter().any(|e| is_judged(c.kind, e))) {
        return "It states no bar, so there is no verdict: the value, its trend and where it stands among states of its size are shown.";
    }
    let blocks = outcome.readings.first().into_iter().flat_map(|r| &r.blocks);
    let null = blocks.into_iter().any(|b| b.undecided.contains(&(ccode, year)));
    if null && verdict == Verdict::Unknown {
        return "A number that decides is not known, and some value of it could change the verdict.";
    }
    rules::sentence(c.kind, verdict, bounds.unwrap_or_default())
}

/// Of all claims, those that decide whether missing rows count: of each source those about the state in the year; where there are none, its nearest before
/// and after; where it has none about the state at all, its nearest about others.
fn deciding(entries: &[(String, Coverage)], ccode: i32, year: i32) -> Vec<(&str, &Coverage)> {
    let mut sources: BTreeMap<&str, Vec<&Coverage>> = BTreeMap::new();
    for (source, claim) in entries {
        sources.entry(source).or_default().push(claim);
    }
    let mut deciding = Vec::new();
    for (source, claims) in sources {
        let about: Vec<&Coverage> =
            claims.iter().filter(|c| c.units.contain(ccode)).copied().collect();
        let claims = if about.is_empty() { claims } else { about };
        let now: Vec<&Coverage> =
            claims.iter().filter(|c| (c.from..=c.to).contains(&year)).copied().collect();
        let near = if now.is_empty() {
            let before = claims.iter().filter(|c| c.to < year).max_by_key(|c| c.to);
            let after = claims.iter().filter(|c| c.from > year).min_by_key(|c| c.from);
            before.into_iter().chain(after).copied().collect()
        } else {
            now
        };
        deciding.extend(near.into_iter().map(|claim| (source, claim)));
    }
    deciding
}
