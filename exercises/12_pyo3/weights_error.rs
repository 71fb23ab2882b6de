//! # Which exception?
//!
//! A loader of weights, with an error of its own as chapter 4 made them: one variant for each thing that can go wrong.
//! A Python caller wants to tell them apart as well: a missing file may be fetched, a broken one must not be used.
//!
//! Run it. `Result<Vec<f32>, WeightsError>` is a fine result in Rust. What has PyO3 got to know about `WeightsError`
//! before it can raise one?

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::{fs, io};

/// Why weights could not be loaded.
#[derive(Debug, thiserror::Error)]
enum WeightsError {
    #[error("cannot read the weights: {0}")]
    Read(#[from] io::Error),
    #[error("{0} bytes are no whole number of f32")]
    Length(usize),
    #[error("weight {0} is not a finite number")]
    NotFinite(usize),
}

// TODO: `?` and PyO3 both convert by `From` (chapter 4). An `io::Error` already knows which Python exception it is.

/// Reads little-endian `f32`s from a file.
#[pyfunction]
fn load_weights(path: &str) -> Result<Vec<f32>, WeightsError> {
    let bytes = fs::read(path)?;
    let (chunks, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(WeightsError::Length(bytes.len()));
    }
    let weights: Vec<f32> = chunks
        .iter()
        .map(|&four| f32::from_le_bytes(four))
        .collect();
    match weights.iter().position(|weight| !weight.is_finite()) {
        Some(index) => Err(WeightsError::NotFinite(index)),
        None => Ok(weights),
    }
}

/// What Python imports.
#[pymodule]
mod weights_error {
    #[pymodule_export]
    use super::load_weights;
}
