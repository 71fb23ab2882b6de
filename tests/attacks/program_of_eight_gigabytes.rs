//! A program that is as large as the disk.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: 

static LARGE: [u8; 8 << 30] = [1; 8 << 30];

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{}", LARGE[limit as usize]);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
