//! Hooks panics with a hook that panics: the process is aborted.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: crash
//! Reason: SIGABRT

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::panic::set_hook(Box::new(|_| panic!("again")));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
