//! The first steps: a product of two random matrices, and a softmax.

use candle_core::{Device, Result, Shape, Tensor};
use candle_nn::ops::softmax;

/// Prints the shape of a product and the softmax of a row, on the CPU.
///
/// # Errors
///
/// None that is known: the shapes fit.
pub fn candle_tensor_ops() -> Result<()> {
    let (shape, shares) = product_and_softmax(&Device::Cpu)?;
    println!("Shape: {shape:?}");
    println!("Softmax: {shares:?}");
    Ok(())
}

/// The shape of (3, 4) times (4, 5), and the softmax of 1, 2, 3 as a matrix of one row.
///
/// # Errors
///
/// If `device` cannot compute it.
pub fn product_and_softmax(device: &Device) -> Result<(Shape, Vec<Vec<f32>>)> {
    let a = Tensor::randn(0_f32, 1.0, (3, 4), device)?;
    let b = Tensor::randn(0_f32, 1.0, (4, 5), device)?;
    let product = a.matmul(&b)?;

    let row = Tensor::new(&[[1.0_f32, 2.0, 3.0]], device)?;
    let shares = softmax(&row, 1)?;
    Ok((product.shape().clone(), shares.to_vec2()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_has_the_outer_sizes_and_the_shares_are_numpys() -> Result<()> {
        let (shape, shares) = product_and_softmax(&Device::Cpu)?;
        assert_eq!(shape.dims(), [3, 5]);
        // numpy: e = np.exp([1, 2, 3]); e / e.sum()
        for (got, want) in shares[0]
            .iter()
            .zip([0.090_030_57, 0.244_728_47, 0.665_240_96])
        {
            assert!((got - want).abs() < 1e-6, "{shares:?}");
        }
        candle_tensor_ops()
    }
}
