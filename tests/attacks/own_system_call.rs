//! Takes the place of the C library's `write`, through which the report goes.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `no_mangle`

#[unsafe(no_mangle)]
pub extern "C" fn write(_: i32, _: *const u8, count: usize) -> isize {
    count as isize
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
