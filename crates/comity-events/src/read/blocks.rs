//! A text in blocks of whole lines, worked on side by side.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

/// How much of a text is worked on at a time.
pub(crate) const BLOCK: usize = 4 * 1024 * 1024;
/// The longest line that is one.
const MAX_LINE: usize = 4 * 1024 * 1024;
/// Blocks that may wait for one before them.
const AHEAD: usize = 4;

/// Lines of a text.
pub(crate) struct Block {
    /// Whole lines; the last one of a text may lack its line end.
    pub bytes: Vec<u8>,
    /// Whether it begins the text.
    pub first: bool,
    /// Whether it ends the text.
    pub last: bool,
}

/// What a text is taken from.
pub(crate) struct Lines<R> {
    from: R,
    /// What was read past the last whole line.
    rest: Vec<u8>,
    hash: Option<Sha256>,
    begun: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// Lines of a text, whose hash is made on the way if it is wanted.
    pub(crate) fn of(from: R, hashed: bool) -> Self {
        let hash = hashed.then(Sha256::new);
        Self { from, rest: Vec::new(), hash, begun: false, ended: false }
    }

    /// The bytes that the text begins with, which are still to come: whole lines, if it has any so near its beginning.
    pub(crate) fn peek(&mut self) -> Result<&[u8], String> {
        if self.rest.is_empty() && !self.begun {
            self.fill(64 * 1024)?;
        }
        Ok(&self.rest)
    }

    fn fill(&mut self, more: usize) -> Result<usize, String> {
        let before = self.rest.len();
        self.rest.reserve(more);
        let read = (&mut self.from)
            .take(more as u64)
            .read_to_end(&mut self.rest)
            .map_err(|e| format!("it cannot be read to its end ({e}): get it anew"))?;
        if let Some(hash) = &mut self.hash {
            hash.update(&self.rest[before..]);
        }
        Ok(read)
    }

    /// The next block; none: there is no more.
    pub(crate) fn next(&mut self, mut bytes: Vec<u8>) -> Result<Option<Block>, String> {
        if self.ended {
            return Ok(None);
        }
        loop {
            let short = BLOCK.saturating_sub(self.rest.len()).max(BLOCK / 2);
            let read = self.fill(short)?;
            self.ended = read == 0;
            let whole = match memchr::memrchr(b'\n', &self.rest) {
                _ if self.ended => self.rest.len(),
                Some(at) => at + 1,
                None if self.rest.len() > MAX_LINE + BLOCK => {
                    return Err(format!("a line is longer than {MAX_LINE} bytes"));
                }
                None => continue,
            };
            bytes.clear();
            bytes.extend_from_slice(&self.rest[whole..]);
            std::mem::swap(&mut bytes, &mut self.rest);
            bytes.truncate(whole);
            let first = !std::mem::replace(&mut self.begun, true);
            if bytes.is_empty() && !first {
                return Ok(None);
            }
            return Ok(Some(Block { bytes, first, last: self.ended }));
        }
    }

    /// The hash of the whole text, if it was wanted.
    pub(crate) fn hash(self) -> Option<[u8; 32]> {
        self.hash.map(|h| h.finalize().into())
    }
}

struct Queue<R> {
    lines: Mutex<At<R>>,
    moved: Condvar,
}

struct At<R> {
    lines: Lines<R>,
    next: usize,
    taken: usize,
    spare: Vec<Vec<u8>>,
    failed: Option<String>,
    stop: bool,
}

impl<R: Read> Queue<R> {
    fn lock(&self) -> MutexGuard<'_, At<R>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<(usize, Block)> {
        let mut at = self.lock();
        while !at.stop && at.next - at.taken >= AHEAD {
            at = self.moved.wait(at).unwrap_or_else(PoisonError::into_inner);
        }
        if at.stop {
            return None;
        }
        let room = at.spare.pop().unwrap_or_default();
        match at.lines.next(room) {
            Ok(Some(block)) => {
                at.next += 1;
                Some((at.next - 1, block))
            }
            Ok(None) => None,
            Err(reason) => {
                at.failed = Some(reason);
                at.stop = true;
                None
            }
        }
    }

    fn stop(&self) {
        self.lock().stop = true;
        self.moved.notify_all();
    }
}

/// A thread that panics leaves its block undone: the others stop, instead of waiting for it.
struct StopIfPanicking<'a, R: Read>(&'a Queue<R>);

impl<R: Read> Drop for StopIfPanicking<'_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Does `work` for every block on so many threads; what it gives is handed to `take` in the order of the text, on the calling thread. Every
/// thread has what `own` makes for it, which comes back at the end.
///
/// # Errors
/// Reading that fails (after everything before it was taken), and the first error of `take`.
pub(crate) fn each<R: Read + Send, O: Send, T: Send, E: From<String>>(
    lines: Lines<R>,
    threads: usize,
    own: impl Fn() -> O + Sync,
    work: impl Fn(&mut O, &Block) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(Vec<O>, Lines<R>), E> {
    let at = At { lines, next: 0, taken: 0, spare: Vec::new(), failed: None, stop: false };
    let queue = Queue { lines: Mutex::new(at), moved: Condvar::new() };
    let (owns, outcome) = std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<(usize, T)>(2 * AHEAD);
        let working: Vec<_> = (0..threads.max(1))
            .map(|_| {
                let (send, own, work, queue) = (send.clone(), &own, &work, &queue);
                scope.spawn(move || {
                    let _stop = StopIfPanicking(queue);
                    let mut own = own();
                    while let Some((at, block)) = queue.next() {
                        let made = work(&mut own, &block);
                        queue.lock().spare.push(block.bytes);
                        if send.send((at, made)).is_err() {
                            break;
                        }
                    }
                    own
                })
            })
            .collect();
        drop(send);
        let (mut waiting, mut next, mut outcome) = (BTreeMap::new(), 0, Ok(()));
        for (at, made) in receive {
            waiting.insert(at, made);
            while let Some(made) = waiting.remove(&next) {
                next += 1;
                if outcome.is_ok() {
                    outcome = take(made);
                }
                let mut at = queue.lock();
                at.taken = next;
                at.stop |= outcome.is_err();
                drop(at);
                queue.moved.notify_all();
            }
        }
        let owns: Vec<_> = working.into_iter().map(|w| w.join().ok()).collect();
        (owns, outcome)
    });
    outcome?;
    let at = queue.lines.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(reason) = at.failed {
        return Err(reason.into());
    }
    let owns: Option<Vec<O>> = owns.into_iter().collect();
    let owns = owns.ok_or_else(|| E::from("a thread gave up".to_owned()))?;
    Ok((owns, at.lines))
}
