//! # A tensor that learns
//!
//! A layer of your own: each column is multiplied by a number that training is to find. In PyTorch it would be an
//! `nn.Parameter`, and with a plain tensor in its place `model.parameters()` would be empty.
//!
//! Run it. How many parameters does the derived `Module` find, and what would be in a checkpoint?

use burn::module::Param;
use burn::prelude::*;

/// Multiplies each column by a number of its own.
#[derive(Module, Debug)]
struct Gain {
    // TODO: Have this tensor trained and saved.
    // [starter]
    // factors: Tensor<1>,
    // [solution]
    factors: Param<Tensor<1>>,
    // [end]
}

impl Gain {
    /// `columns` factors, all 1.
    fn new(columns: usize, device: &Device) -> Self {
        let ones = Tensor::ones([columns], device);
        // TODO: Put in what the field is to hold.
        // [starter]
        // let factors = ones;
        // [solution]
        let factors = Param::from_tensor(ones);
        // [end]
        Self { factors }
    }

    /// `[rows, columns]` to the same.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        // TODO: Take out the tensor, and leave it in the graph.
        // [starter]
        // let factors = self.factors.clone();
        // [solution]
        let factors = self.factors.val();
        // [end]
        x * factors.unsqueeze()
    }
}

#[path = "../../chapters/08_burn/checks/learned_gain.rs"]
mod checks;
