//! # A vector store for Python
//!
//! The prototype worked in the demo: some texts, one user, well-formed input. Now it is to be a package. The checks say
//! what its users expect of it:
//!
//! - input that is wrong is a `ValueError` (`NaN` among it), and arrays may be laid out in any way;
//! - `top_k` is 5 unless it is given, `threshold` is given by name alone, and a hit is a dict;
//! - rows are scored on all cores, and other Python threads run meanwhile; the first of equals comes first;
//! - a store can be pickled.
//!
//! Run it, and take the checks one at a time. Everything in it was in the exercises before.

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::ndarray::{Array2, ArrayView1, ArrayView2};
use numpy::{PyArray2, PyReadonlyArray1, PyReadonlyArray2, ToPyArray};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;

/// A text's id, and the cosine of the angle between its embedding and the query.
#[derive(IntoPyObject)]
struct Hit {
    id: String,
    score: f32,
}

/// Embeddings of length 1, and the ids of their texts.
#[pyclass(frozen, module = "vector_store")]
struct VectorStore {
    ids: Vec<String>,
    rows: Array2<f32>,
}

/// A row or a query at length 1; one that is all zeros stays so.
fn unit(row: ArrayView1<'_, f32>) -> Vec<f32> {
    let norm = row.iter().map(|value| value * value).sum::<f32>().sqrt();
    let scale = if norm > 0.0 { norm } else { 1.0 };
    row.iter().map(|value| value / scale).collect()
}

/// Each row at length 1.
fn unit_rows(rows: ArrayView2<'_, f32>) -> Array2<f32> {
    let mut scaled = rows.to_owned();
    for (index, mut row) in scaled.rows_mut().into_iter().enumerate() {
        for (to, from) in row.iter_mut().zip(unit(rows.row(index))) {
            *to = from;
        }
    }
    scaled
}

/// The dot product of a row and a query.
fn score(row: ArrayView1<'_, f32>, query: &[f32]) -> f32 {
    instruments::a_row_is_scored();
    row.iter().zip(query).map(|(x, y)| x * y).sum()
}

#[pymethods]
impl VectorStore {
    /// Keeps a copy of `rows`, at length 1. Raises `ValueError` unless there is one id for each, and all are finite.
    #[new]
    fn new(ids: Vec<String>, rows: PyReadonlyArray2<'_, f32>) -> PyResult<Self> {
        // TODO: Say what is wrong with the input. Take rows of any layout.
        let shape = (ids.len(), rows.as_array().ncols());
        let rows = ArrayView2::from_shape(shape, rows.as_slice()?).expect("one id for each row");
        let rows = unit_rows(rows);
        Ok(Self { ids, rows })
    }

    fn __len__(&self) -> usize {
        self.ids.len()
    }

    /// The texts nearest to the query, best first. Raises `ValueError` for a query of another width, or not finite.
    // TODO: Defaults and names; errors; all cores, without holding the interpreter; an order that no score can upset.
    fn search(
        &self,
        query: PyReadonlyArray1<'_, f32>,
        top_k: usize,
        threshold: Option<f32>,
    ) -> PyResult<Vec<Hit>> {
        let query = unit(ArrayView1::from(query.as_slice()?));
        assert_eq!(query.len(), self.rows.ncols(), "width of the query");
        let mut scores = Vec::new();
        for (place, row) in self.rows.outer_iter().enumerate() {
            scores.push((place, score(row, &query)));
        }
        scores.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap());
        let least = threshold.unwrap_or(f32::NEG_INFINITY);
        let hits = scores.into_iter().filter(|(_, score)| *score >= least);
        let hits = hits.take(top_k).map(|(place, score)| Hit {
            id: self.ids[place].clone(),
            score,
        });
        Ok(hits.collect())
    }

    // TODO: What `VectorStore(…)` has to be given to make this store again.
}

/// What the checks measure with.
mod instruments {
    use pyo3::pyfunction;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
    use std::{thread, time::Duration};

    static OUTSIDE: AtomicUsize = AtomicUsize::new(0);
    static EXPECTED: AtomicBool = AtomicBool::new(false);
    static SEARCHING: AtomicBool = AtomicBool::new(false);
    static VISITED: AtomicBool = AtomicBool::new(false);

    /// Counts rows that are not scored by rayon. If a visitor is expected, waits up to a second for it, once.
    pub fn a_row_is_scored() {
        OUTSIDE.fetch_add(usize::from(rayon::current_thread_index().is_none()), SeqCst);
        if EXPECTED.swap(false, SeqCst) {
            SEARCHING.store(true, SeqCst);
            for _ in 0..50 {
                if VISITED.load(SeqCst) {
                    break;
                }
                thread::sleep(Duration::from_millis(20));
            }
            SEARCHING.store(false, SeqCst);
        }
    }

    #[pyfunction]
    pub fn expect_a_visitor() {
        VISITED.store(false, SeqCst);
        EXPECTED.store(true, SeqCst);
    }

    /// Called by another Python thread, again and again: leaves a mark if a search is under way.
    #[pyfunction]
    pub fn visit() -> bool {
        VISITED.fetch_or(SEARCHING.load(SeqCst), SeqCst);
        VISITED.load(SeqCst)
    }

    #[pyfunction]
    pub fn rows_not_scored_by_rayon() -> usize {
        OUTSIDE.swap(0, SeqCst)
    }
}

/// What Python imports.
#[pymodule]
mod vector_store {
    #[pymodule_export]
    use super::VectorStore;
    #[pymodule_export]
    use super::instruments::{expect_a_visitor, rows_not_scored_by_rayon, visit};
}
