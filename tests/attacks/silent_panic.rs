//! Panics without a message, and without the hook.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: crash
//! Reason: 101

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::panic::resume_unwind(Box::new(0));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
