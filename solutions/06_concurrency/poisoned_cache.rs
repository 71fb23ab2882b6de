//! # After a panic under the lock
//!
//! A server keeps the state that the model was in after a prompt, to start from there when the same prompt comes
//! again: two lists, where a prompt and its state have the same place. One computation panics between the two
//! `push`es. From then on every request that touches the cache panics too, for days.
//!
//! Run it: the message names a `PoisonError`. A mutex whose guard was dropped by a panic says so to everybody who
//! locks it. It is a warning. What is wrong with the lists at that moment, and what may be done about it in a cache?

use std::sync::{Mutex, MutexGuard};

/// `states[i]` belongs to `prompts[i]`.
#[derive(Default)]
struct Lists {
    prompts: Vec<String>,
    states: Vec<Vec<f32>>,
}

/// States of the model by prompt, shared by all threads.
#[derive(Default)]
struct StateCache {
    lists: Mutex<Lists>,
}

impl StateCache {
    /// Locks the lists. If a thread died with them in hand, they start again from nothing.
    fn locked(&self) -> MutexGuard<'_, Lists> {
        // TODO: The error holds the guard, `into_inner` takes it out. Make the lists whole again, and let the mutex
        // forget the panic: see `clear_poison`.
        // [starter]
        // self.lists.lock().unwrap()
        // [solution]
        self.lists.lock().unwrap_or_else(|poisoned| {
            let mut lists = poisoned.into_inner();
            *lists = Lists::default();
            self.lists.clear_poison();
            lists
        })
        // [end]
    }

    /// Keeps a prompt and the state that `compute` finds for it.
    fn store(&self, prompt: &str, compute: impl FnOnce() -> Vec<f32>) {
        let mut lists = self.locked();
        lists.prompts.push(prompt.to_string());
        lists.states.push(compute());
    }

    /// The state after a prompt, if it is known.
    fn find(&self, prompt: &str) -> Option<Vec<f32>> {
        let lists = self.locked();
        let place = lists.prompts.iter().position(|known| known == prompt)?;
        lists.states.get(place).cloned()
    }
}

#[path = "../../chapters/06_concurrency/checks/poisoned_cache.rs"]
mod checks;
