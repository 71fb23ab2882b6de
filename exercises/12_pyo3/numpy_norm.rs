//! # An array without a copy
//!
//! A vector store is filled with embeddings as NumPy arrays, and each is measured first. With `Vec<f32>` as the argument
//! this works for lists and for arrays, and for each array it makes a Python object of every number and copies it.
//! Arrays of `float64` are rounded on the way, and nobody hears of it.
//!
//! Run it: the function returns, beside the norm, the address of the first number that it read, and the check compares
//! it with the address of NumPy's. Which argument type is a view of NumPy's own memory?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

/// The Euclidean norm, and the address of the first number that was read for it.
fn measure(values: &[f32]) -> (f32, usize) {
    let squares: f32 = values.iter().map(|value| value * value).sum();
    (squares.sqrt(), values.as_ptr() as usize)
}

/// Measures an embedding: a `float32` array in one dimension.
#[pyfunction]
// TODO: Take an array that NumPy owns, for reading, and measure it where it is.
fn norm_and_place(embedding: Vec<f32>) -> (f32, usize) {
    measure(&embedding)
}

/// What Python imports.
#[pymodule]
mod numpy_norm {
    #[pymodule_export]
    use super::norm_and_place;
}
