//! One evaluation of a policy over a record: every commitment, reading, state and year.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use comity_record::nearest;
use comity_record::schema::{TABLES, table};
use comity_record::{Coverage, Reading, Record, TableCoverage, Units};
use comity_sql::{Budget, Job, SqlError, in_parallel};

use super::block::{Applies, Asked, BlockRun, Rows, Used, run_applies, run_block};
use super::desks::{Desks, PATIENCE, Place};
use super::findings::together;
use super::grid::{Covered, Grid};
use super::kept::{self, Answers, Keep};
use super::plan::{Need, add, blocks, layers};
use super::pursue::{Sizes, Standings};
use super::rules::{Bounds, Grade};
use crate::document::{Evidence, Kind, Policy, Wanted};
use crate::error::Error;
use crate::verdict::Verdict;

/// Called with how many pieces of work are done, of how many.
pub type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// What to evaluate, and how.
#[derive(Clone, Default)]
pub struct Options {
    /// Sources chosen for families (`--source FAMILY=ID`).
    pub sources: Vec<(String, String)>,
    /// Pairs of states whose findings are set aside (`--without A:B`), both ways.
    pub without: Vec<(i32, i32)>,
    /// Commitments to evaluate, with those they use; none: all.
    pub commitments: Vec<String>,
    /// States whose findings and values are wanted; none: of all. What is said of others, and how all states fared, is then not to be used.
    pub focus: Option<Vec<i32>>,
    /// Called as work gets done.
    pub progress: Option<Progress>,
    /// What all queries may use together; none: [`Budget::default`].
    pub budget: Option<Budget>,
    /// Where answers are kept; none: every query is answered.
    pub keep: Option<Arc<dyn Keep>>,
    /// Whether what was laid out, planned and found is kept with the evaluation, for [`evaluate_beside`].
    pub warm: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("sources", &self.sources)
            .field("without", &self.without)
            .field("commitments", &self.commitments)
            .finish_non_exhaustive()
    }
}

/// One block under one reading, judged.
#[derive(Debug)]
pub(crate) struct BlockOutcome {
    pub version: usize,
    pub block: usize,
    pub needs: Vec<Need>,
    pub reading: Reading,
    /// The years before that must be covered too.
    pub lookback: i32,
    pub rows: Rows,
    pub standings: Standings,
    /// State-years in which a null may hide something graver than what was found.
    pub undecided: Vec<(i32, i32)>,
    /// Per cell, whether its rows are proved: nothing that they rest on is missing.
    pub proved: Vec<bool>,
    /// Per cell; none where the block's version is not in force, or where it is not judged.
    pub bounds: Vec<Option<Bounds>>,
    /// Where each need is covered, in their order; see [`BlockOutcome::coverage`].
    pub covered: OnceLock<Vec<TableCoverage>>,
}

impl BlockOutcome {
    /// Its needs, and where each is covered.
    pub(crate) fn coverage(
        &self,
        record: &Record,
    ) -> impl Iterator<Item = (&Need, &TableCoverage)> {
        let of = |need: &Need| need.coverage(record, &self.reading);
        self.needs.iter().zip(self.covered.get_or_init(|| self.needs.iter().map(of).collect()))
    }
}

/// A commitment in one state-year under one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub verdict: Verdict,
    /// None where the commitment does not apply.
    pub bounds: Option<Bounds>,
}

impl Cell {
    /// Outside the state system, the dates of the commitment, or what it applies to.
    pub(crate) const OUT: Self = Self { verdict: Verdict::NotApplicable, bounds: None };

    /// Whether it counts in shares.
    pub(crate) fn covered(self) -> bool {
        self.bounds.is_some_and(|b| b.covered)
    }
}

/// A commitment under one reading.
#[derive(Debug)]
pub(crate) struct ReadingOutcome {
    /// Index into `Evaluation::readings`.
    pub reading: usize,
    pub blocks: Vec<Arc<BlockOutcome>>,
    pub cells: Vec<Cell>,
    /// Ids of the sources that answered, sorted.
    pub answering: OnceLock<Vec<String>>,
}

/// A commitment, judged.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub readings: Vec<ReadingOutcome>,
    /// Over all readings.
    pub cells: Vec<Cell>,
    /// Where it applies.
    pub(super) scope: Arc<Vec<Scope>>,
    /// What that rests on.
    pub(super) applying: Vec<Need>,
}

