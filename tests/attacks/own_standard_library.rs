//! Renames a crate to `std`, so that the checks find another one.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `extern`

extern crate core as std;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
