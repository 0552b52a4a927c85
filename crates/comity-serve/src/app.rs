//! What the server knows: the record, opened once; the policies; and their finished evaluations, kept.
//!
//! A record that changes on disk is opened anew and evaluated in the background; pages change over when that is done, all at once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use comity::{AuditOptions, Evaluation, Policy, Record, nearest};

use crate::ask::{Ask, address, short};
use crate::atlas::Atlas;
use crate::cache::Cache;
use crate::child::{self, Children};
use crate::overview::Overview;
use crate::refusal::Refusal;

/// How long a page waits for an evaluation before it says how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Where the record is.
#[derive(Debug, Clone)]
pub enum Held {
    /// In a folder, looked at again and again.
    Folder(PathBuf),
    /// In memory: the one inside the program, or one that the caller made.
    Memory(Record),
}

/// What the server knows.
#[derive(Debug)]
pub struct App {
    held: Held,
    policies: Vec<Arc<Policy>>,
    now: RwLock<Arc<Generation>>,
    next: Mutex<Option<Arc<Generation>>>,
    /// Answers that were given before.
    pub cache: Cache,
    /// Where answers of policies are kept between runs.
    answers: Option<Arc<comity::Cache>>,
}

/// One state of the record, with all that follows from it.
#[derive(Debug)]
pub struct Generation {
    /// Rises with each.
    pub number: usize,
    /// The record.
    pub record: Record,
    stamp: Option<Stamp>,
    slots: Vec<Slot>,
    /// The shapes of states, drawn when first needed.
    atlas: OnceLock<Option<Atlas>>,
    /// Processes for queries and policies of strangers.
    children: Children,
    /// Processes for measures, which take longer.
    measuring: Children,
    answers: Option<Arc<comity::Cache>>,
}

/// What tells that a record was replaced.
type Stamp = (SystemTime, u64);

/// A policy and how far its evaluation is.
#[derive(Debug)]
struct Slot {
    policy: Arc<Policy>,
    work: Mutex<Work>,
    changed: Condvar,
    done: AtomicUsize,
    of: AtomicUsize,
}

#[derive(Debug, Clone)]
enum Work {
    Waiting,
    Done(Arc<Finished>),
    Failed(Refusal),
}

/// A policy, evaluated.
#[derive(Debug)]
pub struct Finished {
    /// The policy.
    pub policy: Arc<Policy>,
    /// Its evaluation for all states and years.
    pub evaluation: Evaluation,
    /// All states at once.
    pub overview: Overview,
}

/// What a page is made from: one state of the record, whole.
#[derive(Debug, Clone)]
pub struct Now {
    generation: Arc<Generation>,
}

impl App {
    /// Opens the record and begins to evaluate the policies.
    ///
    /// # Errors
    /// A folder that holds no record, or a damaged one.
    pub fn open(
        held: Held,
        policies: Vec<Policy>,
        answers: Option<Arc<comity::Cache>>,
    ) -> Result<Arc<Self>, comity::Error> {
        let policies: Vec<Arc<Policy>> = policies.into_iter().map(Arc::new).collect();
        let first = Arc::new(Generation::open(&held, &policies, answers.clone(), 1)?);
        Generation::begin(&first);
        Ok(Arc::new(Self {
            held,
            policies,
            now: RwLock::new(first),
            next: Mutex::new(None),
            cache: Cache::default(),
            answers,
        }))
    }

    /// The state that pages are made from.
    pub fn now(&self) -> Now {
        let generation = self.now.read().unwrap_or_else(PoisonError::into_inner);
        Now { generation: Arc::clone(&generation) }
    }

    /// Looks whether the record was replaced; opens the new one, and changes over once it is evaluated. A record that cannot be
    /// opened leaves the old one in place.
    pub fn look(&self) {
        let Held::Folder(folder) = &self.held else { return };
        let mut next = lock(&self.next);
        let current = self.now();
        let known = next.as_ref().map_or(current.generation.stamp, |g| g.stamp);
        let stamp = stamp(folder);
        if stamp.is_some() && stamp != known {
            let number = next.as_ref().map_or(current.generation.number, |g| g.number) + 1;
            if let Ok(generation) =
                Generation::open(&self.held, &self.policies, self.answers.clone(), number)
            {
                let generation = Arc::new(generation);
                Generation::begin(&generation);
                *next = Some(generation);
            }
        }
        if let Some(ready) = next.take_if(|g| g.is_finished()) {
            *self.now.write().unwrap_or_else(PoisonError::into_inner) = ready;
            self.cache.clear();
        }
    }
}