/// A policy evaluated over a record.
#[derive(Debug)]
pub struct Evaluation {
    pub(crate) policy: Arc<Policy>,
    pub(crate) record: Record,
    pub(crate) options: Options,
    pub(crate) grid: Arc<Grid>,
    pub(crate) readings: Vec<Reading>,
    /// By index into `Policy::commitments`; none where it was not requested.
    pub(crate) outcomes: Vec<Option<Arc<Outcome>>>,
    /// What further evaluations can use.
    warm: Option<Warm>,
    /// The last year that any needed source covers.
    pub(crate) last_year: OnceLock<i32>,
    /// The last year in which anything was found.
    pub(crate) last_found: OnceLock<Option<i32>>,
}

/// What an evaluation was made with.
struct Warm(Arc<Work>);

impl fmt::Debug for Warm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Warm")
    }
}

/// Evaluates a policy over a record, for all states and years.
pub fn evaluate(record: &Record, policy: &Policy, options: &Options) -> Result<Evaluation, Error> {
    let wanted = wanted(policy, &options.commitments)?;
    let grid = Arc::new(Grid::of(record)?);
    let readings = readings(record, &options.sources)?;
    let covered = Arc::new(Covered::new(record.clone(), Arc::clone(&grid)));
    let budget = options.budget.clone().unwrap_or_default().part();
    let policy = Arc::new(policy.clone());
    let keys = match &options.keep {
        Some(_) => kept::keys(record, &policy, &options.sources, &options.without)?,
        None => BTreeMap::new(),
    };
    let known = known(record, &policy, options, &readings, &wanted, &keys);
    let all_known = asking(&policy, &wanted).all(|at| known.contains_key(&at));
    let work = Work {
        record: record.clone(),
        desks: Desks::of(record, &policy, &readings, budget, !all_known)?,
        keys,
        known: Mutex::new(known),
        policy: Arc::clone(&policy),
        options: options.clone(),
        grid,
        covered,
        readings,
        sizes: Arc::new(Sizes::of(record)),
        beside: None,
    };
    evaluated(work, &wanted)
}

/// Evaluates over a record that differs from that of an earlier evaluation in `tables` alone: what does not read them is as it was there.
/// The earlier one must be `warm`, and of the same sources; of what it does not have everything is evaluated.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_beside(
    record: &Record,
    before: &Evaluation,
    tables: &BTreeSet<&'static str>,
    options: &Options,
) -> Result<Evaluation, Error> {
    let policy = Arc::clone(&before.policy);
    let wanted = wanted(&policy, &options.commitments)?;
    let readings = readings(record, &options.sources)?;
    let tables = with_followers(tables);
    let work = before.warm.as_ref().filter(|_| before.serves(record, &readings, &tables, options));
    let has = |at: &usize| before.outcomes[*at].is_some();
    let Some(Warm(work)) = work.filter(|_| asking(&policy, &wanted).all(|at| has(&at))) else {
        return evaluate(record, &policy, options);
    };
    let budget = options.budget.clone().unwrap_or_default().part();
    let work = Work {
        record: record.clone(),
        desks: work.desks.above(record, &readings, budget),
        keys: BTreeMap::new(),
        known: Mutex::default(),
        policy,
        options: Options { keep: None, warm: false, ..options.clone() },
        grid: Arc::clone(&before.grid),
        // Nobody's silence is claimed anew: what is covered is as it was.
        covered: Arc::clone(&work.covered),
        readings,
        sizes: Arc::clone(&work.sizes),
        beside: Some(Beside { outcomes: before.outcomes.clone(), tables }),
    };
    evaluated(work, &wanted)
}

/// These tables, and those that follow from them: what a table without states keeps of the starter depends on the others of its family.
fn with_followers(tables: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    let family = |name: &&str| table(name).map(|t| t.family);
    let families: BTreeSet<&str> = tables.iter().filter_map(family).collect();
    let follow = TABLES.iter().filter(|t| t.states.is_empty() && families.contains(t.family));
    tables.iter().copied().chain(follow.map(|t| t.name)).collect()
}

