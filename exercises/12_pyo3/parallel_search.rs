//! # A worker that needs Python
//!
//! `parallel_embedding_search` scores the rows on all cores, and a function of the caller's says for each row whether this
//! user may see it. rayon's workers are no Python threads, so each attaches itself to the interpreter while it asks. With
//! one thread, and with a hundred rows, this was fine in the tests.
//!
//! Run it: it stands still. Who holds the interpreter all the while, and what is he waiting for?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Rows that were scored on another thread than one of rayon's; the check looks at it.
static NOT_BY_RAYON: AtomicUsize = AtomicUsize::new(0);

fn score(row: &[f32], query: &[f32]) -> f32 {
    if rayon::current_thread_index().is_none() {
        NOT_BY_RAYON.fetch_add(1, Relaxed);
    }
    row.iter().zip(query).map(|(x, y)| x * y).sum()
}

/// Asks Python whether a row may be seen. An exception in `keep` is the error.
fn is_kept(py: Python<'_>, keep: &Py<PyAny>, place: usize) -> PyResult<bool> {
    keep.call1(py, (place,))?.is_truthy(py)
}

#[pyfunction]
fn scored_not_by_rayon() -> usize {
    NOT_BY_RAYON.load(Relaxed)
}

/// The places of the rows with the highest dot products, best first, at most `top_k` of those that `keep` lets through.
#[pyfunction]
fn parallel_embedding_search(
    py: Python<'_>,
    query: PyReadonlyArray1<'_, f32>,
    corpus: PyReadonlyArray2<'_, f32>,
    top_k: usize,
    keep: Py<PyAny>,
) -> PyResult<Vec<usize>> {
    let (query, corpus) = (query.as_slice()?, corpus.as_slice()?);
    let rows = corpus.par_chunks_exact(query.len().max(1)).enumerate();
    // TODO: Each worker waits for the interpreter, and this thread for the workers. Which of them can let go?
    let scored = rows.map(|(place, row)| {
        let kept = Python::attach(|py| is_kept(py, &keep, place))?;
        Ok(kept.then(|| (place, score(row, query))))
    });
    let scored: PyResult<Vec<Option<(usize, f32)>>> = scored.collect();
    let mut hits: Vec<(usize, f32)> = scored?.into_iter().flatten().collect();
    hits.sort_by(|a, b| b.1.total_cmp(&a.1));
    let best = hits.into_iter().take(top_k);
    Ok(best.map(|(place, _)| place).collect())
}

/// What Python imports.
#[pymodule]
mod parallel_search {
    #[pymodule_export]
    use super::{parallel_embedding_search, scored_not_by_rayon};
}
