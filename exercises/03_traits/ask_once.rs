//! # Ask once a slice
//!
//! A list of boxed activations runs over a buffer of numbers. The result is right, and a profile shows the time in the
//! calls: behind a `Box<dyn Activation>` each call looks its function up in a table, cannot be inlined, and keeps the
//! compiler from handling several numbers at a time.
//!
//! It compiles. Count: how many calls through a box does `run` make for two activations and 1,000 numbers? How many
//! would do?

use traits::Activation;

/// Applies the activations to every number, one activation after another, in place.
fn run(activations: &[Box<dyn Activation>], values: &mut [f32]) {
    // TODO: Ask each box once. `Activation` has a method that takes a whole slice, and inside it the type is known.
    for value in values {
        for activation in activations {
            *value = activation.forward(*value);
        }
    }
}

#[path = "../../chapters/03_traits/checks/ask_once.rs"]
mod checks;
