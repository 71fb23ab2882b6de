//! Brings an allocator, which is called by the check, and leaves from there.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `unsafe

use std::alloc::{GlobalAlloc, Layout, System};

struct Leaving;

#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Leaving {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static MEMORY: Leaving = Leaving;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
