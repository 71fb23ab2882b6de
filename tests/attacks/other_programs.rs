//! Starts a shell.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `process`

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let said = std::process::Command::new("/bin/sh").args(["-c", "id; ls /"]).output();
    panic!("{said:?}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
