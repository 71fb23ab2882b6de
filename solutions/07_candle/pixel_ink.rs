//! # Bytes into ink
//!
//! Images come as bytes, 0 to 255; the network was trained on `f32` between 0 and 1. NumPy would turn `pixels / 255` into
//! floats by itself.
//!
//! It compiles, and no error comes back from the division. Run it: what is 128 divided by 255, in bytes?

use candle_core::{DType, Result, Tensor};

/// Images as the network takes them: bytes of any shape to `f32` of the same shape, 0 for paper and 1 for full ink.
fn ink(pixels: &Tensor) -> Result<Tensor> {
    // TODO: Candle divides bytes as bytes. Say where they become `f32`.
    // [starter]
    // pixels / 255.0
    // [solution]
    pixels.to_dtype(DType::F32)? / 255.0
    // [end]
}

#[path = "../../chapters/07_candle/checks/pixel_ink.rs"]
mod checks;
