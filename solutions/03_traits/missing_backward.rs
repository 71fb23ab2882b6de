//! # Keep the promise
//!
//! Whoever implements `Activation` promises two things: `forward`, which a model needs to answer, and `backward`, which
//! it needs to learn. A Python class that lacks `backward` serves for weeks, and fails on the first day of training.
//!
//! Run it. When does Rust notice? The message marks two places: which one made the promise, and which one breaks it?

/// A function of one number, and its derivative.
trait Activation {
    /// The activation of `x`.
    fn forward(&self, x: f32) -> f32;

    /// The derivative of `forward` at `x`.
    fn backward(&self, x: f32) -> f32;
}

/// `x` above 0, and 0 elsewhere. At 0 itself the derivative is taken to be 0, as `torch` has it.
struct ReLU;

impl Activation for ReLU {
    fn forward(&self, x: f32) -> f32 {
        if x < 0.0 { 0.0 } else { x }
    }

    // TODO: Write what is missing, with the signature that the trait gives it. How steep is `forward` at `x`?
    // [starter]
    // [solution]
    fn backward(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { 0.0 }
    }
    // [end]
}

#[path = "../../chapters/03_traits/checks/missing_backward.rs"]
mod checks;
