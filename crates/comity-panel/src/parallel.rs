//! Work on as many threads as there are processors, with results in the order of the pieces.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Does `work` for each item; every thread has what `own` makes for it.
pub(super) fn side_by_side<I: Sync, O, T: Send>(
    items: &[I],
    own: impl Fn() -> O + Sync,
    work: impl Fn(&mut O, &I) -> T + Sync,
) -> Vec<T> {
    let mut all = Vec::with_capacity(items.len());
    let take = |made| {
        all.push(made);
        Ok::<_, Infallible>(())
    };
    let Ok(()) = in_order(items.len(), usize::MAX, own, |own, at| work(own, &items[at]), take);
    all
}

/// Does `work` for each of so many pieces, and hands the results on in their order, on the calling thread. No thread begins a piece that is
/// `ahead` or more behind the last that was taken; the first error of `take` ends the work.
pub(super) fn in_order<O, T: Send, E>(
    pieces: usize,
    ahead: usize,
    own: impl Fn() -> O + Sync,
    work: impl Fn(&mut O, usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let queue = Queue { pieces, ahead, at: Mutex::default(), moved: Condvar::new() };
    std::thread::scope(|scope| {
        let (send, receive) = channel();
        for _ in 0..threads(pieces) {
            let (send, queue, own, work) = (send.clone(), &queue, &own, &work);
            scope.spawn(move || {
                let _stop = StopIfPanicking(queue);
                let mut own = own();
                while let Some(piece) = queue.next() {
                    if send.send((piece, work(&mut own, piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let (mut next, mut outcome) = (0, Ok(()));
        for (piece, made) in receive {
            waiting.insert(piece, made);
            while let Some(made) = waiting.remove(&next) {
                next += 1;
                if outcome.is_ok() {
                    outcome = take(made);
                }
                queue.taken(next, outcome.is_err());
            }
        }
        outcome
    })
}

/// How many threads so many pieces of work are shared by.
pub(super) fn threads(pieces: usize) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    processors.clamp(1, 16).min(pieces.max(1))
}

/// The pieces that are still to be done.
struct Queue {
    pieces: usize,
    ahead: usize,
    at: Mutex<At>,
    moved: Condvar,
}

#[derive(Default)]
struct At {
    /// The next piece to be done.
    next: usize,
    /// How many were taken.
    taken: usize,
    stop: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, At> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece, as soon as it may be begun; none if there is no more to be done.
    fn next(&self) -> Option<usize> {
        let mut at = self.lock();
        loop {
            if at.stop || at.next >= self.pieces {
                return None;
            }
            if at.next - at.taken < self.ahead {
                at.next += 1;
                return Some(at.next - 1);
            }
            at = self.moved.wait(at).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn taken(&self, many: usize, stop: bool) {
        let mut at = self.lock();
        at.taken = many;
        at.stop |= stop;
        drop(at);
        self.moved.notify_all();
    }
}

/// A thread that panics leaves its piece undone: the others stop, instead of waiting for it.
struct StopIfPanicking<'a>(&'a Queue);

impl Drop for StopIfPanicking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().stop = true;
            self.0.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_pieces() {
        let items: Vec<usize> = (0..500).collect();
        let made = side_by_side(
            &items,
            || 0,
            |many, item| {
                *many += 1;
                item * 2
            },
        );
        assert_eq!(made, (0..500).map(|i| i * 2).collect::<Vec<_>>());
        assert!(side_by_side(&[0; 0], || (), |(), item: &i32| *item).is_empty());
    }

    #[test]
    fn no_piece_is_begun_far_ahead_and_an_error_ends_the_work() {
        let begun = Mutex::new(0_usize);
        let mut taken = 0;
        let outcome = in_order(
            1_000,
            4,
            || (),
            |(), piece| {
                *begun.lock().unwrap() += 1;
                piece
            },
            |piece| {
                assert_eq!(piece, taken);
                taken += 1;
                if piece == 100 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((outcome, taken), (Err("enough"), 101));
        assert!(*begun.lock().unwrap() <= 101 + 4 + 16);
    }

    #[test]
    fn a_panic_in_one_piece_ends_the_work_of_all() {
        let panicked = catch_unwind(|| {
            let work = |(): &mut (), piece: usize| assert!(piece != 3, "on purpose");
            in_order(1_000, 2, || (), work, |()| Ok::<_, Infallible>(()))
        });
        assert!(panicked.is_err());
    }
}