fn evaluated(work: Work, wanted: &BTreeSet<usize>) -> Result<Evaluation, Error> {
    let work = Arc::new(work);
    let mut outcomes: Vec<Option<Arc<Outcome>>> =
        work.policy.commitments.iter().map(|_| None).collect();
    let total = wanted.len();
    let mut done = 0;
    for layer in layers(&work.policy) {
        let layer: Vec<usize> = layer.into_iter().filter(|at| wanted.contains(at)).collect();
        for (at, outcome) in work.layer(&layer, &outcomes)? {
            outcomes[at] = Some(outcome);
            done += 1;
            if let Some(progress) = &work.options.progress {
                progress(done, total);
            }
        }
    }
    Ok(Evaluation {
        policy: Arc::clone(&work.policy),
        record: work.record.clone(),
        options: work.options.clone(),
        grid: Arc::clone(&work.grid),
        readings: work.readings.clone(),
        outcomes,
        last_year: OnceLock::new(),
        last_found: OnceLock::new(),
        warm: work.options.warm.then(|| Warm(work)),
    })
}

/// The commitments that are wanted and ask queries.
fn asking<'a>(policy: &'a Policy, wanted: &'a BTreeSet<usize>) -> impl Iterator<Item = usize> + 'a {
    wanted.iter().copied().filter(|at| policy.commitments[*at].kind != Kind::Watch)
}

/// The answers that are kept of the commitments that are wanted.
fn known(
    record: &Record,
    policy: &Arc<Policy>,
    options: &Options,
    readings: &[Reading],
    wanted: &BTreeSet<usize>,
    keys: &BTreeMap<usize, String>,
) -> BTreeMap<usize, Answers> {
    let Some(keep) = &options.keep else { return BTreeMap::new() };
    let readings: Arc<[Reading]> = readings.into();
    let wanted: Vec<(usize, String)> =
        asking(policy, wanted).filter_map(|at| Some((at, keys.get(&at)?.clone()))).collect();
    let jobs: Vec<Job<Option<Answers>>> = wanted
        .iter()
        .map(|(at, key)| {
            let (keep, key, at) = (Arc::clone(keep), key.clone(), *at);
            let (record, policy) = (record.clone(), Arc::clone(policy));
            let readings = Arc::clone(&readings);
            let read =
                move || kept::decode(&keep.get(&key)?, &policy.commitments[at], &record, &readings);
            Box::new(read) as Job<Option<Answers>>
        })
        .collect();
    let answers = in_parallel(jobs, PATIENCE).into_iter().map(Option::flatten);
    wanted.iter().zip(answers).filter_map(|((at, _), answers)| Some((*at, answers?))).collect()
}

/// What sources claim about any state.
fn claims(record: &Record) -> impl Iterator<Item = (&str, &Coverage)> {
    let nobody = |c: &Coverage| matches!(&c.units, Units::States(states) if states.is_empty());
    let all = record.sources().iter().flat_map(|s| s.coverage.iter().map(|c| (s.id.as_str(), c)));
    all.filter(move |(_, claim)| !nobody(claim))
}

/// The commitments requested, and those whose findings they use.
fn wanted(policy: &Policy, ids: &[String]) -> Result<BTreeSet<usize>, Error> {
    let find = |id: &str| policy.commitments.iter().position(|c| c.id == id);
    if ids.is_empty() {
        return Ok((0..policy.commitments.len()).collect());
    }
    let mut wanted = BTreeSet::new();
    let mut queue: Vec<String> = ids.to_vec();
    while let Some(id) = queue.pop() {
        let Some(at) = find(&id) else {
            let known = policy.commitments.iter().map(|c| c.id.as_str());
            let hint = nearest(&id, known).map(|h| format!("; {h}")).unwrap_or_default();
            return Err(Error::NoCommitment { id, hint });
        };
        if wanted.insert(at) {
            queue.extend(blocks(&policy.commitments[at].versions).flat_map(|e| e.uses.clone()));
        }
    }
    Ok(wanted)
}

/// Baseline first; a family whose source was chosen has no rivals.
fn readings(record: &Record, chosen: &[(String, String)]) -> Result<Vec<Reading>, Error> {
    if chosen.is_empty() {
        return Ok(record.readings());
    }
    let pairs: Vec<(&str, &str)> = chosen.iter().map(|(f, s)| (f.as_str(), s.as_str())).collect();
    let mut all = vec![record.reading_with(&pairs)?];
    for rival in record.readings().iter().skip(1) {
        if let Some((family, source)) = rival.id.split_once('=')
            && !chosen.iter().any(|(f, _)| f == family)
        {
            let mut pairs = pairs.clone();
            pairs.push((family, source));
            let mut reading = record.reading_with(&pairs)?;
            reading.id.clone_from(&rival.id);
            all.push(reading);
        }
    }
    Ok(all)
}

