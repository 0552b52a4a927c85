//! Queries side by side, on threads that can be abandoned.

use std::collections::VecDeque;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A piece of work for [`in_parallel`].
pub type Job<T> = Box<dyn FnOnce() -> T + Send + 'static>;

/// Planning recurses over the query; its depth is capped, and this holds the cap with room to spare.
const STACK: usize = 128 * 1024 * 1024;

/// Runs every job and gives the answers in the order of the jobs, whatever the number of threads.
///
/// A job that panics, or that is still running `patience` after the last answer, has the answer
/// `None`: its thread is abandoned, so that a query which never yields cannot hold the caller.
pub fn in_parallel<T: Send + 'static>(jobs: Vec<Job<T>>, patience: Duration) -> Vec<Option<T>> {
    let count = jobs.len();
    let mut answers: Vec<Option<T>> = (0..count).map(|_| None).collect();
    let numbered: VecDeque<(usize, Job<T>)> = jobs.into_iter().enumerate().collect();
    let queue = Arc::new(Mutex::new(numbered));
    let (send, receive) = channel();
    let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, 16).min(count);
    for _ in 0..threads {
        let (queue, send) = (Arc::clone(&queue), send.clone());
        let work = move || {
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((at, job)) = next else { break };
                let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).ok();
                if send.send((at, answer)).is_err() {
                    break;
                }
            }
        };
        // A thread that cannot be made leaves its share to the others.
        let _ = thread::Builder::new().name("comity-query".into()).stack_size(STACK).spawn(work);
    }
    drop(send);
    for _ in 0..count {
        match receive.recv_timeout(patience) {
            Ok((at, answer)) => answers[at] = answer,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order_and_a_stuck_job_is_left_behind() {
        let jobs: Vec<Job<usize>> =
            (0..50_usize).map(|i| Box::new(move || i) as Job<usize>).collect();
        let answers = in_parallel(jobs, Duration::from_secs(5));
        assert_eq!(answers, (0..50).map(Some).collect::<Vec<_>>());
        let stuck: Vec<Job<()>> = vec![Box::new(|| {
            loop {
                thread::sleep(Duration::from_millis(50));
            }
        })];
        assert_eq!(in_parallel(stuck, Duration::from_millis(100)), vec![None]);
    }

    #[test]
    fn a_panic_is_one_missing_answer() {
        let jobs: Vec<Job<i32>> = vec![Box::new(|| panic!("on purpose")), Box::new(|| 2)];
        assert_eq!(in_parallel(jobs, Duration::from_secs(5)), vec![None, Some(2)]);
    }
}
