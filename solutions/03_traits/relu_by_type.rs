//! # The activation is part of the type
//!
//! In Keras a layer is told its activation by name, `Dense(64, activation="relu")`, and looks the name up when it is
//! built. The `Dense` below is generic: whatever stands in for `A` is a field of the layer, and the compiler knows which
//! function that is.
//!
//! Run it. A text is no activation, and the compiler says so before any layer is built. There is a second fault, which
//! shows once the first is mended: for which layers does `forward` exist?

use traits::{Activation, ReLU};

/// A fully connected layer: `activation(weights · input + bias)`.
struct Dense<A: Activation> {
    /// Row after row, one row for each output.
    weights: Vec<f32>,
    bias: Vec<f32>,
    activation: A,
}

// TODO: This gives `forward` to layers with a `ReLU` alone. Give it to all of them.
// [starter]
// impl Dense<ReLU> {
// [solution]
impl<A: Activation> Dense<A> {
    // [end]
    /// The layer's output for `input`.
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut output = self.bias.clone();
        for (out, row) in output.iter_mut().zip(self.weights.chunks(input.len())) {
            for (w, x) in row.iter().zip(input) {
                *out += w * x;
            }
        }
        self.activation.apply(&mut output);
        output
    }
}

/// The model's hidden layer.
// TODO: Put the activation itself into the layer, not its name, and say in the return type which one it is.
// [starter]
// fn hidden(weights: Vec<f32>, bias: Vec<f32>) -> Dense<&'static str> {
//     let activation = "relu";
//     Dense {
//         weights,
//         bias,
//         activation,
//     }
// }
// [solution]
fn hidden(weights: Vec<f32>, bias: Vec<f32>) -> Dense<ReLU> {
    let activation = ReLU;
    Dense {
        weights,
        bias,
        activation,
    }
}
// [end]

#[path = "../../chapters/03_traits/checks/relu_by_type.rs"]
mod checks;
