//! A list of different layers, and a network that is a layer itself.

/// Something that turns one row of numbers into another, and can say how a loss flows back through it.
///
/// No method is generic or returns `Self`, so `dyn Layer` works and a network can hold a list of boxes.
pub trait Layer {
    /// The output for `input`.
    fn forward(&self, input: &[f32]) -> Vec<f32>;

    /// How a loss changes with each number of `input`, given in `upstream` how it changes with each output.
    fn backward(&self, input: &[f32], upstream: &[f32]) -> Vec<f32>;
}

/// A multilayer perceptron: layers one after another, of whatever types. Being a layer, it can stand inside another.
///
/// ```
/// use traits::{Dense, Identity, Layer, Mlp, ReLU};
///
/// let network = Mlp::new(vec![
///     Box::new(Dense::new(vec![1.0, -1.0], vec![0.0, 0.5], ReLU)),
///     Box::new(Dense::new(vec![2.0, 4.0], vec![1.0], Identity)),
/// ]);
/// assert_eq!(network.forward(&[3.0]), [7.0]);
/// assert_eq!(network.backward(&[3.0], &[1.0]), [2.0]); // one more in gives two more out
/// ```
pub struct Mlp {
    layers: Vec<Box<dyn Layer>>,
}

impl Mlp {
    /// Takes the layers over, in the order in which they are applied.
    pub fn new(layers: Vec<Box<dyn Layer>>) -> Self {
        Self { layers }
    }
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
        let mut inputs = vec![input.to_vec()];
        for layer in &self.layers {
            let output = layer.forward(&inputs[inputs.len() - 1]);
            inputs.push(output);
        }
        let mut gradient = upstream.to_vec();
        for (layer, input) in self.layers.iter().zip(&inputs).rev() {
            gradient = layer.backward(input, &gradient);
        }
        gradient
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{slope, snap};
    use crate::{Dense, GELU, Sigmoid, Tanh};

    fn network() -> Mlp {
        Mlp::new(vec![
            Box::new(Dense::new(
                vec![0.5, -1.0, 1.5, 0.25, -0.75, 1.0],
                vec![0.1, -0.2, 0.3],
                Tanh,
            )),
            Box::new(Dense::new(
                vec![1.0, -0.5, 0.75, 0.5, 0.5, -1.0],
                vec![0.0, 0.2],
                GELU,
            )),
            Box::new(Dense::new(vec![1.5, -1.0], vec![0.05], Sigmoid)),
        ])
    }

    fn check(layer: &dyn Layer, input: [f32; 2]) {
        let gradient = layer.backward(&input, &[1.0]);
        for place in 0..input.len() {
            let along = |x| {
                let mut input = input;
                input[place] = x;
                layer.forward(&input)[0]
            };
            let want = slope(along, input[place]);
            assert_eq!(
                snap(gradient[place], want, 1e-3),
                want,
                "{input:?}, input {place}"
            );
        }
    }

    #[test]
    fn backward_is_the_slope_through_all_layers() {
        for input in [[0.0, 0.0], [0.4, -0.9], [-1.3, 2.1]] {
            check(&network(), input);
        }
    }

    #[test]
    fn a_network_is_a_layer() {
        let flat = network();
        let last = Dense::new(vec![-2.0], vec![0.5], Tanh);
        let nested = Mlp::new(vec![Box::new(network()), Box::new(last.clone())]);
        let want = last.forward(&flat.forward(&[0.4, -0.9]));
        assert_eq!(nested.forward(&[0.4, -0.9]), want);
        check(&nested, [0.4, -0.9]);
    }

    #[test]
    fn no_layers_change_nothing() {
        let network = Mlp::new(Vec::new());
        assert_eq!(network.forward(&[1.0, 2.0]), [1.0, 2.0]);
        assert_eq!(network.backward(&[1.0, 2.0], &[3.0, 4.0]), [3.0, 4.0]);
    }
}
