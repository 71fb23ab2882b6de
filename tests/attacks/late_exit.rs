//! Leaves a thread behind that ends the program with status 0 while the check still runs.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `process`

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    std::thread::spawn(|| std::process::exit(0));
    std::thread::sleep(std::time::Duration::from_secs(1));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
