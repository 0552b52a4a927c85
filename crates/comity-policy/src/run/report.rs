//! From an evaluation to what an audit says of the states requested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use comity_record::coverage::Only;
use comity_record::parallel::in_order;
use comity_record::{Coverage, Source, Units};

use super::block::Rows;
use super::evaluate::{Cell, Evaluation, Outcome, ReadingOutcome, at_least};
use super::findings::Found;
use super::judge::is_judged;
use super::plan::{NeedKey, blocks};
use crate::audit::{
    Answered, Audit, CommitmentAudit, Finding, GoalAudit, Missing, OfSize, PolicyHead, ReadingHead,
    ReadingRate, ReadingVerdict, RecordHead, Report, Severity, SourceHead, StateHead, Tally,
    YearValue, YearVerdict,
};
use crate::document::{Commitment, Kind};
use crate::error::Error;
use crate::remarks;
use crate::verdict::Verdict;

/// Verdicts of all states under one commitment, per year.
#[derive(Default)]
pub(super) struct Tallies {
    pub overall: Vec<Tally>,
    /// By index of the reading; empty where there is one.
    readings: Vec<(usize, Vec<Tally>)>,
}

impl Evaluation {
    /// The audit of these states, by `ccode`, over these years.
    ///
    /// Without years: from the later of the policy's adoption and the state's entry, to the earlier of
    /// the last year that any needed source covers and the state's exit.
    pub fn report(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<Report, Error> {
        let mut states = states.to_vec();
        states.sort_unstable();
        states.dedup();
        let mut audits = Vec::with_capacity(states.len());
        self.audits(&states, (from, to), usize::MAX, |audit| {
            audits.push(audit);
            Ok::<_, Error>(())
        })?;
        Ok(Report { audits, ..self.head()? })
    }

    /// What a report says before its audits, of which it has none.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn head(&self) -> Result<Report, Error> {
        Ok(Report {
            schema_version: 1,
            program: program(),
            policy: self.policy_head(),
            record: self.record_head()?,
            audits: Vec::new(),
            without: self.options.without.clone(),
        })
    }

    /// Hands on the audits of these states, sorted by `ccode` and each named once, as they are made; no more than `ahead` wait to be taken.
    ///
    /// # Errors
    /// Years out of order, a state that is in none of them, and what `take` refuses.
    pub fn audits<E: From<Error>>(
        &self,
        states: &[i32],
        (from, to): (Option<i32>, Option<i32>),
        ahead: usize,
        mut take: impl FnMut(Audit) -> Result<(), E>,
    ) -> Result<(), E> {
        let tallies = self.tallies();
        let made = |(): &mut (), at: usize| self.audit(states[at], from, to, Some(&tallies));
        in_order(states.len(), ahead, || (), made, |audit| take(audit?))
    }

    /// The audit of one state up to a year, without what all states did: base rates are empty.
    ///
    /// # Errors
    /// A state that is in none of the years.
    pub fn audit_alone(&self, ccode: i32, to: Option<i32>) -> Result<Audit, Error> {
        self.audit(ccode, None, to, None)
    }

    pub(crate) fn policy_head(&self) -> PolicyHead {
        PolicyHead::of(&self.policy)
    }

    /// Every state that was in the system in some year from `from` to `to`.
    pub fn states_between(&self, from: i32, to: i32) -> Vec<i32> {
        // Outside the years that are judged nobody is in the system.
        let (from, to) = (from.max(self.grid.from), to.min(self.grid.to));
        let there = |s: &&i32| (from..=to).any(|y| self.grid.cell(**s, y).is_some());
        self.grid.states.iter().filter(there).copied().collect()
    }

    /// Whether a state was in the system in some year up to this one.
    pub fn is_there(&self, ccode: i32, to: i32) -> bool {
        (self.grid.from..=to.min(self.grid.to)).any(|y| self.grid.cell(ccode, y).is_some())
    }

    /// Every state that an audit of all states is about: those of the system from `from` (else the policy's adoption, else 1816) to `to`
    /// (else the last year that a needed source covers).
    pub fn all_states(&self, from: Option<i32>, to: Option<i32>) -> Vec<i32> {
        let adopted = self.policy.adopted.as_ref().and_then(|day| day.get(..4)?.parse().ok());
        let from = from.or(adopted).unwrap_or(1816);
        self.states_between(from, to.unwrap_or_else(|| self.last_year()))
    }

