//! The digits network of chapter 7 once more, on LibTorch: 784 pixels, 256 hidden units, 10 scores.

use tch::nn::{self, LinearConfig, Module, Path};
use tch::{TchError, Tensor};

/// Pixels that go in: 28 rows of 28. Sizes are `i64` here, as in LibTorch, where -1 has a meaning.
pub const INPUTS: i64 = 784;
/// Units between the two layers.
pub const HIDDEN: i64 = 256;
/// Digits that may come out.
pub const CLASSES: i64 = 10;

/// Two layers with a ReLU between them.
#[derive(Debug)]
pub struct FeedForward {
    fc1: nn::Linear,
    fc2: nn::Linear,
}

impl FeedForward {
    /// Registers four weights below `vs`, under the names that Candle's network has, and gives them first values:
    /// `fc1.weight` (256, 784), `fc1.bias` (256), `fc2.weight` (10, 256), `fc2.bias` (10).
    pub fn new(vs: &Path) -> Self {
        Self {
            fc1: nn::linear(vs / "fc1", INPUTS, HIDDEN, LinearConfig::default()),
            fc2: nn::linear(vs / "fc2", HIDDEN, CLASSES, LinearConfig::default()),
        }
    }

    /// What [`forward`](Module::forward) does, for images that somebody else sends.
    ///
    /// # Errors
    ///
    /// If `images` is not (images, 784) of `f32`; the message is LibTorch's own.
    pub fn try_forward(&self, images: &Tensor) -> Result<Tensor, TchError> {
        let hidden = images.f_linear(&self.fc1.ws, self.fc1.bs.as_ref())?;
        let hidden = hidden.f_relu()?;
        hidden.f_linear(&self.fc2.ws, self.fc2.bs.as_ref())
    }
}

impl Module for FeedForward {
    /// (images, 784) of `f32` between 0 and 1 to (images, 10): a score for each digit, before softmax.
    ///
    /// # Panics
    ///
    /// If `images` has another shape or another kind.
    fn forward(&self, images: &Tensor) -> Tensor {
        images.apply(&self.fc1).relu().apply(&self.fc2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Device, Kind, nn::VarStore};

    #[test]
    fn the_weights_have_candles_names_and_shapes() {
        let vs = VarStore::new(Device::Cpu);
        FeedForward::new(&vs.root());
        let mut found: Vec<_> = vs
            .variables()
            .into_iter()
            .map(|(name, weight)| (name, weight.size()))
            .collect();
        found.sort_unstable();
        let named = |name: &str, size: &[i64]| (name.to_owned(), size.to_vec());
        let want = [
            named("fc1.bias", &[HIDDEN]),
            named("fc1.weight", &[HIDDEN, INPUTS]),
            named("fc2.bias", &[CLASSES]),
            named("fc2.weight", &[CLASSES, HIDDEN]),
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn images_that_do_not_fit_are_an_error_and_no_panic() {
        let vs = VarStore::new(Device::Cpu);
        let network = FeedForward::new(&vs.root());
        let wide = Tensor::zeros([2, 785], (Kind::Float, Device::Cpu));
        let said = network.try_forward(&wide).unwrap_err().to_string();
        assert!(said.contains("mat1 and mat2 shapes"), "{said}");
        let bytes = Tensor::zeros([2, INPUTS], (Kind::Uint8, Device::Cpu));
        let said = network.try_forward(&bytes).unwrap_err().to_string();
        assert!(said.contains("same dtype"), "{said}");

        let images = Tensor::ones([2, INPUTS], (Kind::Float, Device::Cpu));
        let scores = network.try_forward(&images).unwrap();
        assert_eq!(scores.size(), [2, CLASSES]);
        assert_eq!(scores, network.forward(&images));
    }
}
