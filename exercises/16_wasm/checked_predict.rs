//! # A page that goes on
//!
//! A page sends 127 numbers to a model that takes 128. The `assert_eq!` says clearly what is wrong, to nobody: in a module a
//! panic is a trap, and all that JavaScript sees is `RuntimeError: unreachable`. What is more, the module stops where it is. A
//! lock that is held stays held, and the next call of `load_weights` fails, too.
//!
//! Run it and look at what JavaScript got. Which type of chapter 4's says in the signature that a call may fail?

use wasm_bindgen::prelude::*;

/// One layer, for JavaScript.
#[wasm_bindgen]
pub struct MiniModel {
    weights: Vec<f32>,
    input_size: usize,
}

#[wasm_bindgen]
impl MiniModel {
    /// A model whose weights are all 0.01.
    #[wasm_bindgen(constructor)]
    pub fn new(input_size: usize, output_size: usize) -> MiniModel {
        MiniModel {
            weights: vec![0.01; input_size * output_size],
            input_size,
        }
    }

    /// Takes other weights.
    pub fn load_weights(&mut self, weights: Vec<f32>) {
        self.weights = weights;
    }

    /// The sums of the weighted inputs, one for each output.
    ///
    /// # Errors
    ///
    /// If the input has another length than the model takes.
    // TODO: Answer an input of a wrong length with an `Error` of JavaScript's that says both lengths.
    pub fn predict(&mut self, input: &[f32]) -> Vec<f32> {
        let (wanted, given) = (self.input_size, input.len());
        assert_eq!(wanted, given, "inputs that the model takes, and was given");
        let rows = self.weights.chunks_exact(self.input_size);
        rows.map(|row| row.iter().zip(input).map(|(w, x)| w * x).sum())
            .collect()
    }
}