impl Generation {
    fn open(
        held: &Held,
        policies: &[Arc<Policy>],
        answers: Option<Arc<comity::Cache>>,
        number: usize,
    ) -> Result<Self, comity::Error> {
        // The stamp is taken first: a change in between is then seen as one.
        let (stamp, record) = match held {
            Held::Folder(folder) => (stamp(folder), Record::open(folder)?),
            Held::Memory(record) => (None, record.clone()),
        };
        let slot = |policy: &Arc<Policy>| Slot {
            policy: Arc::clone(policy),
            work: Mutex::new(Work::Waiting),
            changed: Condvar::new(),
            done: AtomicUsize::new(0),
            of: AtomicUsize::new(policy.commitments().len()),
        };
        let folder = match held {
            Held::Folder(folder) => Some(folder.as_path()),
            Held::Memory(_) => None,
        };
        Ok(Self {
            number,
            record,
            stamp,
            slots: policies.iter().map(slot).collect(),
            atlas: OnceLock::new(),
            children: Children::new(folder, child::TIME),
            measuring: Children::new(folder, child::MEASURE_TIME),
            answers,
        })
    }

    /// Evaluates the policies, one after the other, on a thread of their own.
    fn begin(this: &Arc<Self>) {
        let generation = Arc::clone(this);
        let run = move || {
            for at in 0..generation.slots.len() {
                let work = generation.evaluate(at);
                let slot = &generation.slots[at];
                *lock(&slot.work) = work;
                slot.changed.notify_all();
            }
            generation.atlas();
        };
        if let Err(error) = std::thread::Builder::new().name("evaluation".into()).spawn(run) {
            for slot in &this.slots {
                *lock(&slot.work) =
                    Work::Failed(Refusal::failed(format!("no thread could be started: {error}")));
            }
        }
    }

    fn evaluate(self: &Arc<Self>, at: usize) -> Work {
        let policy = Arc::clone(&self.slots[at].policy);
        let this = Arc::clone(self);
        let progress = move |done: usize, of: usize| {
            let slot = &this.slots[at];
            slot.done.store(done, Ordering::Relaxed);
            slot.of.store(of, Ordering::Relaxed);
        };
        let options = AuditOptions {
            progress: Some(Arc::new(progress)),
            cache: self.answers.clone(),
            ..AuditOptions::default()
        };
        let finished = || {
            let evaluation = self.record.evaluation(&policy, &options)?;
            let overview = Overview::of(&self.record, &policy, &evaluation)?;
            Ok(Finished { policy: Arc::clone(&policy), evaluation, overview })
        };
        // What failed for want of time may succeed when the machine is less busy.
        match finished().or_else(|_: comity::Error| finished()) {
            Ok(finished) => Work::Done(Arc::new(finished)),
            Err(error) => Work::Failed(Refusal::of(500, &error)),
        }
    }

    /// The shapes of states; none where the record has none that can be read.
    fn atlas(&self) -> Option<&Atlas> {
        self.atlas.get_or_init(|| Atlas::of(&self.record).ok().flatten()).as_ref()
    }

    fn is_finished(&self) -> bool {
        self.slots.iter().all(|slot| !matches!(*lock(&slot.work), Work::Waiting))
    }
}

impl Now {
    /// The record inside the program with the second policy that ships, evaluated once for all tests.
    ///
    /// # Panics
    /// If that cannot be evaluated.
    #[cfg(test)]
    pub fn starter() -> Self {
        static NOW: OnceLock<Now> = OnceLock::new();
        let make = || {
            let policy = Policy::shipped("bandung-1955").unwrap();
            let app = App::open(Held::Memory(Record::starter()), vec![policy], None).unwrap();
            let now = app.now();
            while !now.generation.is_finished() {
                std::thread::sleep(Duration::from_millis(20));
            }
            now
        };
        NOW.get_or_init(make).clone()
    }

    /// The same with any policy that ships, not evaluated.
    ///
    /// # Panics
    /// If there is no such policy.
    #[cfg(test)]
    pub fn unevaluated(policy: &str) -> Self {
        let policies = [Arc::new(Policy::shipped(policy).unwrap())];
        let held = Held::Memory(Record::starter());
        Self { generation: Arc::new(Generation::open(&held, &policies, None, 1).unwrap()) }
    }

