//! # Ctrl-C
//!
//! A scan over a corpus takes ten minutes. After a minute somebody sees that it is the wrong corpus, types Ctrl-C, and
//! nothing happens for nine minutes. Python notes the signal and acts on it between two of its own instructions, and
//! there are none while Rust runs.
//!
//! Run it: in the check somebody types Ctrl-C after the first batch. Who could ask, between two batches, whether
//! something was noted?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyReadwriteArray1};
use pyo3::prelude::*;

/// Rows that are scored before anybody looks up.
const BATCH: usize = 4;

/// The dot product of the query with each row of a batch.
fn score_batch(rows: &[f32], query: &[f32], scores: &mut [f32]) {
    for (row, score) in rows.chunks_exact(query.len()).zip(scores) {
        *score = row.iter().zip(query).map(|(x, y)| x * y).sum();
    }
}

/// Writes a score for each row into `scores`, and calls `on_batch` after each batch (a progress bar, for example).
#[pyfunction]
fn scan(
    py: Python<'_>,
    corpus: PyReadonlyArray2<'_, f32>,
    query: PyReadonlyArray1<'_, f32>,
    mut scores: PyReadwriteArray1<'_, f32>,
    on_batch: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (corpus, query) = (corpus.as_slice()?, query.as_slice()?);
    let batches = corpus.chunks(BATCH * query.len().max(1));
    for (rows, scores) in batches.zip(scores.as_slice_mut()?.chunks_mut(BATCH)) {
        // TODO: Ask, once a batch, whether a signal was noted, and hand on what comes of it.
        py.detach(|| score_batch(rows, query, scores));
        on_batch.call0()?;
    }
    Ok(())
}

/// What Python imports.
#[pymodule]
mod stop_scan {
    #[pymodule_export]
    use super::scan;
}
