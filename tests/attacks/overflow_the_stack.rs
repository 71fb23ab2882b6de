//! Ends the process by a stack that overflows.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: crash
//! Reason: overflowed its stack

fn deeper(n: u64) -> u64 {
    std::hint::black_box([n; 512])[7] + deeper(n + 1)
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    println!("{}", deeper(0));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
