//! Switches the checks off by an attribute that hides behind a comment.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: must be whole

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[cfg(any(/*
*/))] // }

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
