//! # Which tensor is missing?
//!
//! A layer needs its weight and its bias from a checkpoint. `tensors["fc1.bias"]` of a Python `dict` raises a
//! `KeyError`; `get` of Rust's `HashMap` returns an `Option`, and `None` does not say what was looked for. Whoever
//! reads the error wants the name.
//!
//! Run it. `?` works on an `Option` as well as on a `Result`. What does the compiler miss here?

use std::collections::HashMap;

/// A checkpoint: tensors by their names.
type Tensors = HashMap<String, Vec<f32>>;

#[derive(Debug, PartialEq)]
struct MissingTensor {
    name: String,
}

/// The weight and the bias of a layer, where they lie in the checkpoint.
fn layer<'a>(
    tensors: &'a Tensors,
    weight: &str,
    bias: &str,
) -> Result<(&'a [f32], &'a [f32]), MissingTensor> {
    // TODO: Turn each `None` into an error that has the name. Make the name's copy only if there is an error.
    let weight = tensors.get(weight)?;
    let bias = tensors.get(bias)?;
    Ok((weight, bias))
}

#[path = "../../chapters/04_errors/checks/missing_tensor.rs"]
mod checks;
