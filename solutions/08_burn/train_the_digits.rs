//! # A training loop
//!
//! All of it at once: rows in batches, a loss, its gradients, a step, and the model that comes back. The digits are real;
//! without training, one in ten is right.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;
use burn_chapter::SimpleNet;

/// Trains `model` for `epochs` rounds over all rows, `batch` rows a step, in their order, with Adam at `rate`.
///
/// `x` is `[rows, 128]`, `y` `[rows]`; the model is tracked. The last batch of a round has what is left.
fn train(
    mut model: SimpleNet,
    x: &Tensor<2>,
    y: &Tensor<1, Int>,
    epochs: usize,
    batch: usize,
    rate: f64,
) -> SimpleNet {
    let [rows, _] = x.dims();
    let criterion = CrossEntropyLossConfig::new().init(&x.device());
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..epochs {
        for start in (0..rows).step_by(batch) {
            let end = rows.min(start + batch);
            // TODO: The rows from `start` to `end`: forward, loss, backward, step. `slice` cuts rows out.
            // [starter]
            // let _ = (y, end, rate, GradientsParams::new());
            // let _ = (&mut model, &criterion, &mut optimizer);
            // [solution]
            let scores = model.forward(x.clone().slice([start..end, 0..128]));
            let loss = criterion.forward(scores, y.clone().slice(start..end));
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(rate, model, gradients);
            // [end]
        }
    }
    model
}

#[path = "../../chapters/08_burn/checks/train_the_digits.rs"]
mod checks;
