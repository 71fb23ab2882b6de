//! Leaves with status 0 before the check can fail.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `process`

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::process::exit(0);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
