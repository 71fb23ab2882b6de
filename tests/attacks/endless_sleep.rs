//! Never comes back, and uses no time of the processor either.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: timeout
//! Reason: still running

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::thread::sleep(std::time::Duration::from_secs(1_000_000));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
