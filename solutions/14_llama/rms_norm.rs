//! # A norm without a mean
//!
//! BERT's layers begin with `LayerNorm`: take the mean off, divide by the standard deviation, scale, shift. Llama's begin with
//! `RMSNorm`, which leaves half of that out: divide by the root of the mean square, scale.
//!
//! ```python
//! x / np.sqrt(np.mean(x * x) + eps) * weight
//! ```
//!
//! Below somebody took the norm of the encoder in chapter 7 and renamed it. It compiles, its shapes are right, and the
//! model is wrong.

/// `x` divided by the root of its mean square (with `eps` added to the mean square), times `weight`, number by number.
fn rms_norm(x: &[f32], weight: &[f32], eps: f32) -> Vec<f32> {
    // TODO: No mean is taken off, and `eps` is under the root.
    // [starter]
    // let mean = x.iter().sum::<f32>() / x.len() as f32;
    // let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / x.len() as f32;
    // let scale = 1.0 / (variance + eps).sqrt();
    // x.iter()
    //     .zip(weight)
    //     .map(|(x, w)| (x - mean) * scale * w)
    //     .collect()
    // [solution]
    let mean_square = x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32;
    let scale = 1.0 / (mean_square + eps).sqrt();
    x.iter().zip(weight).map(|(x, w)| x * scale * w).collect()
    // [end]
}

#[path = "../../chapters/14_llama/checks/rms_norm.rs"]
mod checks;
