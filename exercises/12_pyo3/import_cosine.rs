//! # Python imports Rust
//!
//! A job that removes near-duplicates compares embeddings in a Python loop, pair by pair. The loop was written anew in
//! Rust, below. It compiles, `import import_cosine` works, and the function is not there.
//!
//! Run it, and read Python's error. A module is a list of names. Who puts this name on the list, and who turns Python's
//! lists into a `Vec<f32>`?

use pyo3::prelude::*;

/// The cosine of the angle between two embeddings of the same length.
// TODO: This is a function for Rust. Which attribute makes one of it that Python can call?
fn fast_cosine_similarity(a: Vec<f32>, b: Vec<f32>) -> f32 {
    let (mut dot, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.into_iter().zip(b) {
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    dot / (aa * bb).sqrt()
}

/// What Python gets when it says `import import_cosine`.
#[pymodule]
mod import_cosine {
    // TODO: The module is empty. Bring the function in with `use`, and say that it is for export.
}