pub(super) struct Work {
    record: Record,
    pub policy: Arc<Policy>,
    pub options: Options,
    pub grid: Arc<Grid>,
    pub covered: Arc<Covered>,
    readings: Vec<Reading>,
    desks: Arc<Desks>,
    /// The keys of kept answers by commitment; empty where none are kept.
    keys: BTreeMap<usize, String>,
    /// Kept answers, until they are judged.
    known: Mutex<BTreeMap<usize, Answers>>,
    /// By those of the record that was evaluated first: what is said of others is not to be used where only some states are in focus.
    pub sizes: Arc<Sizes>,
    /// What is known from an evaluation over a record that differs in a few tables.
    beside: Option<Beside>,
}

/// An earlier evaluation, and the tables in which the record differs from that of it.
struct Beside {
    outcomes: Vec<Option<Arc<Outcome>>>,
    tables: BTreeSet<&'static str>,
}

impl Beside {
    fn touches(&self, needs: &[Need]) -> bool {
        needs.iter().flat_map(Need::tables).any(|table| self.tables.contains(table))
    }

    /// What a block gave by reading, where no table that it reads differs.
    fn block(&self, (at, v, b): Place) -> Option<ByReading> {
        let outcome = self.outcomes[at].as_ref()?;
        let of = |r: &ReadingOutcome| {
            r.blocks.iter().find(|o| (o.version, o.block) == (v, b)).map(Arc::clone)
        };
        let baseline = of(outcome.readings.first()?)?;
        if self.touches(&baseline.needs) {
            return None;
        }
        let mut all: ByReading = [(0, Arc::clone(&baseline))].into();
        for reading in &outcome.readings {
            all.extend(
                of(reading)
                    .filter(|block| !Arc::ptr_eq(block, &baseline))
                    .map(|block| (reading.reading, block)),
            );
        }
        Some(all)
    }
}

/// What a block gave, by the index of the reading.
pub(super) type ByReading = BTreeMap<usize, Arc<BlockOutcome>>;

impl Work {
    /// What is asked of a commitment: only the states in focus, where no other commitment uses its findings.
    fn asked(&self, at: usize) -> Asked {
        let id = &self.policy.commitments[at].id;
        let mut all = self.policy.commitments.iter().flat_map(|c| blocks(&c.versions));
        let used = all.any(|evidence| evidence.uses.contains(id));
        let focus = self.options.focus.clone().filter(|_| !used);
        Asked { without: self.options.without.clone(), focus }
    }

    /// Whether the findings of a commitment are not those of the evaluation that this one stands beside.
    fn differs(&self, id: &str, outcomes: &[Option<Arc<Outcome>>]) -> bool {
        let Some(at) = self.policy.commitments.iter().position(|c| c.id == id) else { return true };
        let before = self.beside.as_ref().and_then(|beside| beside.outcomes[at].as_ref());
        let same = |now: &Arc<Outcome>| before.is_some_and(|before| Arc::ptr_eq(before, now));
        !outcomes[at].as_ref().is_some_and(same)
    }

