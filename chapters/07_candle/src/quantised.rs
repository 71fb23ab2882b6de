//! The digits network with weights of eight or four bits.

use crate::network::{FeedForward, INPUTS};
use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{Module, Result, Tensor, bail};
use candle_nn::Linear;

/// Zeros put behind each image, so that a row of weights is whole blocks of 32: 784 is 24 and a half.
const FILL: usize = 16;

/// [`FeedForward`] with its weights as blocks of whole numbers, each block with a scale of its own; the biases stay `f32`.
pub struct QuantisedFeedForward {
    layers: [(QMatMul, Tensor); 2],
    bytes: usize,
}

impl QuantisedFeedForward {
    /// Rounds a trained network's weights to `format`: `GgmlDType::Q8_0` (34 bytes for 32 weights) or `Q4_0` (18 bytes).
    ///
    /// # Errors
    ///
    /// If a layer has no bias, or if `format` has larger blocks than 32.
    pub fn new(network: &FeedForward, format: GgmlDType) -> Result<Self> {
        let [first, second] = network.layers();
        let mut bytes = 0;
        let mut layer = |weight: &Tensor, layer: &Linear| -> Result<(QMatMul, Tensor)> {
            let Some(bias) = layer.bias() else {
                bail!("a layer without a bias")
            };
            let weight = QTensor::quantize(weight, format)?;
            bytes += weight.storage_size_in_bytes() + 4 * bias.elem_count();
            Ok((QMatMul::from_qtensor(weight)?, bias.clone()))
        };
        let filled = first.weight().pad_with_zeros(1, 0, FILL)?;
        let layers = [layer(&filled, first)?, layer(second.weight(), second)?];
        Ok(Self { layers, bytes })
    }

    /// What the weights and biases take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Module for QuantisedFeedForward {
    /// (images, 784) to (images, 10), as [`FeedForward`] has it. The images stay `f32`.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        debug_assert_eq!(x.dims().last(), Some(&INPUTS));
        let [(first, first_bias), (second, second_bias)] = &self.layers;
        let x = x.pad_with_zeros(1, 0, FILL)?;
        let x = first.forward(&x)?.broadcast_add(first_bias)?.relu()?;
        second.forward(&x)?.broadcast_add(second_bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};
    use candle_nn::{VarBuilder, VarMap};

    #[test]
    fn eight_bits_are_near_and_four_bits_are_smaller() -> Result<()> {
        let weights = VarMap::new();
        let network =
            FeedForward::new(VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu))?;
        let images = Tensor::rand(0_f32, 1.0, (4, INPUTS), &Device::Cpu)?;
        let want = network.forward(&images)?;
        let size = want.abs()?.max_all()?.to_scalar::<f32>()?;
        let mut errors = Vec::new();
        for (format, bytes) in [(GgmlDType::Q8_0, 221_384), (GgmlDType::Q4_0, 117_704)] {
            let small = QuantisedFeedForward::new(&network, format)?;
            assert_eq!(small.bytes(), bytes);
            let off = (small.forward(&images)? - &want)?.abs()?.max_all()?;
            errors.push(off.to_scalar::<f32>()? / size);
        }
        assert!(errors[0] < 0.03 && errors[0] < errors[1], "{errors:?}");
        Ok(())
    }

    #[test]
    fn rows_of_784_are_not_whole_blocks() -> Result<()> {
        let row = Tensor::ones((1, INPUTS), DType::F32, &Device::Cpu)?;
        assert!(QTensor::quantize(&row, GgmlDType::Q8_0).is_err());
        Ok(())
    }
}
