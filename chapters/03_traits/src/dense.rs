//! A layer that is generic over its activation: one source, and machine code of its own for each activation.

use crate::{Activation, Layer};
use std::fmt;

/// A fully connected layer: `activation(weights · input + bias)`.
///
/// `Dense<ReLU>` and `Dense<Tanh>` are different types. An activation without fields takes no room in either.
#[derive(Clone, PartialEq)]
pub struct Dense<A: Activation> {
    /// Row after row, one row for each output.
    weights: Vec<f32>,
    bias: Vec<f32>,
    activation: A,
}

impl<A: Activation> Dense<A> {
    /// Takes weights (`outputs` × `inputs`, row after row) and bias (`outputs`) over.
    ///
    /// # Panics
    ///
    /// If there is no bias, or the weights do not fill one row for each.
    pub fn new(weights: Vec<f32>, bias: Vec<f32>, activation: A) -> Self {
        assert!(!bias.is_empty(), "a layer has at least one output");
        assert_eq!(
            weights.len() % bias.len(),
            0,
            "one row of weights for each output"
        );
        Self {
            weights,
            bias,
            activation,
        }
    }

    /// How many numbers go in.
    pub fn inputs(&self) -> usize {
        self.weights.len() / self.bias.len()
    }

    /// How many numbers come out.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// How many numbers are learnt.
    pub fn parameters(&self) -> usize {
        self.weights.len() + self.bias.len()
    }

    /// `weights · input + bias`, before the activation.
    fn linear(&self, input: &[f32]) -> Vec<f32> {
        assert_eq!(
            input.len(),
            self.inputs(),
            "one number for each column of the weights"
        );
        let mut output = self.bias.clone();
        for (out, row) in output
            .iter_mut()
            .zip(self.weights.chunks_exact(input.len()))
        {
            *out += row.iter().zip(input).map(|(w, x)| w * x).sum::<f32>();
        }
        output
    }
}

impl<A: Activation> Layer for Dense<A> {
    /// # Panics
    ///
    /// If `input` has another length than a row of the weights.
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut output = self.linear(input);
        self.activation.apply(&mut output);
        output
    }

    /// # Panics
    ///
    /// If `input` or `upstream` has a length other than the weights'.
    fn backward(&self, input: &[f32], upstream: &[f32]) -> Vec<f32> {
        assert_eq!(upstream.len(), self.outputs(), "one number for each output");
        let mut gradient = vec![0.0; input.len()];
        let rows = self.weights.chunks_exact(input.len());
        for ((x, up), row) in self.linear(input).iter().zip(upstream).zip(rows) {
            let delta = up * self.activation.backward(*x);
            for (g, w) in gradient.iter_mut().zip(row) {
                *g += w * delta;
            }
        }
        gradient
    }
}

/// Written by hand: a derived one would print every weight into the log.
impl<A: Activation + fmt::Debug> fmt::Debug for Dense<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dense")
            .field("inputs", &self.inputs())
            .field("outputs", &self.outputs())
            .field("activation", &self.activation)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{slope, snap};
    use crate::{GELU, LeakyReLU, ReLU, Sigmoid};
    use std::mem::size_of;

    // [1 2 3; 0 -1 0] · x + [10, 20]
    fn layer<A: Activation>(activation: A) -> Dense<A> {
        Dense::new(
            vec![1.0, 2.0, 3.0, 0.0, -1.0, 0.0],
            vec![10.0, 20.0],
            activation,
        )
    }

    #[test]
    fn multiplies_adds_and_activates() {
        assert_eq!(layer(ReLU).forward(&[1.0, 30.0, 1.0]), [74.0, 0.0]);
        assert_eq!(
            layer(LeakyReLU { slope: 0.5 }).forward(&[1.0, 30.0, 1.0]),
            [74.0, -5.0]
        );
    }

    #[test]
    fn an_activation_without_fields_takes_no_room() {
        assert_eq!(size_of::<Dense<ReLU>>(), 2 * size_of::<Vec<f32>>());
        assert_eq!(size_of::<Dense<Sigmoid>>(), size_of::<Dense<ReLU>>());
    }

    #[test]
    fn backward_is_the_slope_of_each_output_by_each_input() {
        let layer = Dense::new(vec![0.5, -1.0, 0.25, 2.0, 1.0, -0.5], vec![0.1, -0.2], GELU);
        let input = [0.3, -0.7, 1.1];
        for (upstream, output) in [([1.0, 0.0], 0), ([0.0, 1.0], 1)] {
            let gradient = layer.backward(&input, &upstream);
            for place in 0..input.len() {
                let along = |x| {
                    let mut input = input;
                    input[place] = x;
                    layer.forward(&input)[output]
                };
                let want = slope(along, input[place]);
                assert_eq!(
                    snap(gradient[place], want, 1e-3),
                    want,
                    "output {output} by input {place}"
                );
            }
        }
    }

    #[test]
    fn a_log_line_shows_shapes_not_weights() {
        let want = "Dense { inputs: 3, outputs: 2, activation: ReLU, .. }";
        assert_eq!(format!("{:?}", layer(ReLU)), want);
    }

    #[test]
    #[should_panic(expected = "one row of weights for each output")]
    fn half_a_row_is_refused() {
        Dense::new(vec![1.0; 3], vec![0.0; 2], ReLU);
    }
}
