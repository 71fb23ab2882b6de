//! # What padding does to a mean
//!
//! A sentence encoder gives a vector for each token, and the sentence's vector is their mean. In a batch, short texts are
//! padded to the length of the longest, and the network gives vectors for the padding, too.
//!
//! Run it. The same text has another vector in another batch. Which tokens are in this mean, and what is it divided by?

use candle_core::{DType, Result, Tensor};

/// The mean over each text's own tokens; (texts, size).
///
/// `hidden` is (texts, tokens, size), `mask` is (texts, tokens) of `u32`: 1 for a token, 0 for padding.
fn sentence_vectors(hidden: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
    // TODO: Sum what is a token, and divide by how many there are. `mask` is (texts, tokens, 1) now.
    // [starter]
    // _ = mask;
    // hidden.mean(1)
    // [solution]
    let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
    sum.broadcast_div(&mask.sum(1)?)
    // [end]
}

#[path = "../../chapters/07_candle/checks/mean_of_tokens.rs"]
mod checks;
