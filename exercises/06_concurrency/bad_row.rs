//! # One bad row in a batch
//!
//! A batch of rows is scored, each on a thread of its own. One row is broken, and its scorer panics. The other rows
//! are fine, their scores are computed, and their owners are waiting for them.
//!
//! It compiles. Run it: which line of this file gives up, and what did that thread know that the rest of the batch
//! could not have told us? What does `join` return, if not a score?

use concurrency::panic_message;
use std::thread;

/// Scores each row on a thread of its own. A row whose scorer panicked is an `Err` with the panic's message.
fn score_batch(rows: &[Vec<f32>], score: fn(&[f32]) -> f32) -> Vec<Result<f32, String>> {
    thread::scope(|scope| {
        let handles: Vec<_> = rows
            .iter()
            .map(|row| scope.spawn(move || score(row)))
            .collect();
        // TODO: `unwrap` turns one row's panic into everybody's. Hand on what `join` says; `panic_message` reads the
        // reason.
        handles
            .into_iter()
            .map(|handle| Ok(handle.join().unwrap()))
            .collect()
    })
}

#[path = "../../chapters/06_concurrency/checks/bad_row.rs"]
mod checks;
