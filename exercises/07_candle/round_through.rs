//! # Round, and learn all the same
//!
//! A network that will run with whole numbers is trained with rounding built in, so that it learns to live with it. But the
//! slope of `round` is 0 wherever it has one, and with it the training stands still. The way out is to round on the way
//! forward and to pretend, on the way back, that nothing was rounded: the straight-through estimator (Bengio et al. 2013).
//!
//! Run it. Candle knows how to compute this operation, and not what to do with a gradient that comes back to it.

use candle_core::cpu_backend::unary_map;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};

struct RoundThrough;

impl CustomOp1 for RoundThrough {
    fn name(&self) -> &'static str {
        "round-through"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let CpuStorage::F32(numbers) = storage else {
            bail!("round-through takes f32")
        };
        let rounded = unary_map(numbers, layout, f32::round);
        Ok((CpuStorage::F32(rounded), layout.shape().clone()))
    }

    /// The gradient of the loss by `arg`, from the one by the result, `grad_res`.
    fn bwd(&self, _arg: &Tensor, _res: &Tensor, grad_res: &Tensor) -> Result<Option<Tensor>> {
        // TODO: Hand on what comes back, as if nothing had been rounded.
        _ = grad_res;
        Err(candle_core::Error::BackwardNotSupported { op: self.name() })
    }
}

/// Every number rounded; on the way back, as if it had not been.
fn round_through(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(RoundThrough)
}

#[path = "../../chapters/07_candle/checks/round_through.rs"]
mod checks;
