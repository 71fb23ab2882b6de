//! Never comes back.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: timeout
//! Reason: still running

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    loop {
        std::hint::spin_loop();
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
