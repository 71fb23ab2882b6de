//! # Two queues, two locks
//!
//! Each worker has a queue of requests, behind a lock of its own. When one queue grows long, some of its requests are
//! moved to another's. Two threads do this at the same time, one from queue A to B, one from B to A.
//!
//! It compiles, and it has run for weeks. Here it stands still after the first move. Draw it: which locks does each
//! of the two threads hold, and which does it wait for? Nothing in Rust's rules forbids that.

use std::sync::Mutex;

/// Moves the first requests of `from` to the end of `to`. `choose` is shown the waiting requests and says how many
/// go.
///
/// A request is in nobody's queue for a moment. No request is lost, and none is in two queues.
fn move_requests(
    from: &Mutex<Vec<u32>>,
    to: &Mutex<Vec<u32>>,
    choose: impl FnOnce(&[u32]) -> usize,
) {
    // TODO: This waits for the second lock with the first one in hand. Let the first go before you ask for the
    // second.
    // [starter]
    // let mut source = from.lock().unwrap();
    // let count = choose(&source);
    // let mut target = to.lock().unwrap();
    // target.extend(source.drain(..count));
    // [solution]
    let mut source = from.lock().unwrap();
    let count = choose(&source);
    let moved: Vec<u32> = source.drain(..count).collect();
    drop(source);
    to.lock().unwrap().extend(moved);
    // [end]
}

#[path = "../../chapters/06_concurrency/checks/move_requests.rs"]
mod checks;
