#![doc = include_str!("../README.md")]
// What JavaScript calls says `@throws`, which is what its editors show; all else has its `# Errors`.
#![allow(clippy::missing_errors_doc)]

pub mod digits;
#[cfg(feature = "encoder")]
pub mod encoder;
pub mod error;
pub mod kernels;
pub mod model;
pub mod passages;
pub mod quantised;
pub mod similarity;
pub mod weights;
#[cfg(feature = "encoder")]
pub mod wordpiece;

pub use error::ModelError;
pub use model::MiniModel;
pub use similarity::{EmbeddingIndex, cosine_similarity_wasm};
