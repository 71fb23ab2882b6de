//! # An array that Rust made
//!
//! A classifier returns 50,000 probabilities. As a `Vec<f32>` they arrive as a list: 50,000 Python objects, and the
//! caller makes an array of them at once. Rust has the numbers in one piece already, and NumPy wants just that.
//!
//! Run it. The second value is the address at which Rust made the numbers. Chapter 1 asked who owns a value. Who shall
//! own these when the function is over?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

/// The probabilities that belong to logits.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut values: Vec<f32> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f32 = values.iter().sum();
    for value in &mut values {
        *value /= sum;
    }
    values
}

/// The probabilities, and the address at which Rust made them.
#[pyfunction]
// TODO: Return an array, and give it the vector itself. What makes Python objects takes `py`, which PyO3 passes in.
fn probabilities(logits: PyReadonlyArray1<'_, f32>) -> PyResult<(Vec<f32>, usize)> {
    let values = softmax(logits.as_slice()?);
    let place = values.as_ptr() as usize;
    Ok((values, place))
}

/// What Python imports.
#[pymodule]
mod hand_over {
    #[pymodule_export]
    use super::probabilities;
}
