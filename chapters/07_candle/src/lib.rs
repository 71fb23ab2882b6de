#![doc = include_str!("../README.md")]

pub mod bert;
pub mod custom;
pub mod device;
#[cfg(feature = "encoder")]
pub mod encoder;
pub mod network;
mod ops;
pub mod pooling;
pub mod quantised;
pub mod train;

pub use network::FeedForward;
pub use ops::{candle_tensor_ops, product_and_softmax};