    /// The last year that any needed source covers, or in which one says something all the same.
    pub fn last_year(&self) -> i32 {
        let blocks =
            || self.outcomes.iter().flatten().flat_map(|o| &o.readings).flat_map(|r| &r.blocks);
        let last = || {
            let ends = blocks()
                .flat_map(|b| b.coverage(&self.record))
                .filter_map(|(_, coverage)| Some(coverage.span()?.1));
            ends.chain(self.last_found()).max().unwrap_or(self.grid.to)
        };
        *self.last_year.get_or_init(last)
    }

    fn record_head(&self) -> Result<RecordHead, Error> {
        Ok(RecordHead {
            fingerprint: self.record.fingerprint()?,
            sources: self.record.sources().iter().map(source_head).collect(),
            readings: self
                .readings
                .iter()
                .map(|r| ReadingHead { id: r.id.clone(), choices: r.choices.clone() })
                .collect(),
        })
    }

    /// Verdicts of all states per commitment.
    pub(super) fn tallies(&self) -> Vec<Tallies> {
        let count = |outcome: &Option<Arc<Outcome>>| {
            let Some(outcome) = outcome else { return Tallies::default() };
            let mut overall = self.tally(&outcome.cells);
            for cell in self.mandated(outcome) {
                overall[self.year_of(cell)].mandated += 1;
            }
            let several = outcome.readings.iter().filter(|_| outcome.readings.len() > 1);
            let readings = several.map(|r| (r.reading, self.tally(&r.cells))).collect();
            Tallies { overall, readings }
        };
        self.outcomes.iter().map(count).collect()
    }

    /// Verdicts of all states per year.
    fn tally(&self, cells: &[Cell]) -> Vec<Tally> {
        let mut by_year = vec![Tally::default(); self.grid.years()];
        for (at, cell) in cells.iter().enumerate() {
            let least = at_least(cell.verdict, cell.bounds).is_some();
            by_year[self.year_of(at)].add(cell.verdict, cell.covered(), least);
        }
        by_year
    }

    /// The sum over some of the grid's years.
    pub(super) fn sum(&self, by_year: &[Tally], (from, to): (i32, i32)) -> Tally {
        let years = (from - self.grid.from) as usize..=(to - self.grid.from) as usize;
        by_year[years].iter().fold(Tally::default(), |sum, t| sum.plus(*t))
    }

    /// Which of the grid's years a cell is in.
    fn year_of(&self, cell: usize) -> usize {
        (self.grid.at(cell).1 - self.grid.from) as usize
    }

    /// The cells with acts under a mandate, under the baseline.
    pub(super) fn mandated(&self, outcome: &Outcome) -> BTreeSet<usize> {
        let mut cells = BTreeSet::new();
        for block in outcome.readings.first().into_iter().flat_map(|r| &r.blocks) {
            if let Rows::Found(found) = &block.rows {
                let mandated = found.graded().filter(|g| g.2 == Severity::Mandated);
                let cell = |(state, year, _)| self.grid.cell(state, year);
                cells.extend(mandated.filter_map(cell).filter(|c| block.bounds[*c].is_some()));
            }
        }
        cells
    }

