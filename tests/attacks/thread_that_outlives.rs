//! Leaves threads behind that never end, and would hold the program open.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: after clipping to 1.0

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    for _ in 0..4 {
        std::thread::spawn(|| loop {
            std::hint::spin_loop();
        });
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
