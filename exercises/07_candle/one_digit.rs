//! # One digit
//!
//! The network was trained on batches of a hundred images. Now a single one comes in, 784 numbers, and somebody wants its
//! ten scores.
//!
//! It compiles. Run it: which two shapes does the message name, which of them is the image, and what does the network
//! take?

use candle_chapter::network::{FeedForward, INPUTS};
use candle_core::{Device, Result, Tensor};
use candle_nn::Module;

/// The ten scores of one image: `pixels` are 784 numbers between 0 and 1.
fn scores(network: &FeedForward, pixels: &[f32]) -> Result<Vec<f32>> {
    // TODO: The network takes a batch. Give it one of the right size, and take out what belongs to the image.
    let image = Tensor::from_slice(pixels, INPUTS, &Device::Cpu)?;
    network.forward(&image)?.to_vec1()
}

#[path = "../../chapters/07_candle/checks/one_digit.rs"]
mod checks;
