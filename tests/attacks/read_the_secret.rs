//! Reads standard input for the secret, and prints whatever is there as a report.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: timeout
//! Reason: still running

use std::io::Read;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let mut secret = String::new();
    std::io::stdin().read_to_string(&mut secret).ok();
    println!("{secret} the_caller_sees_the_clipped_gradients");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
