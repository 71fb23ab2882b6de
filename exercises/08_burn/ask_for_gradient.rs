//! # Who keeps the record?
//!
//! The slope of a loss at one weight. In PyTorch one writes `requires_grad=True` and `loss.backward()`. Here the same
//! panics: nobody has written down how the loss came about.
//!
//! Run it, and read what the panic asks for. In Burn it takes two things: a device that keeps the record, and a tensor
//! that wants its gradient.

use burn::prelude::*;

/// The gradient of the mean of `(weight * x - y)²` with respect to `weight`: `x` and `y` are `[samples]`.
fn slope(x: Tensor<1>, y: Tensor<1>, weight: f32) -> f32 {
    let device = x.device();
    // TODO: Make the weight a tensor that gradients are kept for.
    let weight = Tensor::<1>::from_floats([weight], &device);
    let loss = (x * weight.clone() - y).square().mean();
    let gradients = loss.backward();
    let gradient = weight.grad(&gradients).expect("a gradient for the weight");
    gradient.into_scalar()
}

#[path = "../../chapters/08_burn/checks/ask_for_gradient.rs"]
mod checks;
