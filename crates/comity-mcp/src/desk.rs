//! What the server knows: the record, opened once and anew when it changes on disk; the policies, and their evaluations, kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use comity::{AuditOptions, Cache, Error, Kept, Policy, Record, Verdicts, nearest};

/// Where the record is.
#[derive(Debug, Clone)]
pub enum Held {
    /// In a folder, looked at again with each question.
    Folder(PathBuf),
    /// In memory: the one inside the program, or one that the caller made.
    Memory(Record),
}

/// The record, the policies, and what was evaluated.
#[derive(Debug)]
pub struct Desk {
    held: Held,
    policies: Vec<Arc<Policy>>,
    answers: Option<Arc<Cache>>,
    now: Mutex<Arc<Opened>>,
}

/// The record as it was opened, and the evaluations over it.
#[derive(Debug)]
pub struct Opened {
    kept: Kept,
    stamp: Option<Stamp>,
}

/// What tells that a record was replaced.
type Stamp = (SystemTime, u64);

impl Desk {
    /// Opens the record. The first policy is the one meant where none is named; `answers` is where answers of policies are kept between
    /// runs.
    ///
    /// # Errors
    /// A record that cannot be opened; no policy at all.
    pub fn new(
        held: Held,
        policies: Vec<Policy>,
        answers: Option<Arc<Cache>>,
    ) -> Result<Self, Error> {
        if policies.is_empty() {
            return Err(Error::new("there is no policy to answer under").help("name one"));
        }
        let now = Mutex::new(Arc::new(Opened::of(&held)?));
        Ok(Self { held, policies: policies.into_iter().map(Arc::new).collect(), answers, now })
    }

    /// The record as it is now on disk. One that cannot be opened any more is an error, and the next question tries again.
    ///
    /// # Errors
    /// A record that cannot be opened.
    pub fn now(&self) -> Result<Arc<Opened>, Error> {
        let mut now = lock(&self.now);
        if let Held::Folder(folder) = &self.held
            && stamp(folder) != now.stamp
        {
            *now = Arc::new(Opened::of(&self.held)?);
        }
        Ok(Arc::clone(&now))
    }

    /// The policies, the default one first.
    pub fn policies(&self) -> &[Arc<Policy>] {
        &self.policies
    }

    /// The policy of that id; none named: the first.
    ///
    /// # Errors
    /// An id that no policy here has, with those that there are.
    pub fn policy(&self, id: Option<&str>) -> Result<&Arc<Policy>, Error> {
        let Some(id) = id else { return Ok(&self.policies[0]) };
        let of = |policy: &Arc<Policy>| policy.document().id.clone();
        if let Some(policy) = self.policies.iter().find(|p| of(p) == id) {
            return Ok(policy);
        }
        let ids: Vec<String> = self.policies.iter().map(of).collect();
        let mut error = Error::new(format!("there is no policy `{}` here", short(id)));
        if let Some(near) = nearest(id, ids.iter().map(String::as_str)) {
            error = error.help(near);
        }
        Err(error.help(format!("those that there are: {}", ids.join(", "))))
    }

    /// How evaluations are made.
    pub fn options(&self) -> AuditOptions {
        AuditOptions { cache: self.answers.clone(), ..AuditOptions::default() }
    }

    /// A policy evaluated over the record, for all states and years; of these commitments, or all. The last year that is judged is the last
    /// of the sources that these need.
    ///
    /// # Errors
    /// Queries that fail.
    pub fn verdicts(
        &self,
        opened: &Opened,
        policy: &Policy,
        commitments: &[String],
    ) -> Result<Verdicts, Error> {
        let options = AuditOptions { commitments: commitments.to_vec(), ..self.options() };
        opened.kept.verdicts(policy, &options)
    }
}

impl Opened {
    fn of(held: &Held) -> Result<Self, Error> {
        // The stamp is taken first: a change in between is then seen as one.
        let (stamp, record) = match held {
            Held::Folder(folder) => (stamp(folder), Record::open(folder)?),
            Held::Memory(record) => (None, record.clone()),
        };
        Ok(Self { kept: Kept::over(record), stamp })
    }

    /// The record.
    pub fn record(&self) -> &Record {
        self.kept.record()
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

/// What a client wrote, short enough to be said back.
pub fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut out: String = text.chars().filter(|c| !c.is_control()).take(MOST).collect();
    if text.chars().count() > MOST {
        out.push('…');
    }
    out
}
