//! # Answer with an error
//!
//! A service scores the images that its clients send. One client sends 785 numbers an image in place of 784, and the
//! thread that serves it is gone: the operation has panicked, deep inside the bindings.
//!
//! Run it, and read the panic's text: LibTorch says exactly what is wrong. The function's type already promises an error
//! in place of a panic. Let it keep the promise, whatever the client sends.

use tch::{TchError, Tensor};

/// The scores of `images` (images, inputs) for `weights` (classes, inputs), both `f32`: (images, classes).
///
/// # Errors
///
/// What LibTorch says, if the images do not fit the weights.
fn score(weights: &Tensor, images: &Tensor) -> Result<Tensor, TchError> {
    let bias: Option<Tensor> = None;
    // TODO: `linear` panics where the shapes or the kinds do not fit. Return the error.
    Ok(images.linear(weights, bias))
}

#[path = "../../chapters/11_tch/checks/answer_with_an_error.rs"]
mod checks;
