//! Verdicts and findings of all states as plain rows: one per state, commitment and year; and how often each verdict came, beside the
//! years that it could have come in and what all states did in the same years.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use comity_record::StateSystem;
use comity_record::parallel::side_by_side;

use super::evaluate::{Evaluation, Outcome, at_least};
use super::judge::is_judged;
use super::looked::is_looked_at;
use super::plan::blocks;
use crate::audit::{Finding, Severity, Tally};
use crate::document::{Commitment, Kind};
use crate::error::Error;
use crate::verdict::{Form, Verdict};

/// The verdict on one state, commitment and year.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictRow {
    /// The state's code in the Correlates of War.
    pub ccode: i32,
    /// Its abbreviation there.
    pub stateabb: Arc<str>,
    /// Its name in that year.
    pub state: Arc<str>,
    /// The year; the state is in the system in it.
    pub year: i32,
    /// Id of the commitment.
    pub commitment: Arc<str>,
    /// Id of its article.
    pub article: Arc<str>,
    /// Its kind.
    pub kind: Kind,
    /// Verdict over all readings.
    pub verdict: Verdict,
    /// Of an unknown verdict: it is this or worse.
    pub at_least: Option<Verdict>,
    /// Whether the year is fully covered: only then does it count in shares.
    pub covered: bool,
    /// Of an unknown verdict: some source did cover the year, and held nothing.
    pub looked: bool,
    /// Findings of the year, under all readings.
    pub findings: Counts,
    /// The verdict under each reading that bears on the commitment, baseline first; empty where there is one.
    pub readings: Vec<(Arc<str>, Verdict)>,
}

impl VerdictRow {
    /// Whether something is held against the state in a year whose verdict is not known: silence must not acquit it.
    pub fn unknown_with_findings(&self) -> bool {
        self.verdict == Verdict::Unknown && self.findings.against() > 0
    }

    /// What it is drawn as.
    pub fn form(&self) -> Form {
        Form::of(self.verdict, self.at_least.is_some(), self.looked)
    }
}

/// How many findings there are, by how grave they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Breaches, and occasions met as broken.
    pub breaches: u32,
    /// Strains, and occasions met as strained.
    pub strains: u32,
    /// Occasions met as kept.
    pub kept: u32,
    /// Acts under a mandate of the Security Council.
    pub mandated: u32,
}

impl Counts {
    /// Counts one more.
    fn add(&mut self, severity: Severity) {
        *match severity {
            Severity::Breach => &mut self.breaches,
            Severity::Strain => &mut self.strains,
            Severity::Kept => &mut self.kept,
            Severity::Mandated => &mut self.mandated,
        } += 1;
    }

    /// Those that are held against the state.
    pub fn against(self) -> u32 {
        self.breaches + self.strains
    }

    /// All of them.
    pub fn all(self) -> u32 {
        self.against() + self.kept + self.mandated
    }
}

/// One finding, with the verdict on its year.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow {
    /// The state's code in the Correlates of War.
    pub ccode: i32,
    /// Its abbreviation there.
    pub stateabb: Arc<str>,
    /// Its name in the year.
    pub state: Arc<str>,
    /// Id of the commitment.
    pub commitment: Arc<str>,
    /// The verdict on the state and year; not applicable where the state is not in the system.
    pub verdict: Verdict,
    /// What was found, and in which year.
    pub finding: Finding,
}

/// How often each verdict came for one state and commitment, over the years asked in which the state was in the system.
#[derive(Debug, Clone, PartialEq)]
pub struct CountRow {
    /// The state's code in the Correlates of War.
    pub ccode: i32,
    /// Its abbreviation there.
    pub stateabb: Arc<str>,
    /// Its name in the last of these years.
    pub state: Arc<str>,
    /// Id of the commitment.
    pub commitment: Arc<str>,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Its own state-years.
    pub own: Tally,
    /// The state-years of all states in the same years.
    pub all: Tally,
}

/// One state in the years asked.
struct Of<'a> {
    ccode: i32,
    stateabb: Arc<str>,
    years: (i32, i32),
    /// Its name in each of these years.
    names: Vec<Arc<str>>,
    commitments: &'a [Asked<'a>],
}