    /// Where answers of policies are kept between runs.
    pub fn answers(&self) -> Option<Arc<comity::Cache>> {
        self.generation.answers.clone()
    }

    /// The processes for queries and policies of strangers.
    pub fn children(&self) -> &Children {
        &self.generation.children
    }

    /// The processes for measures.
    pub fn measuring(&self) -> &Children {
        &self.generation.measuring
    }

    /// Which state of the record it is: rises when the record is replaced.
    pub fn number(&self) -> usize {
        self.generation.number
    }

    /// The record.
    pub fn record(&self) -> &Record {
        &self.generation.record
    }

    /// The shapes of states by date; none where the record has no `borders`.
    pub fn atlas(&self) -> Option<&Atlas> {
        self.generation.atlas()
    }

    /// The policies, the default first.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.generation.slots.iter().map(|slot| &slot.policy)
    }

    /// The policy asked for (`policy=ID`), or the default.
    ///
    /// # Errors
    /// An id that none has, with the nearest.
    pub fn policy(&self, ask: &Ask) -> Result<&Arc<Policy>, Refusal> {
        Ok(&self.slot(ask)?.policy)
    }

    /// Its value in an address: empty for the default.
    pub fn policy_field<'a>(&'a self, policy: &'a Policy) -> &'a str {
        let id = policy.document().id.as_str();
        let default = self.generation.slots.first();
        if default.is_some_and(|slot| slot.policy.document().id == id) { "" } else { id }
    }

    /// The policy asked for, evaluated. It waits a moment where that is not done yet.
    ///
    /// # Errors
    /// As [`Now::policy`]; an evaluation that is not done, or failed.
    pub fn finished(&self, ask: &Ask) -> Result<Arc<Finished>, Refusal> {
        Self::awaited(self.slot(ask)?)
    }

    fn awaited(slot: &Slot) -> Result<Arc<Finished>, Refusal> {
        let work = lock(&slot.work);
        let wait = slot.changed.wait_timeout_while(work, PATIENCE, |w| matches!(w, Work::Waiting));
        let (work, _) = wait.unwrap_or_else(PoisonError::into_inner);
        match &*work {
            Work::Done(finished) => Ok(Arc::clone(finished)),
            Work::Failed(refusal) => Err(refusal.clone()),
            Work::Waiting => {
                let (done, of) =
                    (slot.done.load(Ordering::Relaxed), slot.of.load(Ordering::Relaxed));
                Err(Refusal::later(format!(
                    "“{}” is being run over the record for all states: {done} of {of} commitments are done",
                    slot.policy.document().title
                ))
                .help("This page comes by itself when it is ready."))
            }
        }
    }

    /// A policy by its id, evaluated; none where it is not served.
    ///
    /// # Errors
    /// As [`Now::finished`].
    pub fn finished_of(&self, id: &str) -> Result<Option<Arc<Finished>>, Refusal> {
        let slot = self.generation.slots.iter().find(|slot| slot.policy.document().id == id);
        slot.map(Self::awaited).transpose()
    }

    fn slot(&self, ask: &Ask) -> Result<&Slot, Refusal> {
        let slots = &self.generation.slots;
        let Some(wanted) = ask.field("policy") else {
            return slots.first().ok_or_else(|| Refusal::failed("no policy was given"));
        };
        let id = |slot: &Slot| slot.policy.document().id.clone();
        if let Some(slot) = slots.iter().find(|slot| id(slot) == wanted) {
            return Ok(slot);
        }
        let ids: Vec<String> = slots.iter().map(id).collect();
        let mut refusal =
            Refusal::not_found(format!("no policy here is called `{}`", short(wanted)));
        if let Some(near) = nearest(wanted, ids.iter().map(String::as_str)) {
            refusal = refusal.help(near);
        }
        for slot in slots {
            let document = slot.policy.document();
            let there = address(ask.path(), &[("policy", &document.id)]);
            refusal = refusal.link(there, document.title.clone());
        }
        Err(refusal)
    }
}

/// When the record was last replaced.
fn stamp(folder: &Path) -> Option<Stamp> {
    let manifest = std::fs::metadata(folder.join("manifest.json")).ok()?;
    Some((manifest.modified().ok()?, manifest.len()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
