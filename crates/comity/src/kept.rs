//! A record with the evaluations that were made over it, for who asks again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{AuditOptions, Error, Policy, Record, Verdicts};

/// A record, and what was evaluated over it. An evaluation answers for all states and years, so that only the first question about a policy
/// waits for one.
#[derive(Debug)]
pub struct Kept {
    record: Record,
    /// By policy, sources chosen and findings set aside. Who asks for one that is being made waits for it.
    evaluated: Mutex<BTreeMap<String, Slot>>,
}

type Slot = Arc<Mutex<Option<Verdicts>>>;

impl Kept {
    /// At most so many evaluations are held.
    const MOST: usize = 8;

    /// Over a record.
    pub fn over(record: Record) -> Self {
        Self { record, evaluated: Mutex::default() }
    }

    /// The record.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// A policy evaluated with these options; the years of the options are left to who reads the verdicts.
    ///
    /// ```
    /// use comity::{Kept, Policy, Record};
    ///
    /// let kept = Kept::over(Record::starter());
    /// let policy = Policy::shipped("bandung-1955")?;
    /// let first = kept.verdicts(&policy, &Default::default())?;
    /// let again = kept.verdicts(&policy, &Default::default())?;
    /// assert!(std::ptr::eq(first.evaluation(), again.evaluation()));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::verdicts`].
    pub fn verdicts(&self, policy: &Policy, options: &AuditOptions) -> Result<Verdicts, Error> {
        let AuditOptions { sources, without, commitments, .. } = options;
        let fingerprint = comity_policy::fingerprint(policy.document());
        let key = format!("{fingerprint} {sources:?} {without:?} {commitments:?}");
        let slot = {
            let mut evaluated = lock(&self.evaluated);
            if evaluated.len() >= Self::MOST && !evaluated.contains_key(&key) {
                evaluated.clear();
            }
            Arc::clone(evaluated.entry(key).or_default())
        };
        let mut slot = lock(&slot);
        if let Some(verdicts) = &*slot {
            return Ok(verdicts.clone());
        }
        let verdicts = self.record.verdicts(policy, options)?;
        *slot = Some(verdicts.clone());
        Ok(verdicts)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
