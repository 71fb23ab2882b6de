//! From one vector a token to one vector a text.

use candle_core::{Result, Tensor};

/// The mean over the tokens of each text, padding left out.
///
/// `hidden` is (texts, tokens, size), `mask` (texts, tokens) with 1 for a token and 0 for padding, of any number type; the
/// result is (texts, size).
///
/// # Errors
///
/// If the shapes do not fit.
pub fn masked_mean(hidden: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let mask = mask.to_dtype(hidden.dtype())?.unsqueeze(2)?;
    let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
    sum.broadcast_div(&mask.sum(1)?)
}

/// Each row divided by its length; (rows, size) to (rows, size).
///
/// # Errors
///
/// If `rows` does not have two dimensions.
pub fn normalise(rows: &Tensor) -> Result<Tensor> {
    rows.broadcast_div(&rows.sqr()?.sum_keepdim(1)?.sqrt()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn padding_does_not_count_in_the_mean() -> Result<()> {
        let hidden = Tensor::new(
            &[[[1_f32, 2.], [3., 6.]], [[5., 5.], [9., 9.]]],
            &Device::Cpu,
        )?;
        let mask = Tensor::new(&[[1_u32, 1], [1, 0]], &Device::Cpu)?;
        let mean = masked_mean(&hidden, &mask)?.to_vec2::<f32>()?;
        assert_eq!(mean, [[2.0, 4.0], [5.0, 5.0]]);
        Ok(())
    }
}
