//! Gives the last two lines to a macro that makes nothing of them.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `mod` without

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

macro_rules! nothing {
    ($($anything:tt)*) => {};
}

nothing! {
#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
}
