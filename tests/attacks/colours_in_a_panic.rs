//! Panics with a message that would clear a terminal and write a verdict of its own.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: All checks pass

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    panic!("\x1b[2J\x1b[1;1H\x1b[32mAll checks pass\x1b[0m");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
