//! The network of this chapter: 128 features, 64 hidden values, 10 scores.

use crate::{FEATURES, Seeds};
use burn::module::Param;
use burn::nn::{Linear, LinearConfig, Relu};
use burn::prelude::*;

/// Two linear layers with a `Relu` between them.
///
/// Nothing here names a backend: the device that `new` is given decides where the weights live, and with them every
/// computation.
#[derive(Module, Debug)]
pub struct SimpleNet {
    /// 128 features to 64 values.
    pub fc1: Linear,
    /// Negative values become 0.
    pub activation: Relu,
    /// 64 values to 10 scores.
    pub fc2: Linear,
}

impl SimpleNet {
    /// A network with random weights on `device`, from Burn's own generator for that device.
    pub fn new(device: &Device) -> Self {
        Self {
            fc1: LinearConfig::new(FEATURES, 64).init(device),
            activation: Relu::new(),
            fc2: LinearConfig::new(64, 10).init(device),
        }
    }

    /// A network whose weights depend on `seed` alone: the same on every backend, whatever other threads draw.
    ///
    /// Uniform between ± `1 / sqrt(inputs)`, as `new` has them.
    pub fn seeded(seed: u64, device: &Device) -> Self {
        let mut seeds = Seeds::new(seed);
        Self {
            fc1: seeded_linear(&mut seeds, FEATURES, 64, device),
            activation: Relu::new(),
            fc2: seeded_linear(&mut seeds, 64, 10, device),
        }
    }

    /// The scores of each row: `[batch, 128]` to `[batch, 10]`. They are logits: no softmax has been applied.
    ///
    /// # Panics
    ///
    /// If `x` has rows of another length, or lives on another backend than the weights.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let x = self.fc1.forward(x);
        let x = self.activation.forward(x);
        self.fc2.forward(x)
    }
}

/// Weights `[inputs, outputs]`: Burn computes `x W + b`, where PyTorch keeps `W` transposed.
fn seeded_linear(seeds: &mut Seeds, inputs: usize, outputs: usize, device: &Device) -> Linear {
    let bound = 1.0 / (inputs as f32).sqrt();
    let mut draw = |count| -> Vec<f32> { (0..count).map(|_| seeds.uniform(bound)).collect() };
    let weight = TensorData::new(draw(inputs * outputs), [inputs, outputs]);
    let bias = TensorData::new(draw(outputs), [outputs]);
    Linear {
        weight: Param::from_data(weight, device),
        bias: Some(Param::from_data(bias, device)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_parameters_of_128_64_10() {
        let net = SimpleNet::new(&Device::flex());
        assert_eq!(net.num_params(), 128 * 64 + 64 + 64 * 10 + 10);
    }

    #[test]
    fn gives_ten_scores_a_row() {
        let device = Device::flex();
        let scores = SimpleNet::new(&device).forward(Tensor::zeros([3, 128], &device));
        assert_eq!(scores.dims(), [3, 10]);
    }

    #[test]
    #[should_panic(expected = "128")]
    fn a_row_of_another_length_is_refused_when_it_runs() {
        let device = Device::flex();
        SimpleNet::new(&device).forward(Tensor::zeros([3, 784], &device));
    }

    #[test]
    fn a_seed_is_one_network() {
        let device = Device::flex();
        let scores = |seed| {
            let scores = SimpleNet::seeded(seed, &device).forward(Tensor::ones([1, 128], &device));
            scores.try_into_vec_as::<f32>().unwrap()
        };
        assert_eq!(scores(1), scores(1));
        assert_ne!(scores(1), scores(2));
    }
}
