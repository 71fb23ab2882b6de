//! # Move the loop, not the line
//!
//! A script looks for documents that are nearly the same. `python3 chapters/17_case_studies/benches/hot_spots.py` shows
//! where it spends its time: in `jaccard`, which is called once for each pair. So somebody moved `jaccard` to Rust. It
//! became slower: for each pair, two Python lists are read, number by number, and turned into vectors.
//!
//! A profile names the line that is hot. What should be moved is the loop around it, so that each document crosses the
//! border between Python and Rust once.
//!
//! Run it: the check counts how often each document is read.

#![allow(clippy::needless_pass_by_value)] // PyO3 hands arguments over by value.

use pyo3::prelude::*;

/// How much two sorted sets have in common: the share of all their elements that is in both. Two empty sets: 1.
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        let order = a[i].cmp(&b[j]);
        common += usize::from(order.is_eq());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    let all = a.len() + b.len() - common;
    if all == 0 {
        1.0
    } else {
        common as f64 / all as f64
    }
}

/// The pairs of documents with at least `threshold` in common, in order. A document is a sequence of sorted numbers.
#[pyfunction]
fn near_duplicates(
    py: Python<'_>,
    documents: Vec<Bound<'_, PyAny>>,
    threshold: f64,
) -> PyResult<Vec<(usize, usize)>> {
    let mut pairs = Vec::new();
    // TODO: `extract` reads a whole document. How often need it be called for `n` of them?
    let _ = py;
    for first in 0..documents.len() {
        for second in first + 1..documents.len() {
            let a: Vec<u32> = documents[first].extract()?;
            let b: Vec<u32> = documents[second].extract()?;
            if jaccard(&a, &b) >= threshold {
                pairs.push((first, second));
            }
        }
    }
    Ok(pairs)
}

/// What Python imports.
#[pymodule]
mod hot_loop {
    #[pymodule_export]
    use super::near_duplicates;
}
