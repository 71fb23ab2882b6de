//! # Each row minus its own mean
//!
//! Scanned digits differ in how dark they are, so each image is to be centred: its own mean is taken off every one of its
//! pixels. In NumPy: `rows - rows.mean(axis=1, keepdims=True)`.
//!
//! Run it. A subtraction of two shapes is refused, although one of them could be stretched. Which one, and to what?

use candle_core::{Result, Tensor};

/// Each row minus its own mean; (rows, size) to (rows, size).
fn centred(rows: &Tensor) -> Result<Tensor> {
    // TODO: One mean a row has to meet every number of that row.
    // [starter]
    // rows - rows.mean(1)?
    // [solution]
    rows.broadcast_sub(&rows.mean_keepdim(1)?)
    // [end]
}

#[path = "../../chapters/07_candle/checks/own_mean.rs"]
mod checks;
