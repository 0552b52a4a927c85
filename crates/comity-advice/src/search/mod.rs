//! Two commitments compared without any record: over small records that are made for their queries, until a difference shows.
//!
//! The rows are made for the tables that the two read, with values that matter to their queries; many small records are laid side by side
//! into one, so that one evaluation answers for all of them. What is found is made as small as it can be. The same seed gives the same rows.

mod cases;
mod make;
mod pool;
mod random;
mod scene;
mod shrink;
mod sql;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use comity_policy::document::Policy;
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Grade, Options, evaluate, reads};
use comity_record::Record;
use serde::Serialize;

use self::make::Cast;
use self::pool::{Pool, part};
use self::random::Random;
pub use self::scene::Covered;
use self::scene::{Scene, lay};
use crate::Error;
use crate::moves::Clause;

/// How far to search.
#[derive(Clone)]
pub struct Search {
    /// How many small records are made.
    pub records: usize,
    /// What they are made from: the same seed gives the same records.
    pub seed: u64,
    /// No further record is made after this time.
    pub longest: Duration,
    /// Stop at the first difference.
    pub first_only: bool,
    /// Make what is found as small as it can be; else examples are as they were found.
    pub smallest: bool,
    /// Called with how many records are done, of how many.
    pub progress: Option<comity_policy::Progress>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            records: 2_000,
            seed: 1,
            longest: Duration::from_mins(2),
            first_only: false,
            smallest: true,
            progress: None,
        }
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search")
            .field("records", &self.records)
            .field("seed", &self.seed)
            .field("longest", &self.longest)
            .finish_non_exhaustive()
    }
}

/// A commitment of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The id of the commitment.
    pub commitment: &'a str,
}

/// How two commitments stand to each other, as far as was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// No difference was found.
    Alike,
    /// The first was at least as severe in every case, and more severe in some.
    FirstStricter,
    /// The second was.
    SecondStricter,
    /// Each was more severe than the other in some case.
    Crossed,
    /// Neither was more severe; they differ in what they know, in whether a duty is called for, or in a value.
    Otherwise,
}

/// What two commitments said of all generated records.
#[derive(Debug, Clone, Serialize)]
pub struct Searched {
    /// Ids of the two commitments.
    pub commitments: (String, String),
    /// How many small records were made.
    pub records: usize,
    /// From which seed.
    pub seed: u64,
    /// Whether time ran out before all records were made.
    pub stopped: bool,
    /// Records over which a query of both failed: nothing was compared there.
    pub failed: usize,
    /// State-years that both judged.
    pub compared: usize,
    /// Of these, in which the first was more severe.
    pub first_graver: usize,
    /// In which the second was.
    pub second_graver: usize,
    /// In which they differ and neither was more severe.
    pub otherwise: usize,
    /// How the two stand to each other.
    pub standing: Standing,
    /// What each said.
    pub said: (Said, Said),
    /// State-years in which both judged conduct: kept, strained or broken.
    pub both_judge: usize,
    /// Of these, in which both were kept.
    pub both_kept: usize,
    /// The smallest records that show a difference, one for each way in which the two differ.
    pub examples: Vec<Example>,
}

impl Searched {
    /// Whether no record keeps both where both judge conduct, though each is kept in some of these state-years.
    pub fn contradict(&self) -> bool {
        let (a, b) = (&self.said.0, &self.said.1);
        self.both_judge > 0 && self.both_kept == 0 && a.kept_where_both > 0 && b.kept_where_both > 0
    }
}

/// How often a commitment had each verdict over the generated records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Kept.
    pub kept: usize,
    /// Kept, where the other judged conduct too.
    pub kept_where_both: usize,
    /// Strained.
    pub strained: usize,
    /// Broken.
    pub broken: usize,
    /// Unknown.
    pub unknown: usize,
}

/// In which way two verdicts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The first is more severe.
    FirstGraver,
    /// The second is.
    SecondGraver,
    /// They differ in what they know, in whether a duty is called for, or in a value.
    Otherwise,
    /// A query of the first fails.
    FirstFails,
    /// A query of the second fails.
    SecondFails,
}

