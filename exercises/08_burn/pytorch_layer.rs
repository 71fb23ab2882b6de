//! # Weights from PyTorch
//!
//! `nn.Linear` computes `x Wᵀ + b` and stores `W` as `[outputs, inputs]`. Burn's `Linear` computes `x W + b` and stores
//! `[inputs, outputs]`. Somebody exported a layer as plain numbers, row by row, and gave them Burn's shape. Nothing
//! complains: there are as many numbers as it takes.
//!
//! Run it, and compare what the layer computes with what PyTorch computed.

use burn::module::Param;
use burn::nn::Linear;
use burn::prelude::*;

/// A layer from PyTorch's numbers: `weight` row by row as `[outputs, inputs]`, and one `bias` an output.
fn from_pytorch(weight: Vec<f32>, bias: Vec<f32>, device: &Device) -> Linear {
    let outputs = bias.len();
    let inputs = weight.len() / outputs;
    // TODO: Read the numbers in the shape that they were written in, then turn them.
    let weight = Tensor::from_data(TensorData::new(weight, [inputs, outputs]), device);
    let bias = Tensor::from_data(TensorData::new(bias, [outputs]), device);
    Linear {
        weight: Param::from_tensor(weight),
        bias: Some(Param::from_tensor(bias)),
    }
}

#[path = "../../chapters/08_burn/checks/pytorch_layer.rs"]
mod checks;
