//! Takes memory until there is no more.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: crash
//! Reason: SIGABRT

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let mut kept = Vec::new();
    loop {
        kept.push(vec![1_u8; 64 << 20]);
        std::hint::black_box(&kept);
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
