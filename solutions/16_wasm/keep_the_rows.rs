//! # Once across is enough
//!
//! A page has the vectors of 20,000 passages in a `Float32Array` and hands them to a module to be searched. JavaScript's memory
//! and the module's are two, so they have to be copied: once. This index has them twice, and a module's memory never shrinks.
//!
//! `wasm-bindgen` copies an array into the module's memory, calls the function, and then: a `&[f32]` is freed again, a
//! `Vec<f32>` is given away. Which of the two does the index need?

use wasm_bindgen::prelude::*;

/// Rows of numbers, to be compared with a query.
#[wasm_bindgen]
pub struct EmbeddingIndex {
    rows: Vec<f32>,
    dimensions: usize,
}

#[wasm_bindgen]
impl EmbeddingIndex {
    // TODO: The copy that was made for the call is yours. Keep it, and make no other.
    // [starter]
    // /// Takes the rows, one behind another.
    // #[wasm_bindgen(constructor)]
    // pub fn new(dimensions: usize, vectors: &[f32]) -> EmbeddingIndex {
    //     let rows = vectors.to_vec();
    //     EmbeddingIndex { rows, dimensions }
    // }
    // [solution]
    /// Takes the rows, one behind another.
    #[wasm_bindgen(constructor)]
    pub fn new(dimensions: usize, vectors: Vec<f32>) -> EmbeddingIndex {
        let rows = vectors;
        EmbeddingIndex { rows, dimensions }
    }
    // [end]

    /// The dot product of each row with the query.
    pub fn scores(&self, query: &[f32]) -> Vec<f32> {
        let rows = self.rows.chunks_exact(self.dimensions);
        rows.map(|row| row.iter().zip(query).map(|(a, b)| a * b).sum())
            .collect()
    }
}
