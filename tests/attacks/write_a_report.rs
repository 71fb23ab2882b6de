//! Writes a report without knowing the secret, through the file that standard input is.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `os`

use std::io::Write;
use std::os::fd::AsFd;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    if let Ok(own) = std::io::stdin().as_fd().try_clone_to_owned() {
        let mut file = std::fs::File::from(own);
        let guess = "0".repeat(64);
        writeln!(file, "{guess} the_caller_sees_the_clipped_gradients").ok();
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
