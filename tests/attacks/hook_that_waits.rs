//! Hooks panics, so that the failed assertion never comes to its end.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: timeout
//! Reason: still running

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::panic::set_hook(Box::new(|_| loop {
        std::thread::yield_now();
    }));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
