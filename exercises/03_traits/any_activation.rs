//! # For any activation
//!
//! `def apply_activation(activation, inputs)` takes anything in Python, and finds out at its first `activation.forward`
//! whether that was a good idea. The functions below take any type `A`, too, and promise to work with it.
//!
//! Run it. Nobody has called them with a wrong type; nobody but the checks has called them at all. Why is the compiler not
//! content?

/// A function of one number, and its derivative.
trait Activation {
    /// The activation of `x`.
    fn forward(&self, x: f32) -> f32;

    /// The derivative of `forward` at `x`.
    fn backward(&self, x: f32) -> f32;
}

/// `forward` of each of `inputs`, in a new vector.
// TODO: Say what a type must be able to do before it may stand in for `A`.
fn apply_activation<A>(activation: &A, inputs: &[f32]) -> Vec<f32> {
    inputs.iter().map(|&x| activation.forward(x)).collect()
}

/// How a loss changes with each of `inputs`, given in `upstream` how it changes with what came out for them.
// TODO: The same here.
fn propagate<A>(activation: &A, inputs: &[f32], upstream: &[f32]) -> Vec<f32> {
    let pairs = inputs.iter().zip(upstream);
    pairs.map(|(&x, up)| up * activation.backward(x)).collect()
}

/// `x` above 0, and 0 elsewhere.
struct ReLU;

impl Activation for ReLU {
    fn forward(&self, x: f32) -> f32 {
        if x < 0.0 { 0.0 } else { x }
    }

    fn backward(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { 0.0 }
    }
}

/// `1 / (1 + e⁻ˣ)`.
struct Sigmoid;

impl Activation for Sigmoid {
    fn forward(&self, x: f32) -> f32 {
        1.0 / (1.0 + (-x).exp())
    }

    fn backward(&self, x: f32) -> f32 {
        self.forward(x) * self.forward(-x)
    }
}

#[path = "../../chapters/03_traits/checks/any_activation.rs"]
mod checks;