/// A small record over which two commitments differ.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// In which way.
    pub way: Way,
    /// The state, by the code that commands know.
    pub state: String,
    /// Its `ccode`.
    pub ccode: i32,
    /// The year.
    pub year: i32,
    /// What the two say.
    pub says: (String, String),
    /// The rows, by table.
    pub tables: Vec<Shown>,
    /// Tables that are not covered in every year, or not for every row, for the states of these rows.
    pub covered: Vec<(String, Covered)>,
    /// The clauses of the first that find what the second does not.
    pub first_finds: Vec<Clause>,
    /// The clauses of the second that find what the first does not.
    pub second_finds: Vec<Clause>,
}

impl Example {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|t| t.rows.len()).sum()
    }
}

/// Rows of one table, as a file that can be added to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The canonical table.
    pub table: String,
    /// The columns that some row fills.
    pub columns: Vec<String>,
    /// The cells; an empty one is null.
    pub rows: Vec<Vec<String>>,
}

/// What a commitment says of a state-year.
#[derive(Debug, Clone, PartialEq)]
struct Says {
    verdict: Verdict,
    /// Of an unknown verdict: at least strained.
    at_least: bool,
    values: Vec<Option<f64>>,
}

impl Says {
    fn of(evaluation: &Evaluation, id: &str, ccode: i32, year: i32) -> Self {
        let verdict = evaluation.verdict(ccode, id, year);
        let at_least = verdict == Verdict::Unknown
            && evaluation
                .bounds(ccode, id, year)
                .first()
                .is_some_and(|(_, b)| b.is_some_and(|b| b.best == Grade::Strained));
        Self { verdict, at_least, values: evaluation.values(ccode, id, year) }
    }

    /// What is held against a state: nothing, a strain, a breach; none where it is not known.
    fn gravity(&self) -> Option<u8> {
        match self.verdict {
            Verdict::Kept | Verdict::NoOccasion | Verdict::NotApplicable => Some(0),
            Verdict::Strained => Some(1),
            Verdict::Broken => Some(2),
            Verdict::Unknown | Verdict::Contested => None,
        }
    }

    fn judges(&self) -> bool {
        matches!(self.verdict, Verdict::Kept | Verdict::Strained | Verdict::Broken)
    }

    fn alike(&self, other: &Self) -> bool {
        let near = |a: &Option<f64>, b: &Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
            (a, b) => a.is_none() && b.is_none(),
        };
        let pairs = self.values.len().min(other.values.len());
        (self.verdict, self.at_least) == (other.verdict, other.at_least)
            && self.values[..pairs].iter().zip(&other.values).all(|(a, b)| near(a, b))
    }

    fn in_words(&self, other: &Self) -> String {
        let verdict = match self.verdict {
            Verdict::Unknown if self.at_least => "strained or worse".to_owned(),
            verdict => verdict.name().to_owned(),
        };
        if (self.verdict, self.at_least) != (other.verdict, other.at_least) {
            return verdict;
        }
        let shown = |v: &Option<f64>| v.map_or("no value".to_owned(), |v| v.to_string());
        let values: Vec<String> = self.values.iter().map(shown).collect();
        if values.is_empty() { verdict } else { values.join(", ") }
    }
}

/// The way in which two commitments differ in a state-year; none where they do not.
fn way(a: &Says, b: &Says) -> Option<Way> {
    if a.alike(b) {
        return None;
    }
    Some(match (a.gravity(), b.gravity()) {
        (Some(a), Some(b)) if a > b => Way::FirstGraver,
        (Some(a), Some(b)) if a < b => Way::SecondGraver,
        _ => Way::Otherwise,
    })
}

/// Years beside those that the rows of a scene name in which verdicts are compared too.
const BESIDE: i32 = 4;

/// At most so many scenes are laid into one record.
const TOGETHER: usize = 48;

/// The two commitments with everything that records are made and judged from.
struct Bench<'a> {
    base: &'a Record,
    cast: Cast<'a>,
    pool: Pool,
    parts: (Policy, Policy),
    ids: (&'a str, &'a str),
}

