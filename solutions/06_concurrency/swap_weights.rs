//! # New weights under a running server
//!
//! A server answers with one set of weights while the next is being loaded. When that is there it is put in place,
//! and no request may be dropped or wait for another one to end. A request that has begun finishes with the weights
//! it began with.
//!
//! `RwLock` is a lock with two kinds of guard, as there are two kinds of loan: many `read()` at a time, or one
//! `write()`. Run it. Which line creates the guard, when is it dropped, and what would the caller be left with?

use std::sync::{Arc, RwLock};

/// A model whose weights can be exchanged while others use them.
struct Model {
    weights: RwLock<Arc<Vec<f32>>>,
}

impl Model {
    /// The weights for one request.
    // TODO: What a guard shows cannot outlive the guard. Give the caller a share of its own, and let the lock go.
    // [starter]
    // fn current(&self) -> &Vec<f32> {
    //     &self.weights.read().unwrap()
    // }
    // [solution]
    fn current(&self) -> Arc<Vec<f32>> {
        Arc::clone(&self.weights.read().unwrap())
    }
    // [end]

    /// Puts new weights in place. Waits until no guard is left.
    fn swap(&self, weights: Vec<f32>) {
        *self.weights.write().unwrap() = Arc::new(weights);
    }
}

#[path = "../../chapters/06_concurrency/checks/swap_weights.rs"]
mod checks;
