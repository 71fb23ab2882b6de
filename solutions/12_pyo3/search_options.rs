//! # The arguments that nobody wants to write
//!
//! `top_scores(scores, 10, None)`: ten hits and no threshold is what everybody wants, and everybody has to write it.
//! And what is the `3` in `top_scores(scores, 10, 3)`? In Python you would write
//! `def top_scores(scores, top_k=10, *, threshold=None)`, where what follows the star can only be given by name.
//!
//! Run it. An `Option` may be `None`, but somebody has to say so. Rust has no defaults, so where do they go?

use pyo3::prelude::*;

/// The places of the highest scores, best first, at most `top_k` of them and none below `threshold`.
#[pyfunction]
// TODO: Say what Python's `def` would say: ten by default, and a threshold that is named and may be left out.
// [starter]
// [solution]
#[pyo3(signature = (scores, top_k=10, *, threshold=None))]
// [end]
fn top_scores(scores: Vec<f32>, top_k: usize, threshold: Option<f32>) -> Vec<usize> {
    let least = threshold.unwrap_or(f32::NEG_INFINITY);
    let mut hits: Vec<(usize, f32)> = scores.into_iter().enumerate().collect();
    hits.retain(|(_, score)| *score >= least);
    hits.sort_by(|a, b| b.1.total_cmp(&a.1));
    hits.into_iter()
        .take(top_k)
        .map(|(place, _)| place)
        .collect()
}

/// What Python imports.
#[pymodule]
mod search_options {
    #[pymodule_export]
    use super::top_scores;
}