    /// The years to audit of a state.
    pub(crate) fn years_of(
        &self,
        ccode: i32,
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<(i32, i32), Error> {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Error::YearsBackwards { from, to });
        }
        let there: Vec<i32> = (self.grid.from..=self.grid.to)
            .filter(|y| self.grid.cell(ccode, *y).is_some())
            .collect();
        let (Some(entry), Some(exit)) = (there.first().copied(), there.last().copied()) else {
            return Err(Error::NoState(ccode));
        };
        let adopted = self
            .policy
            .adopted
            .as_deref()
            .and_then(|d| d.get(..4))
            .and_then(|y| y.parse::<i32>().ok())
            .unwrap_or(self.grid.from);
        let first = from.unwrap_or_else(|| adopted.max(entry)).max(self.grid.from);
        let last = to.unwrap_or_else(|| self.last_year().min(exit)).min(self.grid.to);
        if !there.iter().any(|y| (first..=last).contains(y)) {
            let system = self.record.states()?;
            return Err(Error::NotThen {
                name: system.name(ccode, exit),
                from: first,
                to: to.unwrap_or_else(|| self.last_year()),
                spells: spells(&there),
            });
        }
        Ok((first, last))
    }

    fn audit(
        &self,
        ccode: i32,
        from: Option<i32>,
        to: Option<i32>,
        tallies: Option<&[Tallies]>,
    ) -> Result<Audit, Error> {
        let (from, to) = self.years_of(ccode, from, to)?;
        let system = self.record.states()?;
        let (mut commitments, mut goals) = (Vec::new(), Vec::new());
        for (at, commitment) in self.policy.commitments.iter().enumerate() {
            let wanted = &self.options.commitments;
            let Some(outcome) = &self.outcomes[at] else { continue };
            if !wanted.is_empty() && !wanted.contains(&commitment.id) {
                continue;
            }
            match commitment.kind {
                Kind::Watch => {}
                Kind::Goal => goals.push(self.goal(commitment, outcome, ccode, from, to)),
                _ => {
                    let mut audit = self.commitment(commitment, outcome, ccode, from, to);
                    if let (true, Some(tallies)) = (audit.judged, tallies) {
                        let sum = |by_year: &[Tally]| self.sum(by_year, (from, to));
                        audit.base_rate = sum(&tallies[at].overall);
                        let rate = |(reading, by_year): &(usize, Vec<Tally>)| ReadingRate {
                            reading: self.readings[*reading].id.clone(),
                            rate: sum(by_year),
                        };
                        audit.base_rates = tallies[at].readings.iter().map(rate).collect();
                    }
                    commitments.push(audit);
                }
            }
        }
        let mut remarks = remarks::about(ccode, from, to);
        remarks.extend(self.outside(ccode));
        Ok(Audit { state: StateHead::of(system, ccode, to), from, to, remarks, commitments, goals })
    }

    pub(super) fn article(&self, commitment: &Commitment) -> String {
        self.policy.articles.get(commitment.article).map(|a| a.id.clone()).unwrap_or_default()
    }

    fn commitment(
        &self,
        commitment: &Commitment,
        outcome: &Outcome,
        ccode: i32,
        from: i32,
        to: i32,
    ) -> CommitmentAudit {
        let sources: Vec<&[String]> = outcome.readings.iter().map(|r| self.answering(r)).collect();
        let judged = blocks(&commitment.versions).any(|e| is_judged(commitment.kind, e));
        let looked = self.looked(commitment, outcome, ccode, from, to);
        let verdict = |year: i32| {
            let cell = self.grid.cell(ccode, year);
            let of = |all: &[Cell]| cell.map_or(Cell::OUT, |c| all[c]);
            let overall = of(&outcome.cells);
            let readings = outcome.readings.iter().zip(&sources);
            let broken = |r: &&ReadingOutcome| of(&r.cells).verdict == Verdict::Broken;
            let unknown = overall.verdict == Verdict::Unknown;
            let broken_in = outcome.readings.iter().filter(|_| unknown).filter(broken);
            YearVerdict {
                year,
                verdict: overall.verdict,
                at_least: at_least(overall.verdict, overall.bounds),
                covered: overall.covered(),
                looked: looked.iter().any(|l| (l.from..=l.to).contains(&year)),
                broken_in: broken_in.map(|r| self.readings[r.reading].id.clone()).collect(),
                readings: readings
                    .map(|(r, sources)| ReadingVerdict {
                        sources: sources.to_vec(),
                        verdict: of(&r.cells).verdict,
                        at_least: at_least(of(&r.cells).verdict, of(&r.cells).bounds),
                    })
                    .collect(),
            }
        };
        let verdicts = if judged { (from..=to).map(verdict).collect() } else { Vec::new() };
        let mut audit = CommitmentAudit {
            id: commitment.id.clone(),
            article: self.article(commitment),
            title: commitment.title.clone(),
            kind: commitment.kind,
            better: commitment.better,
            judged,
            principles: commitment.principles.clone(),
            findings: self.findings(commitment, outcome, ccode, from, to),
            values: values(commitment, outcome, ccode, from, to),
            base_rate: Tally::default(),
            base_rates: Vec::new(),
            missing: self.missing(commitment, outcome, ccode, from, to),
            looked,
            verdicts,
            sources: Vec::new(),
            answered: Answered::default(),
        };
        audit.sources = self.used(outcome, &audit.findings);
        audit.answered = super::answered::of(&audit, self.record.catalogue());
        audit
    }

    /// Ids of the sources that answered under a reading, sorted.
    pub(super) fn answering<'a>(&self, under: &'a ReadingOutcome) -> &'a [String] {
        under.answering.get_or_init(|| {
            let coverage = under.blocks.iter().flat_map(|b| b.coverage(&self.record));
            let ids: BTreeSet<&String> =
                coverage.flat_map(|(_, c)| c.entries()).map(|(id, _)| id).collect();
            ids.into_iter().cloned().collect()
        })
    }

    /// Ids of the sources that could answer under some reading, or have a finding, sorted.
    fn used(&self, outcome: &Outcome, findings: &[Finding]) -> Vec<String> {
        let answering = outcome.readings.iter().flat_map(|r| self.answering(r));
        let found = findings.iter().map(|f| &f.source);
        let used: BTreeSet<&String> = answering.chain(found).collect();
        used.into_iter().cloned().collect()
    }

    pub(crate) fn findings(
        &self,
        commitment: &Commitment,
        outcome: &Outcome,
        ccode: i32,
        from: i32,
        to: i32,
    ) -> Vec<Finding> {
        let mut found: Vec<(usize, usize, &str, Found)> = Vec::new();
        for under in &outcome.readings {
            for block in &under.blocks {
                let Rows::Found(rows) = &block.rows else { continue };
                let version = &commitment.versions[block.version];
                let name = version.evidence[block.block].name.as_str();
                let in_force = |year: i32| (from..=to).contains(&year) && version.in_force(year);
                let of_state = rows.of_years(ccode, in_force).into_iter();
                found.extend(of_state.map(|f| (under.reading, block.block, name, f)));
            }
        }
        let mut seen = BTreeSet::new();
        let new = found.iter().filter(|(_, block, _, f)| seen.insert((*block, f.key())));
        let mut all: Vec<Finding> = new
            .map(|(reading, _, name, f)| self.finding(f, name, &self.readings[*reading].id))
            .collect();
        let key = |f: &Finding| (f.year, f.severity, f.other);
        all.sort_by(|a, b| {
            let texts = (&a.block, &a.reading, &a.what, &a.source, &a.source_row);
            let others = (&b.block, &b.reading, &b.what, &b.source, &b.source_row);
            key(a).cmp(&key(b)).then_with(|| texts.cmp(&others))
        });
        all
    }

    fn finding(&self, f: &Found, block: &str, reading: &str) -> Finding {
        let states = self.record.states().ok();
        let abbr = f.other.and_then(|o| Some(states?.abbr(o)));
        Finding {
            year: f.year,
            severity: f.severity,
            other: f.other,
            other_abbr: abbr.filter(|a| !a.is_empty()),
            other_handle: f.other.and_then(|o| Some(states?.handle(o))),
            what: f.what.clone(),
            magnitude: f.magnitude,
            label: f.label.clone(),
            also: f.also.clone(),
            block: block.to_owned(),
            reading: reading.to_owned(),
            source: f.source.clone(),
            source_row: f.source_row.clone(),
            event: None,
        }
    }

    fn goal(
        &self,
        commitment: &Commitment,
        outcome: &Outcome,
        ccode: i32,
        from: i32,
        to: i32,
    ) -> GoalAudit {
        GoalAudit {
            id: commitment.id.clone(),
            article: self.article(commitment),
            title: commitment.title.clone(),
            better: commitment.better,
            values: values(commitment, outcome, ccode, from, to),
            sources: self.used(outcome, &[]),
        }
    }

    /// The tables whose gaps left years unknown.
    pub(crate) fn missing(
        &self,
        commitment: &Commitment,
        outcome: &Outcome,
        ccode: i32,
        from: i32,
        to: i32,
    ) -> Vec<Missing> {
        let Some(baseline) = outcome.readings.first() else { return Vec::new() };
        let mut gaps: BTreeMap<(String, NeedKey), Vec<i32>> = BTreeMap::new();
        for block in &baseline.blocks {
            let version = &commitment.versions[block.version];
            let evidence = &version.evidence[block.block];
            if evidence.supplementary && version.evidence.iter().any(|e| !e.supplementary) {
                continue;
            }
            let unknown = |cell: usize| match block.bounds[cell] {
                Some(_) => outcome.cells[cell].verdict == Verdict::Unknown,
                // Without a bar there are no verdicts: a value that is not known is missed.
                None => !is_judged(commitment.kind, evidence),
            };
            let of_year = |year: i32| self.grid.cell(ccode, year).map(|cell| (cell, year));
            let open: Vec<i32> = (from..=to)
                .filter_map(of_year)
                .filter(|(cell, year)| unknown(*cell) && version.in_force(*year))
                .map(|(_, year)| year)
                .collect();
            if open.is_empty() {
                continue;
            }
            for (need, coverage) in block.coverage(&self.record) {
                let spans = need.spans(coverage, ccode);
                let covers = |y: i32| spans.iter().any(|(from, to)| (*from..=*to).contains(&y));
                let lacks = |y: &i32| !self.grid.looks_back((ccode, *y), block.lookback, covers);
                let years = open.iter().copied().filter(lacks);
                let key = (evidence.name.clone(), need.key());
                gaps.entry(key).or_default().extend(years);
            }
        }
        gaps.retain(|_, years| !years.is_empty());
        let (sources, catalogue) = (self.record.sources(), self.record.catalogue());
        let mut missing = Vec::new();
        for ((block, (table, more)), mut years) in gaps {
            years.dedup();
            for (from, to, mut by) in
                runs(&years).into_iter().flat_map(|run| catalogue.to_add(table, run, sources))
            {
                let too = more.map(|more| catalogue.to_add(more, (from, to), sources));
                by.extend(too.into_iter().flatten().flat_map(|(.., by)| by));
                let answered_by = by.into_iter().map(str::to_owned).collect();
                let block = block.clone();
                missing.push(Missing { table: table.to_owned(), block, from, to, answered_by });
            }
        }
        missing
    }
}