    fn layer(
        self: &Arc<Self>,
        layer: &[usize],
        outcomes: &[Option<Arc<Outcome>>],
    ) -> Result<Vec<(usize, Arc<Outcome>)>, Error> {
        let (mut jobs, mut keys): (Vec<Job<Result<BlockRun, SqlError>>>, Vec<_>) =
            (Vec::new(), Vec::new());
        let mut apply_jobs: Vec<Job<Result<Applies, SqlError>>> = Vec::new();
        let mut apply_keys = Vec::new();
        let mut applying: BTreeMap<(usize, usize), Vec<Applies>> = BTreeMap::new();
        let mut runs: BTreeMap<usize, Vec<(usize, usize, BlockRun)>> = BTreeMap::new();
        let mut same: BTreeMap<usize, Vec<(usize, usize, ByReading)>> = BTreeMap::new();
        let mut fresh = BTreeSet::new();
        let mut done = BTreeMap::new();
        let mut scopes = BTreeMap::new();
        for &at in layer {
            let commitment = &self.policy.commitments[at];
            if commitment.kind == Kind::Watch {
                continue;
            }
            if let Some(answers) = self.known(at) {
                runs.insert(at, answers.runs);
                for (v, one) in answers.applies {
                    applying.entry((at, v)).or_default().push(one);
                }
                continue;
            }
            let before = self.beside.as_ref().and_then(|beside| {
                let outcome = beside.outcomes[at].as_ref()?;
                Some((beside, outcome, !beside.touches(&outcome.applying)))
            });
            let mut asked = 0;
            for (v, version) in commitment.versions.iter().enumerate() {
                for (b, evidence) in version.evidence.iter().enumerate() {
                    let place = (at, v, b);
                    // A block is judged within where its commitment applies.
                    let known = before.filter(|(.., in_scope)| *in_scope);
                    let known = known
                        .filter(|_| !evidence.uses.iter().any(|id| self.differs(id, outcomes)))
                        .and_then(|(beside, ..)| beside.block(place));
                    if let Some(known) = known {
                        same.entry(at).or_default().push((v, b, known));
                        continue;
                    }
                    let used = self.used(evidence, outcomes)?;
                    let (desks, asking) = (Arc::clone(&self.desks), self.asked(at));
                    let (kind, evidence) = (commitment.kind, evidence.clone());
                    keys.push(place);
                    jobs.push(Box::new(move || {
                        run_block(&desks, place, kind, &evidence, &used, &asking)
                    }));
                    asked += 1;
                }
            }
            if let Some((_, outcome, true)) = before {
                if asked == 0 {
                    done.insert(at, Arc::clone(outcome));
                } else {
                    scopes.insert(at, (Arc::clone(&outcome.scope), outcome.applying.clone()));
                }
                continue;
            }
            fresh.insert(at);
            for (v, version) in commitment.versions.iter().enumerate() {
                for query in &version.applies {
                    let (desks, query) = (Arc::clone(&self.desks), query.clone());
                    apply_keys.push((at, v));
                    apply_jobs.push(Box::new(move || run_applies(desks.at(0)?, &query)));
                }
            }
        }
        for ((at, v), answer) in apply_keys.into_iter().zip(in_parallel(apply_jobs, PATIENCE)) {
            let commitment = &self.policy.commitments[at];
            let one = match answer {
                None => {
                    return Err(Error::Stuck {
                        commitment: commitment.id.clone(),
                        block: "applies".into(),
                    });
                }
                Some(Err(error)) => {
                    let span =
                        commitment.versions[v].applies.first().map(|q| q.span).unwrap_or_default();
                    return Err(Error::Block {
                        commitment: commitment.id.clone(),
                        block: "applies".into(),
                        error,
                        span,
                    });
                }
                Some(Ok(one)) => one,
            };
            applying.entry((at, v)).or_default().push(one);
        }
        for ((at, v, b), answer) in keys.into_iter().zip(in_parallel(jobs, PATIENCE)) {
            let commitment = &self.policy.commitments[at];
            let evidence = &commitment.versions[v].evidence[b];
            match answer {
                None => {
                    return Err(Error::Stuck {
                        commitment: commitment.id.clone(),
                        block: evidence.name.clone(),
                    });
                }
                Some(Err(error)) => {
                    return Err(Error::Block {
                        commitment: commitment.id.clone(),
                        block: evidence.name.clone(),
                        error,
                        span: evidence.query.span,
                    });
                }
                Some(Ok(run)) => runs.entry(at).or_default().push((v, b, run)),
            }
        }
        let applying = Arc::new(applying);
        let open: Vec<usize> = layer.iter().copied().filter(|at| !done.contains_key(at)).collect();
        let judging: Vec<Job<Outcome>> = open
            .iter()
            .map(|&at| {
                let (work, applying) = (Arc::clone(self), Arc::clone(&applying));
                let (runs, same) =
                    (runs.remove(&at).unwrap_or_default(), same.remove(&at).unwrap_or_default());
                let scope = scopes.remove(&at);
                // What was asked of some states is not the answer for all.
                let fresh = fresh.contains(&at) && self.options.focus.is_none();
                let judge = move || {
                    if fresh {
                        work.keep(at, &runs, &applying);
                    }
                    let scope = scope.unwrap_or_else(|| work.scope(at, &applying));
                    work.judge(at, runs, same, scope)
                };
                Box::new(judge) as Job<Outcome>
            })
            .collect();
        let mut judged: Vec<(usize, Arc<Outcome>)> = done.into_iter().collect();
        for (&at, outcome) in open.iter().zip(in_parallel(judging, PATIENCE)) {
            let Some(outcome) = outcome else {
                let commitment = self.policy.commitments[at].id.clone();
                return Err(Error::Stuck { commitment, block: "all".into() });
            };
            judged.push((at, Arc::new(outcome)));
        }
        Ok(judged)
    }

