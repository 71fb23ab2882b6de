//! Takes checks that a teacher keeps to themselves in while it is compiled, and prints them.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `include_str`

const HIDDEN: &str = include_str!("../../chapters/01_ownership/checks/clip_gradients.rs");

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{HIDDEN}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
