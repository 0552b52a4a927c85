//! Work on as many threads as there are processors, with results in the order of the pieces.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Does `work` for each item; every thread has what `own` makes for it.
pub fn side_by_side<I: Sync, O, T: Send>(
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

/// The same for work that waits for a disk and not for a processor, on so many threads.
pub fn waiting<I: Sync, T: Send>(
    threads: usize,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let mut all = Vec::with_capacity(items.len());
    let queue = Queue::of(items.len(), usize::MAX);
    let threads = threads.clamp(1, items.len().max(1));
    let Ok(()) = shared(
        threads,
        &queue,
        || (),
        |(), at| work(&items[at]),
        |made| {
            all.push(made);
            Ok::<_, Infallible>(())
        },
    );
    all
}

/// Does `work` for each item, which it then lets go; those that weigh most are begun first, so that none of them is left alone at the
/// end. The results stand in the order of the items.
pub fn heaviest_first<I: Send, T: Send>(
    items: Vec<I>,
    weight: impl Fn(&I) -> u64,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let order = by_weight(items.iter().map(weight));
    let items: Vec<Mutex<Option<I>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
    let take = |at: usize| items[at].lock().unwrap_or_else(PoisonError::into_inner).take();
    let made = side_by_side(&order, || (), |(), at| take(*at).map(&work));
    let made = order.into_iter().zip(made);
    let mut made: Vec<(usize, T)> = made.filter_map(|(at, made)| Some((at, made?))).collect();
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// The places of the greatest weight first, and of equal ones in their order.
fn by_weight(weights: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut order: Vec<(Reverse<u64>, usize)> =
        weights.enumerate().map(|(at, weight)| (Reverse(weight), at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// Does `work` for each of so many pieces, and hands the results on in their order, on the calling thread. No thread begins a piece that is
/// `ahead` or more behind the last that was taken; the first error of `take` ends the work.
pub fn in_order<O, T: Send, E>(
    pieces: usize,
    ahead: usize,
    own: impl Fn() -> O + Sync,
    work: impl Fn(&mut O, usize) -> T + Sync,
    take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    shared(threads(pieces), &Queue::of(pieces, ahead), own, work, take)
}

/// The pieces of a queue, done by so many threads.
fn shared<O, T: Send, E>(
    threads: usize,
    queue: &Queue,
    own: impl Fn() -> O + Sync,
    work: impl Fn(&mut O, usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let (send, receive) = channel();
        for _ in 0..threads {
            let (send, own, work) = (send.clone(), &own, &work);
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
pub fn threads(pieces: usize) -> usize {
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
    fn of(pieces: usize, ahead: usize) -> Self {
        Self { pieces, ahead, at: Mutex::default(), moved: Condvar::new() }
    }

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
    fn the_heaviest_are_begun_first_and_the_results_stand_in_order() {
        let weights = [3, 9, 1, 9, 5];
        assert_eq!(by_weight(weights.into_iter()), [1, 3, 4, 0, 2]);
        let made = heaviest_first(weights.to_vec(), |item| *item, |item| item + 1);
        assert_eq!(made, [4, 10, 2, 10, 6]);
    }

    #[test]
    fn work_that_waits_is_done_by_more_threads_than_there_are_processors() {
        // All of them meet: fewer would wait for ever.
        let barrier = std::sync::Barrier::new(40);
        let items: Vec<usize> = (0..40).collect();
        let made = waiting(40, &items, |item| {
            barrier.wait();
            *item
        });
        assert_eq!(made, items);
        assert!(waiting(8, &[0; 0], |item: &i32| *item).is_empty());
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
