//! # One loop for all of them
//!
//! `LeakyReLU` had a method `apply`, which runs over a whole layer's output in place. `Sigmoid` needs it too, and so will
//! every activation that is still to come. Somebody moved it into the trait, body and all, so that nobody has to
//! write it again.
//!
//! Run it. The loop has not changed, and it compiled before. What did it know inside `LeakyReLU` that it cannot know here?

/// A function of one number, and its derivative.
trait Activation {
    /// The activation of `x`.
    fn forward(&self, x: f32) -> f32;

    /// The derivative of `forward` at `x`.
    fn backward(&self, x: f32) -> f32;

    /// Puts `forward` of each number in its place.
    // TODO: Write the loop with nothing but what the trait promises.
    fn apply(&self, values: &mut [f32]) {
        for value in values {
            if *value < 0.0 {
                *value *= self.slope;
            }
        }
    }
}

/// `x` above 0, `slope · x` below.
struct LeakyReLU {
    slope: f32,
}

impl Activation for LeakyReLU {
    fn forward(&self, x: f32) -> f32 {
        if x > 0.0 { x } else { self.slope * x }
    }

    fn backward(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { self.slope }
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

#[path = "../../chapters/03_traits/checks/apply_by_default.rs"]
mod checks;
