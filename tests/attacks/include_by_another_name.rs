//! Takes a file of the grader's in, by a macro under another name.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `include_bytes`

use std::include_bytes as greet;

const WHO: &[u8] = greet!("/etc/passwd");

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{WHO:?}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
