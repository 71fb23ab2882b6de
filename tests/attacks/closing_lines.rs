//! Prints what the harness prints at its end, and returns a wrong answer.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: after clipping to 1.0

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("\ntest checks::the_limit_is_the_callers ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
