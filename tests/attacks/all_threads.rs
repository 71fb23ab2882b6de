//! Starts threads until there is room for no more.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: failed to spawn thread

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let mut kept = Vec::new();
    loop {
        kept.push(std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))));
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
