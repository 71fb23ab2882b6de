//! # Half of it moved
//!
//! Does the network give the same scores on another backend? The model moves there with `to_device`; and the call panics,
//! as it does in PyTorch with 'expected all tensors to be on the same device'.
//!
//! Run it. Which tensors stayed where they were?

use burn::prelude::*;
use burn_chapter::SimpleNet;

/// The scores that `model` has for `x` on `other`, and how far they are at most from those on its own device.
fn compare(model: &SimpleNet, x: Tensor<2>, other: &Device) -> (Tensor<2>, f32) {
    let here = model.forward(x.clone());
    let moved = model.clone().to_device(other);
    // TODO: What is computed together has to be in one place, before and after.
    // [starter]
    // let there = moved.forward(x);
    // let apart = here - there.clone();
    // [solution]
    let there = moved.forward(x.to_device(other));
    let apart = there.clone().to_device(&here.device()) - here;
    // [end]
    (there, apart.max_abs().into_scalar())
}

#[path = "../../chapters/08_burn/checks/two_devices.rs"]
mod checks;
