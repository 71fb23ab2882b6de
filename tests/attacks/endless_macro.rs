//! A macro that calls itself without end.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compile
//! Reason: recursion limit

macro_rules! again {
    ($($all:tt)*) => { again!($($all)* +) };
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    again!();
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
