//! Takes the harness's `main` away and brings one that ends well.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `#![no_main]`

#![no_main]

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    println!("\ntest checks::the_limit_is_the_callers ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored");
    0
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
