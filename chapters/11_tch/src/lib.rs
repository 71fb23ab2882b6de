#![doc = include_str!("../README.md")]

pub mod network;
pub mod train;
pub mod weights;

pub use network::FeedForward;
