//! # A step that is not taken
//!
//! A linear model, its loss, the gradient, and a step against it. The loss is the same after each step.
//!
//! In PyTorch one writes `with torch.no_grad(): weight -= rate * gradient`. Run it: `weight` has a gradient. Who has the new
//! numbers?

use candle_core::{Result, Tensor, Var};

/// Takes one step of gradient descent, and returns the loss before it.
///
/// `inputs` is (rows, size), `weight` (size, 1), `targets` (rows, 1).
fn step(weight: &Var, inputs: &Tensor, targets: &Tensor, rate: f64) -> Result<f32> {
    let loss = (inputs.matmul(weight)? - targets)?.sqr()?.mean_all()?;
    let gradients = loss.backward()?;
    let gradient = gradients
        .get(weight)
        .expect("the loss comes from the weight");
    // TODO: A tensor never changes, and this makes a new one. A `Var` can be given other numbers.
    let _weight = (weight.as_tensor() - (gradient * rate)?)?;
    loss.to_scalar()
}

#[path = "../../chapters/07_candle/checks/weight_step.rs"]
mod checks;
