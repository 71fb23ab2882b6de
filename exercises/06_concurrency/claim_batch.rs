//! # Who takes the next batch?
//!
//! Workers share a counter. Each asks it for the next batch's index, works, and asks again. A lock for one number is
//! much; an atomic number can be read and written by all threads without one.
//!
//! It compiles, and with one worker it is right. With two, some batches are trained on twice. That happens once in
//! thousands of runs, so here the counter has a rival built in: after each of your operations another worker claims a
//! batch. Run it, and write down what both of them read and write, line by line.

use concurrency::ContestedCounter;
use std::sync::atomic::Ordering::Relaxed;

/// The index of the next of `batches` batches, for this worker alone; `None` when all are taken.
///
/// A `ContestedCounter` has the methods `load`, `store`, `fetch_add` and `compare_exchange` of `AtomicUsize`.
fn claim(next: &ContestedCounter, batches: usize) -> Option<usize> {
    // TODO: Between `load` and `store` the rival has its turn. Read and write in one operation that nobody can get
    // into.
    let index = next.load(Relaxed);
    if index >= batches {
        return None;
    }
    next.store(index + 1, Relaxed);
    Some(index)
}

#[path = "../../chapters/06_concurrency/checks/claim_batch.rs"]
mod checks;
