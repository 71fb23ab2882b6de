//! # A class that travels
//!
//! `multiprocessing`, Dask and Ray send an object to another process by pickling it: they ask it for what it was made of,
//! send that, and make it anew over there. A class of Python is asked for its `__dict__`. A class of Rust has fields
//! that Python has never seen.
//!
//! Run it. What would you have to know to make this index again, and where would Python look for its class?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::ndarray::Array2;
use numpy::{PyArray2, PyReadonlyArray2, ToPyArray};
use pyo3::prelude::*;

/// Rows to search in. It never changes, so PyO3 need not count loans: `frozen`.
// TODO: A pickle names a class as `module.name`, and this one says that it is one of Python's builtins.
#[pyclass(frozen)]
struct EmbeddingIndex {
    rows: Array2<f32>,
    metric: String,
}

#[pymethods]
impl EmbeddingIndex {
    #[new]
    #[pyo3(signature = (rows, metric="dot"))]
    fn new(rows: PyReadonlyArray2<'_, f32>, metric: &str) -> Self {
        Self {
            rows: rows.as_array().to_owned(),
            metric: metric.to_string(),
        }
    }

    /// A copy of the rows.
    fn rows<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f32>> {
        self.rows.to_pyarray(py)
    }

    #[getter]
    fn metric(&self) -> &str {
        &self.metric
    }

    // TODO: `__getnewargs__` returns a tuple: the arguments with which `EmbeddingIndex(…)` makes the same index again.
}

/// What Python imports.
#[pymodule]
mod pickle_index {
    #[pymodule_export]
    use super::EmbeddingIndex;
}
