//! Ends the process by a signal, in the hope that nobody looks at it.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `process`

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::process::abort();
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
