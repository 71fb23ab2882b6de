//! # JavaScript cannot see it
//!
//! A page wants to compare two embeddings with this function. It compiles to a module, the page loads it, and there is no such
//! function: what nobody in Rust calls is left out, and numbers are all that crosses a module's border anyway. An array is an
//! address and a length in a memory of its own, and somebody has to write the JavaScript that puts it there.

use wasm_bindgen::prelude::*;

// TODO: Have this function exported, and its JavaScript written.
/// The cosine of the angle between `a` and `b`, which have one length.
pub fn cosine_similarity_wasm(a: &[f32], b: &[f32]) -> f32 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a).sqrt() * dot(b, b).sqrt())
}
