//! Runs work on two threads and returns the results in order.
//!
//! More threads would not help: the work here reads much memory and computes little.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Calls `here` on this thread and `there` on another at the same time, and returns both results. A
/// panic of the other thread continues in this one.
///
/// Starting a thread takes about 50 microseconds, so use this for milliseconds of work.
///
/// ```
/// assert_eq!(owners::parallel::both(|| 1, || 2), (1, 2));
/// ```
pub fn both<H, T: Send>(here: impl FnOnce() -> H, there: impl FnOnce() -> T + Send) -> (H, T) {
    thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        (
            here,
            there.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    })
}

/// Calls `work` with chunks of `size` items, and returns the results in order. A single chunk
/// starts no second thread.
pub fn map_chunks<I: Sync, T: Send>(
    items: &[I],
    size: usize,
    work: impl Fn(&[I]) -> T + Sync,
) -> Vec<T> {
    let chunks: Vec<&[I]> = items.chunks(size).collect();
    match chunks.as_slice() {
        [] => Vec::new(),
        [only] => vec![work(only)],
        _ => map(chunks.len(), |index| work(chunks[index])),
    }
}

/// Calls `work` with every number below `count`, and returns the results in order. Each of two
/// threads takes the next free number until none is left.
///
/// ```
/// assert_eq!(owners::parallel::map(4, |number| number * number), [0, 1, 4, 9]);
/// ```
pub fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take_all = || {
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&number| number < count);
        let results = std::iter::from_fn(take).map(|number| (number, work(number)));
        results.collect::<Vec<_>>()
    };
    let (mut results, others) = both(take_all, take_all);
    results.extend(others);
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
