//! # The mean of a stream
//!
//! Losses come out of the training loop one by one and are not kept. Their mean needs a sum and a count. In
//! Python `sum(losses) / len(list(losses))` divides by zero when `losses` is a generator: `sum` has emptied it,
//! and nobody said so.
//!
//! Run it. Which line uses the stream up, and what in the message says so?

/// The mean of `losses`, each of which is asked for once. There is at least one.
// TODO: Find sum and count on one walk, without keeping the losses.
fn mean(losses: impl Iterator<Item = f32>) -> f32 {
    let total: f32 = losses.sum();
    let count = losses.count();
    total / count as f32
}

#[path = "../../chapters/05_iterators/checks/mean_in_one_pass.rs"]
mod checks;