/// A commitment that was asked for.
struct Asked<'a> {
    at: usize,
    commitment: &'a Commitment,
    outcome: &'a Outcome,
    id: Arc<str>,
    article: Arc<str>,
    readings: Vec<Arc<str>>,
    judged: bool,
}

impl<'a> Of<'a> {
    fn in_years(
        system: &StateSystem,
        ccode: i32,
        years: (i32, i32),
        commitments: &'a [Asked<'a>],
    ) -> Self {
        let mut names: Vec<Arc<str>> = Vec::new();
        for year in years.0..=years.1 {
            let name = system.name(ccode, year);
            match names.last() {
                Some(last) if **last == *name => names.push(Arc::clone(last)),
                _ => names.push(name.into()),
            }
        }
        Self { ccode, stateabb: system.abbr(ccode).into(), years, names, commitments }
    }

    fn name(&self, year: i32) -> Arc<str> {
        let at = usize::try_from(year - self.years.0).unwrap_or_default();
        self.names.get(at).cloned().unwrap_or_default()
    }
}

impl Evaluation {
    /// The verdicts on these states (none: all of the years asked), by `ccode`, commitment in the order of the document, and year.
    ///
    /// Years are those of an audit ([`Evaluation::report`]), without those in which a state is not in the system.
    ///
    /// # Errors
    /// A state that is in no year of the state system, or in none of those asked.
    pub fn verdict_rows(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<Vec<VerdictRow>, Error> {
        self.for_each(states, from, to, |of| {
            let judged = of.commitments.iter().filter(|c| c.judged);
            judged.flat_map(|asked| self.verdicts_of(of, asked)).collect()
        })
    }

    /// The findings behind them, by `ccode`, commitment and year.
    ///
    /// # Errors
    /// As [`Evaluation::verdict_rows`].
    pub fn finding_rows(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<Vec<FindingRow>, Error> {
        self.for_each(states, from, to, |of| {
            of.commitments.iter().flat_map(|asked| self.findings_of(of, asked)).collect()
        })
    }

    /// How often each verdict came, by `ccode` and commitment.
    ///
    /// # Errors
    /// As [`Evaluation::verdict_rows`].
    pub fn count_rows(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<Vec<CountRow>, Error> {
        let tallies = self.tallies();
        let mandated = |outcome: &Option<Arc<Outcome>>| {
            outcome.as_ref().map(|o| self.mandated(o)).unwrap_or_default()
        };
        let mandated: Vec<BTreeSet<usize>> = self.outcomes.iter().map(mandated).collect();
        self.for_each(states, from, to, |of| {
            let counted = |asked: &Asked<'_>| {
                let mut own = Tally::default();
                for (_, cell) in self.cells(of) {
                    let c = asked.outcome.cells[cell];
                    own.add(c.verdict, c.covered(), at_least(c.verdict, c.bounds).is_some());
                    own.mandated += u32::from(mandated[asked.at].contains(&cell));
                }
                CountRow {
                    ccode: of.ccode,
                    stateabb: Arc::clone(&of.stateabb),
                    state: of.name(of.years.1),
                    commitment: Arc::clone(&asked.id),
                    from: of.years.0,
                    to: of.years.1,
                    own,
                    all: self.sum(&tallies[asked.at].overall, of.years),
                }
            };
            of.commitments.iter().filter(|c| c.judged).map(counted).collect()
        })
    }

    /// Ids of the commitments about conduct that were asked for, in the order of the document.
    pub fn commitment_ids(&self) -> Vec<&str> {
        self.commitments_asked().into_iter().map(|asked| asked.commitment.id.as_str()).collect()
    }

    /// Ids of the sources that answered for any commitment asked, under any reading.
    pub fn answering_sources(&self) -> Vec<String> {
        let under = self.outcomes.iter().flatten().flat_map(|o| &o.readings);
        let ids: BTreeSet<&String> = under.flat_map(|under| self.answering(under)).collect();
        ids.into_iter().cloned().collect()
    }

    /// Makes rows for each state, side by side, in the order of states.
    fn for_each<T: Send>(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
        rows: impl Fn(&Of<'_>) -> Vec<T> + Sync,
    ) -> Result<Vec<T>, Error> {
        let mut states =
            if states.is_empty() { self.all_states(from, to) } else { states.to_vec() };
        states.sort_unstable();
        states.dedup();
        let (system, commitments) = (self.record.states()?, self.commitments_asked());
        let made = side_by_side(
            &states,
            || (),
            |(), ccode| -> Result<Vec<T>, Error> {
                let years = self.years_of(*ccode, from, to)?;
                Ok(rows(&Of::in_years(system, *ccode, years, &commitments)))
            },
        );
        let made = made.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(made.into_iter().flatten().collect())
    }

    /// The commitments about conduct that were asked for, in the order of the document.
    fn commitments_asked(&self) -> Vec<Asked<'_>> {
        let wanted = &self.options.commitments;
        let all = self.policy.commitments.iter().zip(&self.outcomes).enumerate();
        all.filter(|(_, (c, _))| !matches!(c.kind, Kind::Watch | Kind::Goal))
            .filter(|(_, (c, _))| wanted.is_empty() || wanted.contains(&c.id))
            .filter_map(|(at, (commitment, outcome))| {
                let outcome = outcome.as_ref()?;
                let reading = |r: &super::evaluate::ReadingOutcome| {
                    Arc::from(self.readings[r.reading].id.as_str())
                };
                Some(Asked {
                    at,
                    commitment,
                    outcome,
                    id: commitment.id.as_str().into(),
                    article: self.article(commitment).into(),
                    readings: outcome.readings.iter().map(reading).collect(),
                    judged: blocks(&commitment.versions).any(|e| is_judged(commitment.kind, e)),
                })
            })
            .collect()
    }

    /// The years asked in which the state is in the system, each with its cell.
    fn cells(&self, of: &Of<'_>) -> impl Iterator<Item = (i32, usize)> {
        let ccode = of.ccode;
        (of.years.0..=of.years.1).filter_map(move |y| Some((y, self.grid.cell(ccode, y)?)))
    }

    fn verdicts_of(&self, of: &Of<'_>, asked: &Asked<'_>) -> Vec<VerdictRow> {
        let outcome = asked.outcome;
        let (from, to) = of.years;
        let mut found: BTreeMap<i32, Counts> = BTreeMap::new();
        for finding in self.findings(asked.commitment, outcome, of.ccode, from, to) {
            found.entry(finding.year).or_default().add(finding.severity);
        }
        let row = |(year, cell): (i32, usize)| {
            let overall = outcome.cells[cell];
            let several = outcome.readings.len() > 1;
            let readings = outcome.readings.iter().zip(&asked.readings).filter(|_| several);
            VerdictRow {
                ccode: of.ccode,
                stateabb: Arc::clone(&of.stateabb),
                state: of.name(year),
                year,
                commitment: Arc::clone(&asked.id),
                article: Arc::clone(&asked.article),
                kind: asked.commitment.kind,
                verdict: overall.verdict,
                at_least: at_least(overall.verdict, overall.bounds),
                covered: overall.covered(),
                looked: is_looked_at(outcome, cell),
                findings: found.get(&year).copied().unwrap_or_default(),
                readings: readings.map(|(r, id)| (Arc::clone(id), r.cells[cell].verdict)).collect(),
            }
        };
        self.cells(of).map(row).collect()
    }

    fn findings_of(&self, of: &Of<'_>, asked: &Asked<'_>) -> Vec<FindingRow> {
        let (from, to) = of.years;
        let found = self.findings(asked.commitment, asked.outcome, of.ccode, from, to);
        let row = |finding: Finding| {
            let cell = self.grid.cell(of.ccode, finding.year);
            FindingRow {
                ccode: of.ccode,
                stateabb: Arc::clone(&of.stateabb),
                state: of.name(finding.year),
                commitment: Arc::clone(&asked.id),
                verdict: cell.map_or(Verdict::NotApplicable, |c| asked.outcome.cells[c].verdict),
                finding,
            }
        };
        found.into_iter().map(row).collect()
    }
}
