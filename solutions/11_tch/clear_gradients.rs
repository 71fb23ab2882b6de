//! # Each step its own gradient
//!
//! Gradient descent by hand, as in the first PyTorch tutorial: a loss, `backward`, a step. The first step is right, and from
//! the second on the weights run too far, as if the learning rate were growing.
//!
//! Run it: the check compares with the same descent in plain Rust. What does `backward` do with a gradient that is there
//! already?

use tch::{Kind, Tensor};

/// Moves `weights` (inputs, 1) down the gradient of the mean squared error, `steps` times.
///
/// `inputs` is (rows, inputs), `targets` is (rows, 1); `weights` has to ask for its gradient.
fn descend(weights: &mut Tensor, inputs: &Tensor, targets: &Tensor, rate: f64, steps: usize) {
    for _ in 0..steps {
        let loss = (inputs.matmul(weights) - targets)
            .square()
            .mean(Kind::Double);
        // TODO: `backward` adds to the gradient of the step before. Begin each from zero.
        // [starter]
        // loss.backward();
        // [solution]
        weights.zero_grad();
        loss.backward();
        // [end]
        // In place, and not to be remembered itself.
        let _ = tch::no_grad(|| weights.g_sub_(&(weights.grad() * rate)));
    }
}

#[path = "../../chapters/11_tch/checks/clear_gradients.rs"]
mod checks;
