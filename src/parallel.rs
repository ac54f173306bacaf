//! Work on two threads, with results in order.
//!
//! Two, since more would wait for memory: what is done here reads much and computes little.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Calls `here` on this thread and `there` on another at the same time, and returns both results.
/// A panic of the other thread goes on in this one.
///
/// To start a thread takes some 50 microseconds: worth it for milliseconds of work.
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

/// Calls `work` with `items` in pieces of so many, and returns the results in order. A single piece
/// needs no second thread.
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

/// Calls `work` with every number below `count`, on two threads that each take the next one that is
/// left, and returns the results in the order of the numbers.
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
