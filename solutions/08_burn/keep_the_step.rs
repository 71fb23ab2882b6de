//! # The model stays as it was
//!
//! Forward, backward, step: and the loss is the same in every round. PyTorch's `optimizer.step()` writes into the
//! model's own memory. In Burn, `step` takes a model and gives one back.
//!
//! The compiler wanted `model` not to be used after it was moved, and somebody found a way to content it. Run it. Which
//! model is returned?

use burn::nn::Linear;
use burn::nn::loss::{MseLoss, Reduction};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;

/// One step of training at `rate`; returns the trained layer and the loss before the step.
fn training_step(
    model: Linear,
    optimizer: &mut ModuleOptimizer,
    x: Tensor<2>,
    y: Tensor<2>,
    rate: f64,
) -> (Linear, f32) {
    let loss = MseLoss::new().forward(model.forward(x), y, Reduction::Mean);
    // TODO: Return the layer that has made the step.
    // [starter]
    // let gradients = GradientsParams::from_grads(loss.backward(), &model);
    // optimizer.step(rate, model.clone(), gradients);
    // [solution]
    let gradients = GradientsParams::from_grads(loss.backward(), &model);
    let model = optimizer.step(rate, model, gradients);
    // [end]
    (model, loss.into_scalar())
}

#[path = "../../chapters/08_burn/checks/keep_the_step.rs"]
mod checks;
