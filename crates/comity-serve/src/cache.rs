//! Answers that were given before, up to so many bytes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of all answers that are kept.
const MOST: usize = 64 << 20;

/// An answer as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// What they are.
    pub mime: &'static str,
    /// Equal for equal bytes.
    pub tag: String,
}

/// What is asked: the state of the record, and the address with form and part.
pub type Key = (usize, String);

/// Answers by what was asked; those that were not asked for longest go first.
#[derive(Debug, Default)]
pub struct Cache {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    answers: HashMap<Key, (u64, Answer)>,
    by_use: BTreeMap<u64, Key>,
    clock: u64,
    bytes: usize,
}

impl Cache {
    /// The answer, if it was kept.
    pub fn get(&self, key: &Key) -> Option<Answer> {
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        let (used, answer) = inner.answers.get_mut(key)?;
        inner.by_use.remove(used);
        inner.clock += 1;
        *used = inner.clock;
        inner.by_use.insert(inner.clock, key.clone());
        Some(answer.clone())
    }

    /// Keeps an answer.
    pub fn put(&self, key: Key, answer: Answer) {
        let size = answer.bytes.len() + key.1.len() + 256;
        if size > MOST / 16 {
            return;
        }
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        inner.remove(&key);
        inner.clock += 1;
        inner.bytes += size;
        inner.by_use.insert(inner.clock, key.clone());
        inner.answers.insert(key, (inner.clock, answer));
        while inner.bytes > MOST {
            let Some((_, oldest)) = inner.by_use.first_key_value() else { break };
            let oldest = oldest.clone();
            inner.remove(&oldest);
        }
    }

    /// Forgets all.
    pub fn clear(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = Inner::default();
    }
}

impl Inner {
    fn remove(&mut self, key: &Key) {
        if let Some((used, answer)) = self.answers.remove(key) {
            self.by_use.remove(&used);
            self.bytes -= answer.bytes.len() + key.1.len() + 256;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(size: usize) -> Answer {
        Answer { bytes: vec![0; size].into(), mime: "text/plain", tag: size.to_string() }
    }

    #[test]
    fn what_was_not_asked_for_longest_goes_first() {
        let cache = Cache::default();
        let key = |n: usize| (1, n.to_string());
        let size = MOST / 20;
        for n in 0..19 {
            cache.put(key(n), answer(size));
        }
        assert!(cache.get(&key(0)).is_some());
        for n in 19..21 {
            cache.put(key(n), answer(size));
        }
        assert!(cache.get(&key(0)).is_some() && cache.get(&key(1)).is_none());
        assert!(cache.get(&key(20)).is_some());
        cache.put(key(99), answer(MOST));
        assert!(cache.get(&key(99)).is_none());
        cache.put(key(0), answer(1));
        cache.put(key(0), answer(2));
        assert_eq!(cache.get(&key(0)).unwrap().bytes.len(), 2);
        cache.clear();
        assert!(cache.get(&key(0)).is_none());
    }
}
