//! # Hand the buffer back
//!
//! `add_bias` and `relu` work in place and own the buffer while they do: nobody else can see a half-finished
//! activation. When they are done they hand it back. `forward` is written as one would write `x.add_(b)` and
//! `x.relu_()` in `torch`: call, and go on using `x`.
//!
//! Run it. Where is the buffer after the first line of `forward`, and who dropped it?

/// Adds `bias` to every activation and hands the buffer back.
fn add_bias(mut activations: Vec<f32>, bias: f32) -> Vec<f32> {
    for activation in &mut activations {
        *activation += bias;
    }
    activations
}

/// Sets every negative activation to zero and hands the buffer back.
fn relu(mut activations: Vec<f32>) -> Vec<f32> {
    for activation in &mut activations {
        *activation = activation.max(0.0);
    }
    activations
}

/// Adds the bias, then applies `relu`. Works in the buffer it is given and hands that buffer back.
fn forward(activations: Vec<f32>, bias: f32) -> Vec<f32> {
    // TODO: Both functions return the buffer, and nobody catches it. Catch it.
    add_bias(activations, bias);
    relu(activations);
    activations
}

#[path = "../../chapters/01_ownership/checks/hand_back.rs"]
mod checks;
