//! # It works on my machine
//!
//! Before a page asks for memory, it computes from a file's header how many bytes a tensor takes. On your machine that is right
//! for every tensor. In a page `usize` has 32 bits: 65,536 x 65,536 numbers make a product of 0, the memory is asked for, and
//! the first write lands in somebody else's.
//!
//! `u32` stands for a page's `usize` here, so that you see on your machine what a page would do. What should the function say
//! of a tensor that no page can hold?

/// How many bytes a tensor of `f32` with these dimensions takes in a page, or None if that is more than 32 bits can say.
///
/// A tensor without dimensions is one number.
fn bytes_of(shape: &[u32]) -> Option<u32> {
    // TODO: Notice, at each multiplication, when the product does not fit.
    let count = shape
        .iter()
        .fold(1_u32, |count, size| count.wrapping_mul(*size));
    Some(count.wrapping_mul(4))
}

#[path = "../../chapters/16_wasm/checks/tensor_bytes.rs"]
mod checks;
