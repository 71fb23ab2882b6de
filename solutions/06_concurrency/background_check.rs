//! # Check a checkpoint in the background
//!
//! A server loads a checkpoint and adds up its weights, to compare the sum with the one in the file's header. For
//! seven billion weights this takes seconds, and the tokenizer could be loaded meanwhile. So the sum gets a thread
//! of its own.
//!
//! Run it, and read the first line of the message to its end. Who owns the weights, and when is that function
//! over? When does the thread use them?

use std::thread::{self, JoinHandle, ThreadId};

/// What a check found: the sum, where in memory the weights were, and which thread read them.
struct Report {
    sum: f32,
    address: usize,
    thread: ThreadId,
}

/// Reads all weights.
fn inspect(weights: &[f32]) -> Report {
    Report {
        sum: weights.iter().sum(),
        address: weights.as_ptr().addr(),
        thread: thread::current().id(),
    }
}

/// Starts to inspect the weights on a thread of its own, and returns at once. `join` on the handle gives the report.
fn check_in_background(weights: Vec<f32>) -> JoinHandle<Report> {
    // TODO: The closure borrows `weights`, and this function ends long before the thread does. Let the thread have
    // them.
    // [starter]
    // thread::spawn(|| inspect(&weights))
    // [solution]
    thread::spawn(move || inspect(&weights))
    // [end]
}

#[path = "../../chapters/06_concurrency/checks/background_check.rs"]
mod checks;
