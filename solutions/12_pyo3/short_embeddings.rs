//! # Rows that are not in a row
//!
//! Some encoders are trained so that the first 256 of their 1,024 numbers are an embedding, too: less exact, and a quarter
//! of the work. In NumPy that is `corpus[:, :256]`, and it copies nothing: the rows lie where they were, with gaps
//! between them.
//!
//! Run it, and read the error. A slice is one piece of memory without gaps. What else can you get from the array that
//! knows how far it is from one row to the next?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::PyReadonlyArray2;
use numpy::ndarray::ArrayView1;
use pyo3::prelude::*;

/// The Euclidean norm of a row, and the address of its first number.
fn measure(row: ArrayView1<'_, f32>) -> (f32, usize) {
    let squares: f32 = row.iter().map(|value| value * value).sum();
    (squares.sqrt(), row.as_ptr() as usize)
}

/// Measures each row of a corpus: a `float32` array in two dimensions, laid out in any way.
#[pyfunction]
// TODO: Go through the rows of a view that knows its strides, instead of cutting a slice into pieces.
// [starter]
// fn norms_and_places(corpus: PyReadonlyArray2<'_, f32>) -> PyResult<Vec<(f32, usize)>> {
//     let width = corpus.as_array().ncols();
//     let rows = corpus.as_slice()?.chunks_exact(width);
//     Ok(rows.map(|row| measure(ArrayView1::from(row))).collect())
// }
// [solution]
fn norms_and_places(corpus: PyReadonlyArray2<'_, f32>) -> Vec<(f32, usize)> {
    corpus.as_array().outer_iter().map(measure).collect()
}
// [end]

/// What Python imports.
#[pymodule]
mod short_embeddings {
    #[pymodule_export]
    use super::norms_and_places;
}
