//! # Different scores for the same image
//!
//! A service gives other scores each time it is asked about the same image. In PyTorch one would say: you forgot
//! `model.eval()`. There it is a switch inside the model; in Burn `valid()` gives a model for asking, and the one that is
//! being trained stays as it is.
//!
//! Run it. Which layer draws random numbers?

use burn::nn::{Dropout, Linear};
use burn::prelude::*;

/// A layer in training, with dropout in front of it.
#[derive(Module, Debug)]
struct Net {
    dropout: Dropout,
    fc: Linear,
}

impl Net {
    /// `[batch, inputs]` to `[batch, outputs]`.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.fc.forward(self.dropout.forward(x))
    }
}

/// The scores of `x`, for somebody who asks and does not train.
fn scores(model: &Net, x: Tensor<2>) -> Tensor<2> {
    // TODO: Ask a model that is not in training.
    model.forward(x)
}

#[path = "../../chapters/08_burn/checks/quiet_scores.rs"]
mod checks;
