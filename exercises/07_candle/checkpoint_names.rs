//! # A checkpoint from PyTorch
//!
//! A colleague has trained this network in PyTorch, as `self.net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(),
//! nn.Linear(3, 2))`, and saved it with safetensors. Four tensors are in the file:
//!
//! ```text
//! net.0.weight  (3, 4)    net.0.bias  (3)
//! net.2.weight  (2, 3)    net.2.bias  (2)
//! ```
//!
//! Run it: which name was asked for, and why does PyTorch call the second layer 2?

use candle_core::{Result, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear};

/// Two layers: 4 numbers in, 2 out.
struct Scorer {
    first: Linear,
    second: Linear,
}

impl Scorer {
    fn new(vb: &VarBuilder) -> Result<Self> {
        Ok(Self {
            // TODO: Ask for the names that are in the file.
            first: linear(4, 3, vb.pp("first"))?,
            second: linear(3, 2, vb.pp("second"))?,
        })
    }
}

impl Module for Scorer {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.second.forward(&self.first.forward(x)?.relu()?)
    }
}

#[path = "../../chapters/07_candle/checks/checkpoint_names.rs"]
mod checks;
