//! # Let go of the interpreter
//!
//! A service searches on one Python thread and answers `/health` on another. While a search is under way, nobody gets an
//! answer, and the orchestrator restarts the service: the search is Rust and needs nothing of Python's, and still its thread
//! holds the interpreter from the call to the return.
//!
//! Run it. `slow_scores` waits for a health request for about a second, in the place of a long computation. Make
//! room for it. If the compiler then speaks of `Send`: what of Python's is used where nobody holds the interpreter?

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::{thread, time::Duration};

/// Is a search under way, and has a health request been answered meanwhile?
static SEARCHING: AtomicBool = AtomicBool::new(false);
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// The dot products of the query with all rows, and whether a health request was answered meanwhile.
fn slow_scores(corpus: &[f32], query: &[f32]) -> (Vec<f32>, bool) {
    SEARCHING.store(true, SeqCst);
    for _ in 0..50 {
        if ANSWERED.load(SeqCst) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    SEARCHING.store(false, SeqCst);
    let dot = |row: &[f32]| row.iter().zip(query).map(|(x, y)| x * y).sum();
    let scores = corpus.chunks_exact(query.len().max(1)).map(dot).collect();
    (scores, ANSWERED.swap(false, SeqCst))
}

#[pyfunction]
fn is_searching() -> bool {
    SEARCHING.load(SeqCst)
}

#[pyfunction]
fn answer_health() {
    ANSWERED.store(true, SeqCst);
}

/// Scores all rows, and says whether a health request was answered meanwhile.
#[pyfunction]
// TODO: Do what needs Python first. Then let other Python threads run while the scores are computed.
// [starter]
// fn search(
//     corpus: PyReadonlyArray2<'_, f32>,
//     query: PyReadonlyArray1<'_, f32>,
// ) -> PyResult<(Vec<f32>, bool)> {
//     Ok(slow_scores(corpus.as_slice()?, query.as_slice()?))
// }
// [solution]
fn search(
    py: Python<'_>,
    corpus: PyReadonlyArray2<'_, f32>,
    query: PyReadonlyArray1<'_, f32>,
) -> PyResult<(Vec<f32>, bool)> {
    let (corpus, query) = (corpus.as_slice()?, query.as_slice()?);
    Ok(py.detach(|| slow_scores(corpus, query)))
}
// [end]

/// What Python imports.
#[pymodule]
mod let_others_run {
    #[pymodule_export]
    use super::{answer_health, is_searching, search};
}
