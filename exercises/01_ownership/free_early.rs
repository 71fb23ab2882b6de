//! # Free the checkpoint before the cache
//!
//! A model is loaded as `f32`, rounded to 8 bits, and then gets memory for its KV cache. The program is right, and
//! on a machine with just enough memory it dies. For seven billion weights the checkpoint is 28 GB, the rounded
//! weights are 7 GB; the cache comes on top.
//!
//! This time it compiles. Read the check, then say at which line of `load` the checkpoint's memory is freed, and at
//! which line it was last needed.

/// Rounds weights between -1 and 1 to 8 bits: 1.0 becomes 127.
fn quantise(weights: &[f32]) -> Vec<i8> {
    weights.iter().map(|w| (w * 127.0).round() as i8).collect()
}

/// Returns the rounded weights and an empty cache of `context` numbers.
fn load(checkpoint: Vec<f32>, context: usize) -> (Vec<i8>, Vec<f32>) {
    // TODO: The checkpoint lives until the closing brace. End its life where it was last needed.
    let weights = quantise(&checkpoint);
    let cache = vec![0.0; context];
    (weights, cache)
}

#[path = "../../chapters/01_ownership/checks/free_early.rs"]
mod checks;