    /// The kept answers of a commitment.
    fn known(&self, at: usize) -> Option<Answers> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&at)
    }

    /// Keeps the answers of a commitment.
    fn keep(
        &self,
        at: usize,
        runs: &[(usize, usize, BlockRun)],
        applying: &BTreeMap<(usize, usize), Vec<Applies>>,
    ) {
        let (Some(keep), Some(key)) = (&self.options.keep, self.keys.get(&at)) else { return };
        let applies: Vec<(usize, &Applies)> = applying
            .range((at, 0)..(at + 1, 0))
            .flat_map(|((_, v), list)| list.iter().map(|one| (*v, one)))
            .collect();
        if let Some(bytes) = kept::encode(runs, &applies, self.policy.commitments[at].kind) {
            keep.put(key, &bytes);
        }
    }

    fn used(&self, evidence: &Evidence, outcomes: &[Option<Arc<Outcome>>]) -> Result<Used, Error> {
        let mut used = Used::default();
        if evidence.uses.is_empty() {
            return Ok(used);
        }
        let at = |id: &String| self.policy.commitments.iter().position(|c| c.id == *id);
        let parts: Vec<(&str, &Outcome)> = evidence
            .uses
            .iter()
            .filter_map(|id| Some((id.as_str(), outcomes.get(at(id)?)?.as_deref()?)))
            .collect();
        let mut needs = BTreeMap::new();
        for reading in 0..self.readings.len() {
            let (mut rows, mut hidden) = (Vec::new(), Vec::new());
            for (id, outcome) in &parts {
                let under = outcome.readings.iter().find(|r| r.reading == reading);
                let Some(under) = under.or(outcome.readings.first()) else { continue };
                for block in &under.blocks {
                    if let Rows::Found(found) = &block.rows {
                        // A row outside the state system rests on nothing that could be covered, and has no verdict.
                        let proved = |state: i32, year: i32| {
                            self.grid.cell(state, year).is_none_or(|cell| block.proved[cell])
                        };
                        rows.push(found.as_batch(id, proved).map_err(Error::Session)?);
                    }
                    used.lookback = used.lookback.max(block.lookback);
                    hidden.extend(&block.undecided);
                    for need in &block.needs {
                        let tables = need.tables().filter_map(table);
                        used.families.extend(tables.map(|t| t.family));
                        add(&mut needs, need.clone());
                    }
                }
            }
            let batch = together(&rows).map_err(Error::Session)?;
            used.findings.push(Some(batch));
            used.undecided.push(hidden);
        }
        used.needs = needs.into_values().collect();
        Ok(used)
    }

    /// Where a commitment applies at all, per cell: yes, no, or not known; and what that rests on.
    fn scope(
        &self,
        at: usize,
        applying: &BTreeMap<(usize, usize), Vec<Applies>>,
    ) -> (Arc<Vec<Scope>>, Vec<Need>) {
        let mut rests_on = Vec::new();
        let commitment = &self.policy.commitments[at];
        let in_force: Vec<Option<usize>> = (self.grid.from..=self.grid.to)
            .map(|year| commitment.versions.iter().position(|v| v.in_force(year)))
            .collect();
        let mut scope: Vec<Scope> = (0..self.grid.len())
            .map(|cell| {
                let (_, year) = self.grid.at(cell);
                in_force[(year - self.grid.from) as usize].map_or(Scope::Out, Scope::In)
            })
            .collect();
        for ((_, v), list) in applying.range((at, 0)..(at + 1, 0)) {
            let mut named = vec![false; self.grid.len()];
            let mut covered = vec![true; self.grid.len()];
            for one in list {
                rests_on.extend(one.needs.iter().cloned());
                for (state, year) in &one.rows {
                    if let Some(cell) = self.grid.cell(*state, *year) {
                        named[cell] = true;
                    }
                }
                let needs: Vec<&Need> = one.needs.iter().collect();
                let flags = self.covered.all(&needs, &self.readings[0], 0);
                covered.iter_mut().zip(&flags).for_each(|(c, f)| *c &= f);
            }
            for cell in 0..scope.len() {
                if scope[cell] == Scope::In(*v) && !named[cell] {
                    scope[cell] = if covered[cell] { Scope::Out } else { Scope::NotKnown(*v) };
                }
            }
        }
        (Arc::new(scope), rests_on)
    }
}

