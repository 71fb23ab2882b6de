//! # Written while it is read
//!
//! A target network follows the online network slowly: `target += rate * (online - target)`, in place, a million weights
//! at a time. In NumPy both may be views of one array that overlap, and then the result depends on the order of the
//! loop. Rust lends many readers or one writer, and Python's objects have no compiler to check that.
//!
//! So the `numpy` crate checks while the program runs, as a `RefCell` does. Run it, and look at the exception. `readwrite`
//! asks for a loan, as `borrow_mut` does. Who could ask for it before your code begins, and refuse as Python refuses?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

// TODO: When you are done, the compiler says which of these you do not need any more.
use numpy::{PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadwriteArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Moves each target weight towards the online one.
fn step(target: &mut [f32], online: &[f32], rate: f32) -> PyResult<()> {
    if target.len() != online.len() {
        let message = format!("{} and {} weights", target.len(), online.len());
        return Err(PyValueError::new_err(message));
    }
    for (slow, fast) in target.iter_mut().zip(online) {
        *slow += rate * (fast - *slow);
    }
    Ok(())
}

/// Writes into `target`.
#[pyfunction]
// TODO: An array that is already lent, or may not be written, is the caller's mistake and no bug of ours.
fn update(
    target: &Bound<'_, PyArray1<f32>>,
    online: &Bound<'_, PyArray1<f32>>,
    rate: f32,
) -> PyResult<()> {
    let online = online.readonly();
    let mut target = target.readwrite();
    step(target.as_slice_mut()?, online.as_slice()?, rate)
}

/// What Python imports.
#[pymodule]
mod ema_update {
    #[pymodule_export]
    use super::update;
}
