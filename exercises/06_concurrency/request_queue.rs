//! # Work without the lock in hand
//!
//! Workers share a queue of prompts. Each takes one, answers it, and comes back for the next, until the queue is
//! empty. Taking one needs the lock for a microsecond; answering it takes a second and needs no lock at all.
//!
//! It compiles, all prompts are answered, and two workers are as slow as one. Run it, and look at the check that
//! fails. Nobody unlocks a mutex in Rust: the guard that `lock()` returns does it when it is dropped. When is that in
//! a `while let`?

use std::sync::Mutex;

/// One worker: takes prompts from the end of the queue and answers them, until there are none.
fn work(queue: &Mutex<Vec<String>>, answer: impl Fn(&str)) {
    // TODO: The guard in the `while let` lives until the closing brace. Take the prompt in a statement of its own.
    while let Some(prompt) = queue.lock().unwrap().pop() {
        answer(&prompt);
    }
}

#[path = "../../chapters/06_concurrency/checks/request_queue.rs"]
mod checks;
