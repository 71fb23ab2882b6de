//! # Attention along the wrong dimension
//!
//! A model gives a score to each pair of a token that looks (a query) and a token that is looked at (a key). Softmax turns
//! scores into shares: a query divides its attention among the keys, and its shares sum to 1.
//!
//! It compiles, it runs, and all shares are between 0 and 1. Run it: what sums to 1 here?

use candle_core::{Result, Tensor};
use candle_nn::ops::softmax;

/// The share of its attention that each query gives to each key; (…, queries, keys) to the same shape.
///
/// In front there may be any number of dimensions: (heads, queries, keys), or (texts, heads, queries, keys).
fn shares(scores: &Tensor) -> Result<Tensor> {
    // TODO: Along which dimension is a query's attention divided? It is one dimension in all of these shapes.
    // [starter]
    // softmax(scores, 0)
    // [solution]
    softmax(scores, candle_core::D::Minus1)
    // [end]
}

#[path = "../../chapters/07_candle/checks/attention_shares.rs"]
mod checks;
