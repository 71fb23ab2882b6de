//! # Train and validate on one buffer
//!
//! Part of the samples train the model, the rest validate it. `samples[:cut]` and `samples[cut:]` of a numpy array
//! are views: two windows on one buffer, nothing copied. Rust has such windows too, with the same syntax and one
//! character more. The signature below promises something else.
//!
//! Run it. The compiler offers a fix; before you take it, work out how many bytes that fix would copy for a
//! data set of 10 GB.

/// Splits `samples` in two: those before `cut` train, those from `cut` on validate. Copies nothing.
// TODO: Return two views of the samples instead of two vectors: change the signature, then the body.
fn split(samples: &[f32], cut: usize) -> (Vec<f32>, Vec<f32>) {
    (samples[..cut], samples[cut..])
}

#[path = "../../chapters/01_ownership/checks/train_valid.rs"]
mod checks;
