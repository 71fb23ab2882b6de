//! Prints without end.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: output
//! Reason: printed more than

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    loop {
        println!("all work and no play");
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
