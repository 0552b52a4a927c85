//! What all queries of one run may use together: one pool of memory, one account of time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::execution::memory_pool::{
    GreedyMemoryPool, MemoryConsumer, MemoryPool, MemoryReservation,
};

use crate::error::SqlError;

/// Memory and time that the queries of one run share. Cheap to clone: every clone is the same budget.
#[derive(Debug, Clone)]
pub struct Budget {
    inner: Arc<Inner>,
    kept: Arc<Mutex<MemoryReservation>>,
}

#[derive(Debug)]
struct Inner {
    memory: usize,
    time: Duration,
    pool: Arc<dyn MemoryPool>,
    /// Microseconds.
    spent: AtomicU64,
    /// Whether a query ran into its own limit: the run has failed, and the rest of it need not go on.
    stopped: AtomicBool,
}

impl Default for Budget {
    /// For a policy: 768 MB, so that the process stays below 1 GB, and 40 s of work.
    fn default() -> Self {
        // A build for tests is many times slower, and what it runs is its own.
        let seconds = if cfg!(debug_assertions) { 600 } else { 40 };
        Self::new(768 << 20, Duration::from_secs(seconds))
    }
}

impl Budget {
    /// So many bytes, and so much time, summed over threads.
    pub fn new(memory: usize, time: Duration) -> Self {
        let pool: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(memory));
        let kept = Self::account(&pool);
        let (spent, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { memory, time, pool, spent, stopped }), kept }
    }

    /// The same memory, and the same time once more: for work that does not hang together with what was done.
    #[must_use]
    pub fn renewed(&self) -> Self {
        let Inner { memory, time, pool, .. } = &*self.inner;
        let (memory, time, pool) = (*memory, *time, Arc::clone(pool));
        let kept = Self::account(&pool);
        let (spent, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { memory, time, pool, spent, stopped }), kept }
    }

    fn account(pool: &Arc<dyn MemoryPool>) -> Arc<Mutex<MemoryReservation>> {
        Arc::new(Mutex::new(MemoryConsumer::new("kept").register(pool)))
    }

    /// The same budget for a part of the run: what the part keeps is given back when its last clone is dropped.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), kept: Self::account(&self.inner.pool) }
    }

    /// Counts rows of results that stay for as long as this budget, or a clone of it, does.
    ///
    /// # Errors
    /// The run then holds more than it may.
    pub fn keep(&self, rows: &RecordBatch) -> Result<(), SqlError> {
        self.keep_bytes(super::metered::bytes(rows))
    }

    fn keep_bytes(&self, bytes: usize) -> Result<(), SqlError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.try_grow(bytes).map_err(|_| self.out_of_memory())
    }

    /// The pool that operators take from.
    pub(super) fn pool(&self) -> Arc<dyn MemoryPool> {
        Arc::clone(&self.inner.pool)
    }

    /// Counts time that a query took.
    pub(super) fn spend(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.inner.spent.fetch_add(micros, Ordering::Relaxed);
    }

    /// Ends all queries: one of them failed for want of time.
    pub(super) fn stop(&self) {
        self.inner.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether there is time for more.
    pub(super) fn in_time(&self) -> Result<(), SqlError> {
        if self.inner.stopped.load(Ordering::Relaxed) {
            return Err(SqlError::new(
                "a query of the same run took too long, and the run was stopped",
            )
            .help("join on keys and filter early; a cross join of large tables takes longest"));
        }
        if Duration::from_micros(self.inner.spent.load(Ordering::Relaxed)) < self.inner.time {
            return Ok(());
        }
        Err(SqlError::new(format!(
            "the queries took more than {} s together",
            self.inner.time.as_secs()
        ))
        .help("join on keys and filter early; a cross join of large tables takes longest"))
    }

    /// What to say where memory ran out.
    pub(super) fn out_of_memory(&self) -> SqlError {
        SqlError::new(format!(
            "the query needs more than {} MB of memory, together with what ran before and beside it",
            self.inner.memory / (1024 * 1024)
        ))
        .help("join on keys, filter early, and return short texts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_counts_against_all() {
        let budget = Budget::new(1_000, Duration::from_secs(1));
        let same = budget.clone();
        assert!(budget.keep_bytes(600).is_ok());
        assert!(same.keep_bytes(600).unwrap_err().message.contains("memory"));
        {
            let part = budget.part();
            assert!(part.keep_bytes(400).is_ok());
            assert!(budget.keep_bytes(1).is_err());
        }
        assert!(same.keep_bytes(400).is_ok());
        assert!(budget.in_time().is_ok());
        same.spend(Duration::from_millis(600));
        budget.spend(Duration::from_millis(600));
        assert!(budget.in_time().unwrap_err().message.contains("1 s together"));
        let renewed = budget.renewed();
        assert!(renewed.in_time().is_ok());
        assert!(renewed.keep_bytes(800).is_err());
    }
}
