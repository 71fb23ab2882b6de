//! # Heads out of one row
//!
//! A layer has computed 12 numbers for each token: 3 heads of 4 numbers, side by side. Attention wants each head alone:
//! (heads, tokens, width). The shape fits, as 3 x tokens x 4 are as many numbers.
//!
//! It runs, and its shape is right. Run it: whose numbers are in head 0?

use candle_core::{Result, Tensor};

/// (tokens, heads * width) to (heads, tokens, width): head `h` of a token is its numbers from `h * width` on.
fn split(hidden: &Tensor, heads: usize) -> Result<Tensor> {
    let (tokens, size) = hidden.dims2()?;
    let width = size / heads;
    // TODO: `reshape` counts on through memory and moves nothing. First cut each token's row, then exchange two dimensions.
    hidden.reshape((heads, tokens, width))
}

#[path = "../../chapters/07_candle/checks/split_heads.rs"]
mod checks;
