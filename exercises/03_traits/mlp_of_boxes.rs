//! # A network of boxes
//!
//! All of the chapter in one small thing: a network whose layers differ in type, which can be differentiated, and whose
//! derivative is checked without trusting anybody's algebra. A layer is generic over its activation, so its inner loops are
//! compiled for that activation; the network holds boxes, so a list decides what it is made of.
//!
//! Three things are missing. Run it, and sort the messages: which speak of a method, which of a type?

use traits::{Activation, GELU, Sigmoid, Tanh};

/// Something that turns one row of numbers into another, and knows how a loss flows back through it.
trait Layer {
    /// The output for `input`.
    fn forward(&self, input: &[f32]) -> Vec<f32>;

    /// How a loss changes with each number of `input`, given in `upstream` how it changes with each output.
    fn backward(&self, input: &[f32], upstream: &[f32]) -> Vec<f32>;

    /// How the output of a layer with one output changes with each number of `input`.
    // TODO: Every layer should have this without writing it. It is `backward` with an `upstream` of 1.
    fn gradient(&self, input: &[f32]) -> Vec<f32>;
}

/// A fully connected layer: `activation(weights · input + bias)`.
struct Dense<A: Activation> {
    /// Row after row, one row for each output.
    weights: Vec<f32>,
    bias: Vec<f32>,
    activation: A,
}

impl<A: Activation> Dense<A> {
    /// `weights · input + bias`, before the activation.
    fn linear(&self, input: &[f32]) -> Vec<f32> {
        let mut output = self.bias.clone();
        for (out, row) in output.iter_mut().zip(self.weights.chunks(input.len())) {
            for (w, x) in row.iter().zip(input) {
                *out += w * x;
            }
        }
        output
    }
}

// TODO: A layer with any activation is a layer, not only one with `Tanh`.
impl Layer for Dense<Tanh> {
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut output = self.linear(input);
        self.activation.apply(&mut output);
        output
    }

    fn backward(&self, input: &[f32], upstream: &[f32]) -> Vec<f32> {
        let mut gradient = vec![0.0; input.len()];
        let rows = self.weights.chunks(input.len());
        for ((x, up), row) in self.linear(input).iter().zip(upstream).zip(rows) {
            let delta = up * self.activation.backward(*x);
            for (g, w) in gradient.iter_mut().zip(row) {
                *g += w * delta;
            }
        }
        gradient
    }
}

/// Layers one after another. A network is a layer itself, so it can stand inside another.
struct Mlp {
    layers: Vec<Box<dyn Layer>>,
}

impl Layer for Mlp {
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut values = input.to_vec();
        for layer in &self.layers {
            values = layer.forward(&values);
        }
        values
    }

    fn backward(&self, input: &[f32], upstream: &[f32]) -> Vec<f32> {
        // TODO: The chain rule goes from the last layer to the first, and asks each with the input that it had. Keep the
        // inputs on the way forward: no layer needs to run twice. (`.rev()` behind an iterator is Python's `reversed`.)
        let mut gradient = upstream.to_vec();
        for layer in &self.layers {
            gradient = layer.backward(input, &gradient);
        }
        gradient
    }
}

/// A network with two inputs, one output, and three activations.
fn network() -> Mlp {
    let first = Dense {
        weights: vec![0.5, -1.0, 1.5, 0.25, -0.75, 1.0],
        bias: vec![0.1, -0.2, 0.3],
        activation: Tanh,
    };
    let second = Dense {
        weights: vec![1.0, -0.5, 0.75, 0.5, 0.5, -1.0],
        bias: vec![0.0, 0.2],
        activation: GELU,
    };
    let last = Dense {
        weights: vec![1.5, -1.0],
        bias: vec![0.05],
        activation: Sigmoid,
    };
    Mlp {
        layers: vec![Box::new(first), Box::new(second), Box::new(last)],
    }
}

#[path = "../../chapters/03_traits/checks/mlp_of_boxes.rs"]
mod checks;
