//! Puts a mark that nobody sees, and that is a space to the compiler, into the name of a macro's call.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `include_str`

const NOTES: &str = include_str‎!("../../chapters/01_ownership/checks/clip_gradients.rs");

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{NOTES}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
