//! # A query that does not learn
//!
//! A small model reads rows with attention: a query, which is to be learned, gives each row a score, softmax makes shares
//! of them, and the answer is the rows' mean, weighted by the shares. The answers are right, training runs without an
//! error, and the query is the same after a thousand steps.
//!
//! Run it. An optimiser passes over a variable that has no gradient. Where in this function was the way back lost?

use candle_core::{Result, Tensor};
use candle_nn::ops;

/// The mean of `rows` (rows, size), weighted by the softmax of their products with `query` (size, 1); (1, size).
fn pooled(rows: &Tensor, query: &Tensor) -> Result<Tensor> {
    let scores = rows.matmul(query)?.reshape((1, ()))?;
    // TODO: This softmax is the quick one, for inference. Take one that has a gradient.
    // [starter]
    // let shares = ops::softmax_last_dim(&scores)?;
    // [solution]
    let shares = ops::softmax(&scores, 1)?;
    // [end]
    shares.matmul(rows)
}

#[path = "../../chapters/07_candle/checks/frozen_query.rs"]
mod checks;
