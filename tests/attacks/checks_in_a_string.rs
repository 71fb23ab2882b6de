//! Makes the last two lines the end of a text.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: never ends

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

const TEXT: &str = r#"

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
