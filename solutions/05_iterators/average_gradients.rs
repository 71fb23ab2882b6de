//! # Average the gradients
//!
//! Four workers have computed gradients, each on its part of a batch, and the sums have arrived. Before the
//! optimizer's step they are divided by the number of workers, in place. In Python 3 a `map(divide, gradients)`
//! on a line of its own does nothing, and Python says nothing about it.
//!
//! In Rust it is a warning, and the line below these makes an error of it. Run it: how many times would the closure
//! be called?

#![deny(unused_must_use)]

/// Divides each of the summed gradients by the number of workers, in place.
fn average(gradients: &mut [f32], workers: f32) {
    // TODO: This line describes the work and does none of it. Have it done.
    // [starter]
    // gradients.iter_mut().map(|gradient| *gradient /= workers);
    // [solution]
    for gradient in gradients {
        *gradient /= workers;
    }
    // [end]
}

#[path = "../../chapters/05_iterators/checks/average_gradients.rs"]
mod checks;
