//! An operation of our own, with its gradient: `ReLU` with a ceiling.

use candle_core::cpu_backend::unary_map;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};

/// Clips to 0 from below and to a limit from above. With the limit 6 it is `ReLU6` (Howard et al. 2017,
/// <https://arxiv.org/abs/1704.04861>), which keeps activations in a range that few bits can cover.
///
/// Candle could do it with `clamp`. It stands here because it is the smallest operation that has all there is to one: a
/// loop over the numbers of a tensor, wherever they lie, and a gradient.
struct Clip {
    limit: f32,
}

impl CustomOp1 for Clip {
    fn name(&self) -> &'static str {
        "clip"
    }

    /// `storage` is all that the tensor's owner holds, `layout` says which of its numbers are this tensor's, and in which
    /// order. `unary_map` follows it.
    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let CpuStorage::F32(numbers) = storage else {
            bail!("clip takes f32, not {:?}", storage_dtype(storage))
        };
        let clipped = unary_map(numbers, layout, |x: f32| x.clamp(0.0, self.limit));
        Ok((CpuStorage::F32(clipped), layout.shape().clone()))
    }

    /// The gradient passes where nothing was clipped, and nowhere else.
    fn bwd(&self, arg: &Tensor, _res: &Tensor, grad_res: &Tensor) -> Result<Option<Tensor>> {
        let inside = (arg.gt(0.0)? * arg.lt(f64::from(self.limit))?)?;
        Ok(Some((grad_res * inside.to_dtype(arg.dtype())?)?))
    }
}

fn storage_dtype(storage: &CpuStorage) -> candle_core::DType {
    candle_core::backend::BackendStorage::dtype(storage)
}

/// Every number clipped to 0 to `limit`; the shape stays.
///
/// # Errors
///
/// If `x` is not `f32`, or not on the CPU: for a GPU an operation brings a kernel of its own (`cuda_fwd`, `metal_fwd`).
pub fn clip(x: &Tensor, limit: f32) -> Result<Tensor> {
    x.apply_op1(Clip { limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device, Var};

    #[test]
    fn it_clips_views_too() -> Result<()> {
        let x = Tensor::new(&[[-1.0_f32, 2.0], [3.0, 9.0]], &Device::Cpu)?;
        assert_eq!(
            clip(&x.t()?, 6.0)?.to_vec2::<f32>()?,
            [[0.0, 3.0], [2.0, 6.0]]
        );
        assert_eq!(
            clip(&x.narrow(0, 1, 1)?, 6.0)?.to_vec2::<f32>()?,
            [[3.0, 6.0]]
        );
        Ok(())
    }

    #[test]
    fn its_gradient_is_the_finite_difference() -> Result<()> {
        let at = [-1.0_f32, 0.5, 5.5, 7.0];
        let x = Var::new(&at, &Device::Cpu)?;
        let loss = (clip(&x, 6.0)?.sqr()? * 0.5)?.sum_all()?;
        let got = loss.backward()?.get(&x).unwrap().to_vec1::<f32>()?;
        let half_square = |x: f32| 0.5 * x.clamp(0.0, 6.0).powi(2);
        for (got, x) in got.iter().zip(at) {
            let want = (half_square(x + 0.01) - half_square(x - 0.01)) / 0.02;
            assert!((got - want).abs() < 1e-3, "at {x}: {got}, {want}");
        }
        Ok(())
    }

    #[test]
    fn other_numbers_are_an_error() {
        let x = Tensor::zeros(2, DType::U8, &Device::Cpu).unwrap();
        assert_eq!(
            clip(&x, 6.0).unwrap_err().to_string().lines().next(),
            Some("clip takes f32, not U8")
        );
    }
}
