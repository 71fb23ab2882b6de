#![doc = include_str!("../README.md")]

mod batched;
mod hit;
pub mod kernels;
mod similarity;
mod top_k;

pub use batched::{Batched, BatchedExt};
pub use hit::Hit;
pub use similarity::{cosine_similarity, dot};
pub use top_k::{top_k, top_k_of_slice};
