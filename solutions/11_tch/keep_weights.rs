//! # Keep the weights of before
//!
//! Before a model is fine-tuned, somebody keeps its weights, to go back to if it gets worse. It gets worse, they go back,
//! and nothing changes: what they kept has been fine-tuned as well.
//!
//! Run it. The check says what the kept weights are afterwards. In Python, `before = weights` would have done the same.

use tch::Tensor;

/// The weights before a step and after it.
struct Tuned {
    before: Tensor,
    after: Tensor,
}

/// Adds `step` to the weights, in place as every optimiser does, and keeps what they were.
fn fine_tune(weights: Tensor, step: &Tensor) -> Tuned {
    // TODO: This clones a handle. Keep the numbers themselves.
    // [starter]
    // let before = weights.shallow_clone();
    // let mut after = weights;
    // [solution]
    let before = weights.copy();
    let mut after = weights;
    // [end]
    let _ = after.g_add_(step);
    Tuned { before, after }
}

#[path = "../../chapters/11_tch/checks/keep_weights.rs"]
mod checks;
