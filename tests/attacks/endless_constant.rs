//! A constant that is computed without end while it is compiled.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: still at work

#![allow(long_running_const_eval)]

const NEVER: u32 = {
    let mut n = 0_u32;
    loop {
        n = n.wrapping_add(1);
        if n == 0 && n == 1 {
            break n;
        }
    }
};

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{NEVER}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
