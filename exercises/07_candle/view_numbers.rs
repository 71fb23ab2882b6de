//! # Whose numbers are these?
//!
//! An operation of our own: ReLU to the square, as in the Primer network (So et al. 2021). On the tensors of the unit test it
//! is right. In the network it is called with a column of another tensor, and answers with numbers from elsewhere.
//!
//! Run it. `storage` is all that was ever allocated for that other tensor. What says which of it is meant?

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};

struct SquaredRelu;

impl CustomOp1 for SquaredRelu {
    fn name(&self) -> &'static str {
        "squared-relu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let CpuStorage::F32(numbers) = storage else {
            bail!("squared-relu takes f32")
        };
        let square = |x: f32| x.max(0.0).powi(2);
        // TODO: This reads the storage from its beginning. Read what the layout says; `candle_core::cpu_backend::unary_map` knows how.
        let count = layout.shape().elem_count();
        let squares = numbers[..count].iter().map(|x| square(*x)).collect();
        Ok((CpuStorage::F32(squares), layout.shape().clone()))
    }
}

/// The square of every positive number, and 0 for the others; the shape stays.
fn squared_relu(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(SquaredRelu)
}

#[path = "../../chapters/07_candle/checks/view_numbers.rs"]
mod checks;
