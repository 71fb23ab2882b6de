//! # Clip the gradients where they are
//!
//! One odd batch can give a gradient a hundred times too large. Before the optimizer's step, each gradient is
//! therefore held within `-limit` and `limit`, in place; `torch` calls this `clip_grad_value_`. In Python the
//! underscore is a courtesy: nothing makes a function say that it changes its argument. Rust makes it.
//!
//! Run it. Which character of the signature does the compiler's message talk about?

/// Holds every gradient within `-limit` and `limit`. Changes the caller's gradients, copies none.
// TODO: `&` lends the gradients for reading. This function writes: ask for the loan that allows it.
fn clip(gradients: &[f32], limit: f32) {
    for gradient in gradients {
        *gradient = gradient.clamp(-limit, limit);
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