/// The values of one state, by block and year.
fn values(
    commitment: &Commitment,
    outcome: &Outcome,
    ccode: i32,
    from: i32,
    to: i32,
) -> Vec<YearValue> {
    let Some(baseline) = outcome.readings.first() else { return Vec::new() };
    let mut values = Vec::new();
    for block in &baseline.blocks {
        let name = &commitment.versions[block.version].evidence[block.block].name;
        for (year, s) in block.standings.of_state(ccode, from, to) {
            values.push(YearValue {
                block: name.clone(),
                year,
                value: s.value,
                percentile: s.percentile,
                spread: s.spread,
                trend: s.trend,
                of_size: s.of_size.map(|o| OfSize {
                    size: o.size.to_owned(),
                    states: o.states,
                    percentile: o.percentile,
                }),
            });
        }
    }
    values
}

/// Ascending years as runs.
pub(crate) fn runs(years: &[i32]) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &year in years {
        match runs.last_mut() {
            Some(last) if last.1 + 1 >= year => last.1 = year.max(last.1),
            _ => runs.push((year, year)),
        }
    }
    runs
}

fn spells(years: &[i32]) -> String {
    let spells: Vec<String> = runs(years).iter().map(|(a, b)| format!("{a}–{b}")).collect();
    spells.join(", ")
}