/// Whether a commitment applies to a state-year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// It does, in this version.
    In(usize),
    /// It does not.
    Out,
    /// The tables that are needed have no coverage, in this version.
    NotKnown(usize),
}

/// What is known of an unknown verdict: at least strained.
pub(crate) fn at_least(verdict: Verdict, bounds: Option<Bounds>) -> Option<Verdict> {
    let strained = bounds.is_some_and(|b| b.best == Grade::Strained);
    (verdict == Verdict::Unknown && strained).then_some(Verdict::Strained)
}

impl Evaluation {
    /// Whether it can stand for a record that differs in some tables: the same states, years, readings and claims, the same questions, and
    /// every state that is in focus.
    fn serves(
        &self,
        record: &Record,
        readings: &[Reading],
        tables: &BTreeSet<&'static str>,
        options: &Options,
    ) -> bool {
        let structural = |name: &&str| table(name).is_none_or(|t| t.structural);
        let ids = |readings: &[Reading]| -> Vec<String> {
            readings.iter().map(|r| r.id.clone()).collect()
        };
        let focus = match (&self.options.focus, &options.focus) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(all), Some(some)) => some.iter().all(|state| all.contains(state)),
        };
        focus
            && !tables.iter().any(structural)
            && record.last_year() == self.record.last_year()
            && ids(readings) == ids(&self.readings)
            && self.options.sources == options.sources
            && self.options.without == options.without
            && claims(record).eq(claims(&self.record))
    }

    /// The verdict on one state and year; outside the state system nothing applies.
    pub fn verdict(&self, ccode: i32, commitment: &str, year: i32) -> Verdict {
        let at = self.policy.commitments.iter().position(|c| c.id == commitment);
        let cell = self.grid.cell(ccode, year);
        match (at.and_then(|at| self.outcomes[at].as_ref()), cell) {
            (Some(outcome), Some(cell)) => outcome.cells[cell].verdict,
            _ => Verdict::NotApplicable,
        }
    }

    /// The best and the worst case on one state and year under each reading that bears on the commitment, baseline first; none where the
    /// commitment does not apply.
    pub fn bounds(&self, ccode: i32, commitment: &str, year: i32) -> Vec<(&str, Option<Bounds>)> {
        let at = self.policy.commitments.iter().position(|c| c.id == commitment);
        let cell = self.grid.cell(ccode, year);
        let (Some(outcome), Some(cell)) = (at.and_then(|at| self.outcomes[at].as_ref()), cell)
        else {
            return Vec::new();
        };
        let of = |r: &ReadingOutcome| r.cells[cell].bounds;
        outcome.readings.iter().map(|r| (self.readings[r.reading].id.as_str(), of(r))).collect()
    }

    /// The value of something striven for by the block of that name, else by its first one.
    pub(crate) fn value(&self, at: (i32, i32), commitment: &str, block: &str) -> Option<f64> {
        let of = self.policy.commitments.iter().position(|c| c.id == commitment)?;
        let blocks = &self.outcomes[of].as_ref()?.readings.first()?.blocks;
        let versions = &self.policy.commitments[of].versions;
        let mut in_force = blocks.iter().filter(|b| versions[b.version].in_force(at.1));
        let named = in_force.clone().find(|b| versions[b.version].evidence[b.block].name == block);
        let found = named.or_else(|| in_force.next())?;
        found.standings.value(at)
    }

    /// The verdict as tests name it: *strained or worse* apart from the other unknown ones.
    pub(crate) fn named(&self, ccode: i32, commitment: &str, year: i32) -> Wanted {
        let verdict = self.verdict(ccode, commitment, year);
        let bounds = self.bounds(ccode, commitment, year).first().and_then(|b| b.1);
        match at_least(verdict, bounds) {
            Some(_) => Wanted::StrainedOrWorse,
            None => Wanted::Verdict(verdict),
        }
    }

    /// The policy that was evaluated.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The record over which it was evaluated.
    pub fn record(&self) -> &Record {
        &self.record
    }
}
