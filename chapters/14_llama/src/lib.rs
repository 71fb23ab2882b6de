#![doc = include_str!("../README.md")]

pub mod blocks;
pub mod cache;
#[cfg(feature = "candle")]
pub mod candle;
mod error;
mod generate;
pub mod gguf;
pub mod matmul;
pub mod model;
pub mod models;
pub mod ops;
pub mod sampler;
pub mod simd;
pub mod stream;
pub mod template;
pub mod vocab;
pub mod widen;

pub use error::{Error, Result};
pub use generate::{Finish, Generation, Llama, Options, Sequence, Timing};
pub use gguf::Gguf;
pub use model::{Model, Session, Step, tiny, tiny_in};
pub use sampler::{Sampler, Sampling};
pub use template::Message;
