//! The network that reads digits: 784 pixels, 256 hidden units, 10 scores.

use candle_core::{Result, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear};

/// Pixels that go in: 28 rows of 28.
pub const INPUTS: usize = 784;
/// Units between the two layers.
pub const HIDDEN: usize = 256;
/// Digits that may come out.
pub const CLASSES: usize = 10;

/// Two layers with a ReLU between them.
pub struct FeedForward {
    fc1: Linear,
    fc2: Linear,
}

impl FeedForward {
    /// Takes its weights from `vb`: `fc1.weight` (256, 784), `fc1.bias` (256), `fc2.weight` (10, 256), `fc2.bias` (10).
    ///
    /// Whether they come from a file or are made up on the spot is the builder's business.
    ///
    /// # Errors
    ///
    /// If the builder has no such weight, or one of another shape.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "Candle's layers all take a builder by value"
    )]
    pub fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(INPUTS, HIDDEN, vb.pp("fc1"))?,
            fc2: linear(HIDDEN, CLASSES, vb.pp("fc2"))?,
        })
    }

    /// The two layers, first to last.
    pub fn layers(&self) -> [&Linear; 2] {
        [&self.fc1, &self.fc2]
    }
}

impl Module for FeedForward {
    /// (images, 784) of `f32` between 0 and 1 to (images, 10): a score for each digit, before softmax.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.fc1.forward(x)?;
        let x = x.relu()?;
        self.fc2.forward(&x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};
    use candle_nn::VarMap;

    #[test]
    fn it_asks_its_builder_for_four_weights_by_name() -> Result<()> {
        let weights = VarMap::new();
        FeedForward::new(VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu))?;
        let data = weights.data().lock().unwrap();
        let mut names: Vec<_> = data
            .iter()
            .map(|(name, var)| (name.as_str(), var.dims()))
            .collect();
        names.sort_unstable();
        let want: [(&str, &[usize]); 4] = [
            ("fc1.bias", &[256]),
            ("fc1.weight", &[256, 784]),
            ("fc2.bias", &[10]),
            ("fc2.weight", &[10, 256]),
        ];
        assert_eq!(names, want);
        Ok(())
    }

    #[test]
    fn zeros_in_every_weight_give_equal_scores() -> Result<()> {
        let network = FeedForward::new(VarBuilder::zeros(DType::F32, &Device::Cpu))?;
        let scores = network.forward(&Tensor::ones((2, INPUTS), DType::F32, &Device::Cpu)?)?;
        assert_eq!(scores.to_vec2::<f32>()?, vec![vec![0.0; CLASSES]; 2]);
        Ok(())
    }
}
