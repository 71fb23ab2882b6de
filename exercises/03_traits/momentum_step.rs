//! # Momentum in one buffer
//!
//! `velocity = momentum * velocity + gradient`: numpy makes a new array for the product, another for the sum, and throws
//! the first away, once for every tensor of the model and every step. In Rust an operator is a function, and a function
//! may take its left side for good, work in its buffer and hand it back.
//!
//! `*` is written like this already. Run it, and read which two types the compiler cannot add.

use std::ops::{Add, Mul};

/// Numbers that can be scaled and added: weights, a gradient, a velocity.
struct Vector {
    data: Vec<f32>,
}

/// `vector * number`, in the vector's own buffer.
impl Mul<f32> for Vector {
    type Output = Vector;

    fn mul(mut self, by: f32) -> Vector {
        for a in &mut self.data {
            *a *= by;
        }
        self
    }
}

// TODO: Write `vector + &other` for two vectors of one length: it takes the left one and borrows the right one.

/// One step of momentum. Takes the old velocity, returns the new one.
fn step(velocity: Vector, gradient: &Vector, momentum: f32) -> Vector {
    velocity * momentum + gradient
}

#[path = "../../chapters/03_traits/checks/momentum_step.rs"]
mod checks;
