#![doc = include_str!("../README.md")]

mod batcher;
mod linear;
mod matrix;
mod vector;

pub use batcher::Batcher;
pub use linear::Linear;
pub use matrix::Matrix;
pub use vector::{compute_sum, dot, normalise};