impl<'a> Bench<'a> {
    fn of(base: &'a Record, first: Side<'a>, second: Side<'a>) -> Result<Self, Error> {
        let parts = (part(first.policy, first.commitment), part(second.policy, second.commitment));
        let mut tables: BTreeSet<&'static str> = BTreeSet::new();
        for policy in [&parts.0, &parts.1] {
            let read = reads(policy, base).map_err(|e| Error::Plan(e.to_string()))?;
            tables.extend(read.into_iter().flat_map(|(_, tables)| tables));
        }
        let cast = Cast::of(base)?;
        let pool = Pool::of(&[&parts.0, &parts.1], &tables, cast.system.ccodes());
        let ids = (first.commitment, second.commitment);
        Ok(Self { base, cast, pool, parts, ids })
    }

    /// The two evaluated over scenes.
    fn evaluate(&self, scenes: &[Scene]) -> Result<Evaluated, Error> {
        let record = lay(self.base, &self.pool, scenes)?;
        let of = |policy: &Policy, id: &str| {
            let options = Options { commitments: vec![id.to_owned()], ..Options::default() };
            evaluate(&record, policy, &options)
        };
        let first = of(&self.parts.0, self.ids.0);
        let second = of(&self.parts.1, self.ids.1);
        Ok(Evaluated { first, second })
    }

    /// What the two say of every state-year of a scene.
    fn said(
        &self,
        evaluated: (&Evaluation, &Evaluation),
        scene: &Scene,
    ) -> Vec<(i32, i32, Says, Says)> {
        let (from, to) = scene.years();
        let mut all = Vec::new();
        for ccode in &scene.states {
            for year in from - BESIDE..=to + BESIDE {
                let a = Says::of(evaluated.0, self.ids.0, *ccode, year);
                let b = Says::of(evaluated.1, self.ids.1, *ccode, year);
                all.push((*ccode, year, a, b));
            }
        }
        all
    }

    /// As many scenes as find states that are free.
    fn scenes(
        &self,
        r: &mut Random,
        templates: &[Scene],
        waiting: &mut Vec<Scene>,
        most: usize,
    ) -> Vec<Scene> {
        let mut free: BTreeSet<i32> = self.cast.system.ccodes().iter().copied().collect();
        let mut scenes: Vec<Scene> = Vec::new();
        // What the documents give comes first, as it is and under every other name.
        waiting.retain(|scene| {
            let fits = scenes.len() < most && scene.states.is_subset(&free);
            if fits {
                free.retain(|s| !scene.states.contains(s));
                scenes.push(scene.clone());
            }
            !fits
        });
        let mut missed = 0;
        while scenes.len() < most && missed < 12 {
            let template = if r.chance(3, 5) { r.pick(templates) } else { None };
            let made = match template {
                Some(template) => {
                    cases::elsewhere(r, template, &self.pool, &self.cast, &free).map(|mut scene| {
                        let edits = r.between(1, 4);
                        (0..edits).for_each(|_| cases::edit(r, &self.pool, &mut scene));
                        scene
                    })
                }
                None => make::scene(r, &self.pool, &self.cast, &free),
            };
            match made {
                Some(scene) => {
                    free.retain(|s| !scene.states.contains(s));
                    scenes.push(scene);
                }
                None => missed += 1,
            }
        }
        scenes
    }
}

/// Both evaluations, or why one fails.
struct Evaluated {
    first: Result<Evaluation, comity_policy::Error>,
    second: Result<Evaluation, comity_policy::Error>,
}

