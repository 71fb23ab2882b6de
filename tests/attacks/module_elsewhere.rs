//! Takes a file of the grader's in as a module.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `mod` without

#[path = "../../../../solutions/01_ownership/clip_gradients.rs"]
mod solution;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