/// The program and its version.
pub(crate) fn program() -> String {
    format!("comity {}", env!("CARGO_PKG_VERSION"))
}

pub(crate) fn source_head(s: &Source) -> SourceHead {
    SourceHead {
        id: s.id.clone(),
        title: s.title.clone(),
        version: s.version.clone(),
        publisher: s.publisher.clone(),
        citation: s.citation.clone(),
        licence: s.licence.clone(),
        url: s.url.clone(),
        coverage: s.coverage.iter().map(in_words).collect(),
        notes: s.notes.clone(),
        unreviewed: s.unreviewed,
    }
}

/// A coverage in words: `pledges 1815–2016`.
pub fn in_words(c: &Coverage) -> String {
    in_words_for(c, &Only::new())
}

/// The same for a query for these rows only.
pub(crate) fn in_words_for(c: &Coverage, wanted: &Only) -> String {
    let units = match &c.units {
        Units::All => String::new(),
        Units::States(s) if s.len() == 1 => ", 1 state".to_owned(),
        Units::States(s) => format!(", {} states", s.len()),
        Units::AllExcept(s) if s.len() == 1 => ", all but 1 state".to_owned(),
        Units::AllExcept(s) => format!(", all but {} states", s.len()),
    };
    let mut only = String::new();
    for (column, texts) in &c.only {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let _ = write!(only, ", {column} {} only", texts.join(" or "));
    }
    // What the claim leaves out is said where a query needs it: it is why the claim does not answer.
    for (column, texts) in &c.except {
        let Some(wanted) = wanted.get(column) else { continue };
        let both: Vec<&str> = texts.intersection(wanted).map(String::as_str).collect();
        if !both.is_empty() {
            let _ = write!(only, ", but not {column} {}", both.join(" or "));
        }
    }
    let scope = c.scope.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
    let context = if c.context { ", context only" } else { "" };
    format!("{} {}–{}{units}{only}{context}{scope}", c.table, c.from, c.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_says_what_it_leaves_out_of_a_query() {
        let wanted =
            |name: &str| Coverage::all("memberships", 0, 0).only("organization", &[name]).only;
        let claim = Coverage::all("memberships", 2014, 2014).except("organization", &["ICAO"]);
        assert_eq!(in_words_for(&claim, &wanted("ITU")), "memberships 2014–2014");
        let words = in_words_for(&claim, &wanted("ICAO"));
        assert_eq!(words, "memberships 2014–2014, but not organization ICAO");
    }
}