/// Compares two commitments over generated records; who was a state is as in `base`.
///
/// # Errors
/// A commitment that is not there; queries that cannot be planned.
pub fn search(
    base: &Record,
    first: Side<'_>,
    second: Side<'_>,
    how: &Search,
) -> Result<Searched, Error> {
    for side in [first, second] {
        if !side.policy.commitments.iter().any(|c| c.id == side.commitment) {
            let known = side.policy.commitments.iter().map(|c| c.id.as_str());
            let near = comity_record::nearest(side.commitment, known);
            let hint = near.map(|h| format!("; {h}")).unwrap_or_default();
            let id = side.commitment.to_owned();
            return Err(comity_policy::Error::NoCommitment { id, hint }.into());
        }
    }
    let bench = Bench::of(base, first, second)?;
    let templates = cases::of(&[&bench.parts.0, &bench.parts.1], &bench.pool, &bench.cast);
    let mut waiting = cases::with_other_names(&templates, &bench.pool);
    let mut r = Random::new(how.seed);
    let mut out = Searched {
        commitments: (first.commitment.to_owned(), second.commitment.to_owned()),
        records: 0,
        seed: how.seed,
        stopped: false,
        failed: 0,
        compared: 0,
        first_graver: 0,
        second_graver: 0,
        otherwise: 0,
        standing: Standing::Alike,
        said: (Said::default(), Said::default()),
        both_judge: 0,
        both_kept: 0,
        examples: Vec::new(),
    };
    let begun = Instant::now();
    // The first scenes that differ in each way, with those that were laid beside them.
    let mut found: Vec<(Way, usize, Arc<Vec<Scene>>)> = Vec::new();
    while out.records < how.records {
        if begun.elapsed() > how.longest {
            out.stopped = true;
            break;
        }
        let most = TOGETHER.min(how.records - out.records);
        let scenes = bench.scenes(&mut r, &templates, &mut waiting, most);
        if scenes.is_empty() {
            break;
        }
        out.records += scenes.len();
        // Where a query of both fails over some scene, the others are tried without it.
        let mut parts = vec![scenes];
        while let Some(mut scenes) = parts.pop() {
            let evaluated = bench.evaluate(&scenes)?;
            if evaluated.first.is_err() && evaluated.second.is_err() {
                if scenes.len() > 1 {
                    parts.push(scenes.split_off(scenes.len() / 2));
                    parts.push(scenes);
                } else {
                    out.failed += 1;
                }
                continue;
            }
            let scenes = Arc::new(scenes);
            let mut note = |way: Way, at: usize| {
                if !found.iter().any(|(w, ..)| *w == way) {
                    found.push((way, at, Arc::clone(&scenes)));
                }
            };
            match (&evaluated.first, &evaluated.second) {
                (Ok(a), Ok(b)) => {
                    for (at, scene) in scenes.iter().enumerate() {
                        for (_, _, x, y) in bench.said((a, b), scene) {
                            count(&mut out, &x, &y);
                            if let Some(way) = way(&x, &y) {
                                note(way, at);
                            }
                        }
                    }
                }
                (Err(_), _) => note(Way::FirstFails, 0),
                (Ok(_), Err(_)) => note(Way::SecondFails, 0),
            }
        }
        if let Some(progress) = &how.progress {
            progress(out.records, how.records);
        }
        if how.first_only && !found.is_empty() {
            break;
        }
    }
    out.standing = match (out.first_graver, out.second_graver) {
        (0, 0) if found.is_empty() => Standing::Alike,
        (0, 0) => Standing::Otherwise,
        (_, 0) => Standing::FirstStricter,
        (0, _) => Standing::SecondStricter,
        _ => Standing::Crossed,
    };
    found.sort_by_key(|(way, ..)| *way);
    // Where one is stricter, what they differ in besides is counted and not shown.
    if out.standing != Standing::Otherwise {
        found.retain(|(way, ..)| *way != Way::Otherwise);
    }
    for (way, at, scenes) in found {
        out.examples.push(shrink::example(
            &bench,
            (first, second),
            way,
            at,
            &scenes,
            how.smallest,
        )?);
    }
    Ok(out)
}

fn count(out: &mut Searched, a: &Says, b: &Says) {
    if a.verdict == Verdict::NotApplicable && b.verdict == Verdict::NotApplicable && a.alike(b) {
        return;
    }
    out.compared += 1;
    match way(a, b) {
        Some(Way::FirstGraver) => out.first_graver += 1,
        Some(Way::SecondGraver) => out.second_graver += 1,
        Some(_) => out.otherwise += 1,
        None => {}
    }
    let both = a.judges() && b.judges();
    for (said, says) in [(&mut out.said.0, a), (&mut out.said.1, b)] {
        match says.verdict {
            Verdict::Kept => {
                said.kept += 1;
                said.kept_where_both += usize::from(both);
            }
            Verdict::Strained => said.strained += 1,
            Verdict::Broken => said.broken += 1,
            Verdict::Unknown => said.unknown += 1,
            _ => {}
        }
    }
    if both {
        out.both_judge += 1;
        let kept = a.verdict == Verdict::Kept && b.verdict == Verdict::Kept;
        out.both_kept += usize::from(kept);
    }
}
