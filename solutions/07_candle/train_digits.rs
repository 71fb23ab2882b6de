//! # One pass over the digits
//!
//! The loop of the lesson, for the digits' network: cut a batch, compute scores and loss, take a step. It learns, slowly, and
//! stays behind what others report for the same network.
//!
//! Run it: what is the loss of a network that is sure, and right? `loss::cross_entropy` is PyTorch's `F.cross_entropy`: what
//! do both of them do first with what they are given?

use candle_chapter::FeedForward;
use candle_core::{Result, Tensor};
use candle_nn::{Module, Optimizer, loss};

/// The loss of a batch: `images` (images, 784), `labels` (images) of `u32`.
fn batch_loss(network: &impl Module, images: &Tensor, labels: &Tensor) -> Result<Tensor> {
    let scores = network.forward(images)?;
    // TODO: The loss takes scores. These have been through a softmax.
    // [starter]
    // let shares = candle_nn::ops::softmax(&scores, 1)?;
    // loss::cross_entropy(&shares, labels)
    // [solution]
    loss::cross_entropy(&scores, labels)
    // [end]
}

/// One pass over all images in batches of `size`; the last one may be smaller.
fn epoch(
    network: &FeedForward,
    optimiser: &mut impl Optimizer,
    images: &Tensor,
    labels: &Tensor,
    size: usize,
) -> Result<()> {
    let count = images.dim(0)?;
    for start in (0..count).step_by(size) {
        let length = size.min(count - start);
        let (images, labels) = (
            images.narrow(0, start, length)?,
            labels.narrow(0, start, length)?,
        );
        let loss = batch_loss(network, &images, &labels)?;
        // TODO: Take a step: the optimiser can compute the gradients and use them in one call.
        // [starter]
        // loss.backward()?;
        // [solution]
        optimiser.backward_step(&loss)?;
        // [end]
    }
    Ok(())
}

#[path = "../../chapters/07_candle/checks/train_digits.rs"]
mod checks;
