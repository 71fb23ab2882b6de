//! Names a type `Vec`, which a check that takes all names would find.
//!
//! Exercise: 03_traits/slice_softmax
//! Ends: refused
//! Reason: Rust's own

struct Vec;

trait Softmax {
    fn softmax_in_place(&mut self);
}

impl Softmax for [f32] {
    fn softmax_in_place(&mut self) {}
}

#[path = "../../chapters/03_traits/checks/slice_softmax.rs"]
mod checks;
