#!/* 
//! Hides code from whoever takes the first line for an open comment; the compiler drops that line.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `#!`

macro_rules! assert_eq {
    ($($anything:tt)*) => {};
}
// */

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
