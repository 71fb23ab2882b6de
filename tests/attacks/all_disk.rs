//! Writes files until the disk is full.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: No space left on device

use std::io::Write;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    for number in 0..1_000_000 {
        let path = std::env::temp_dir().join(format!("{number}"));
        let mut file = std::fs::File::create(path).expect("a file");
        file.write_all(&[1; 1 << 20]).expect("room");
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
