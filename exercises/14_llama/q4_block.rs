//! # Twenty bytes, thirty-two weights
//!
//! `Q4_1` keeps 32 weights in 20 bytes: a scale and a minimum, each a half-precision float, then 32 codes from 0 to 15,
//! two to a byte. A weight is `scale * code + minimum`.
//!
//! ```text
//! bytes  0 1    2 3      4        5       …  19
//!        scale  minimum  w16 w0   w17 w1  …  w31 w15      (the high half of a byte, then its low half)
//! ```
//!
//! The code below takes the two codes of a byte one after the other, as one would write them. The model answers fluently
//! with it, and in no known language.

use half::f16;

/// The 32 weights of a block.
fn dequantise(block: &[u8; 20]) -> [f32; 32] {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    let minimum = f16::from_le_bytes([block[2], block[3]]).to_f32();
    let mut weights = [0.0; 32];
    for (i, byte) in block[4..].iter().enumerate() {
        // TODO: The picture shows which weights share a byte.
        weights[2 * i] = scale * f32::from(byte & 15) + minimum;
        weights[2 * i + 1] = scale * f32::from(byte >> 4) + minimum;
    }
    weights
}

#[path = "../../chapters/14_llama/checks/q4_block.rs"]
mod checks;
