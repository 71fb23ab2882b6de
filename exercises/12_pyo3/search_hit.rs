//! # A hit for Python
//!
//! A search returns the place and the score of the best row. In Rust that is a struct, and a web service that is
//! written in Python wants to send it as JSON.
//!
//! Run it, and read the message from its first line: which type cannot become what? PyO3 knows numbers, strings, lists,
//! tuples and options. It has never heard of a `Hit`.

use pyo3::prelude::*;

/// The best row of a corpus.
// TODO: A Python object has to be made of a `Hit`. Have that written (chapter 4 had an error's text written).
struct Hit {
    index: usize,
    score: f32,
}

/// The highest score and its place, the first of equals; `None` if there are no scores.
#[pyfunction]
fn best_hit(scores: Vec<f32>) -> Option<Hit> {
    let mut best: Option<Hit> = None;
    for (index, score) in scores.into_iter().enumerate() {
        if best.as_ref().is_none_or(|hit| score > hit.score) {
            best = Some(Hit { index, score });
        }
    }
    best
}

/// What Python imports.
#[pymodule]
mod search_hit {
    #[pymodule_export]
    use super::best_hit;
}
