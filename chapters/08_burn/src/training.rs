//! A training loop without a framework around it: forward, backward, step.

use crate::{Seeds, SimpleNet};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Times that every row is seen.
    pub epochs: usize,
    /// Rows a step; the last step of an epoch takes what is left.
    pub batch: usize,
    /// Adam's learning rate.
    pub rate: f64,
    /// Decides the order of the rows.
    pub seed: u64,
}

/// Trains `model` and returns it with the mean loss of each epoch.
///
/// `features` is `[rows, 128]`, `labels` `[rows]` with digits from 0 to 9; both on the model's device, with or without
/// autodiff. The weights have to be tracked: make the model on `device.autodiff()`, or call `train()` on it.
///
/// # Panics
///
/// If the weights are not tracked, if the shapes do not fit, or if there are no rows.
pub fn train(
    mut model: SimpleNet,
    features: &Tensor<2>,
    labels: &Tensor<1, Int>,
    plan: Plan,
) -> (SimpleNet, Vec<f32>) {
    let device = features.device();
    let criterion = CrossEntropyLossConfig::new().init(&device);
    let mut optimizer = AdamConfig::new().init();
    let mut seeds = Seeds::new(plan.seed);
    let mut history = Vec::new();
    for _ in 0..plan.epochs {
        let order = seeds.shuffled(features.dims()[0]);
        let (mut total, mut steps) = (0.0, 0);
        for rows in order.chunks(plan.batch) {
            let rows = Tensor::<1, Int>::from_data(rows, &device);
            let x = features.clone().select(0, rows.clone());
            let y = labels.clone().select(0, rows);

            let loss = criterion.forward(model.forward(x), y);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            // The step takes the model and returns another one; there is no `.grad` to set to zero.
            model = optimizer.step(plan.rate, model, gradients);

            // A number and not a tensor: a tensor would keep the whole graph of its step.
            total += loss.into_scalar::<f32>();
            steps += 1;
        }
        history.push(total / steps as f32);
    }
    (model, history)
}

/// The share of rows whose highest score is that of their label, 0.0 to 1.0.
///
/// Computed on a copy in validation mode: nothing is tracked, and layers such as dropout are at rest.
///
/// # Panics
///
/// If the shapes do not fit.
pub fn accuracy(model: &SimpleNet, features: Tensor<2>, labels: Tensor<1, Int>) -> f32 {
    let scores = model.valid().forward(features.inner());
    let best = scores.argmax(1).squeeze_dim::<1>(1);
    best.equal(labels.inner()).float().mean().into_scalar()
}
