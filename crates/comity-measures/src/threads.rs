//! Work on all processors, with results in the order of the pieces.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What `work` gives for each of so many pieces, in their order. Which thread does a piece never changes what it gives, so the result is
/// the same for any number of threads.
pub(crate) fn in_order<T: Send>(
    pieces: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, pieces.max(1));
    if threads == 1 {
        return (0..pieces).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut made: Vec<(usize, T)> = std::thread::scope(|scope| {
        let run = || {
            let mut own = Vec::new();
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= pieces {
                    return own;
                }
                own.push((piece, work(piece)));
            }
        };
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            match other.join() {
                Ok(part) => all.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    made.sort_by_key(|(piece, _)| *piece);
    made.into_iter().map(|(_, value)| value).collect()
}

/// How many processors there are: the number of threads to give to a measure that takes one.
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
