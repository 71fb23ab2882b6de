//! # A panic is no exception
//!
//! Last night's import stopped at document 31,002: its embedding came from another model, with 512 numbers and not
//! 384. The job has an `except Exception` around each document, which should have written a line to the log and gone
//! on.
//!
//! Run it, and look at the type of what came out of the function. `except Exception` does not catch it. What does a
//! Rust function return when its caller may be wrong, and what would Python like to see?

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The cosine of the angle between two embeddings.
#[pyfunction]
// TODO: Lengths that differ are the caller's mistake. Say so in the type, and return what Python raises as a `ValueError`.
// [starter]
// fn fast_cosine_similarity(a: Vec<f32>, b: Vec<f32>) -> f32 {
//     assert_eq!(a.len(), b.len(), "different lengths");
//     cosine(a, b)
// }
// [solution]
fn fast_cosine_similarity(a: Vec<f32>, b: Vec<f32>) -> PyResult<f32> {
    if a.len() != b.len() {
        let message = format!("different lengths: {} and {}", a.len(), b.len());
        return Err(PyValueError::new_err(message));
    }
    Ok(cosine(a, b))
}
// [end]

fn cosine(a: Vec<f32>, b: Vec<f32>) -> f32 {
    let (mut dot, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.into_iter().zip(b) {
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    dot / (aa * bb).sqrt()
}

/// What Python imports.
#[pymodule]
mod length_error {
    #[pymodule_export]
    use super::fast_cosine_similarity;
}
