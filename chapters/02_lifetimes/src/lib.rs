#![doc = include_str!("../README.md")]

mod blocks;
mod clean;
mod mapped;
mod sequence;
mod viewer;
mod weights;

pub use blocks::Blocks;
pub use clean::nan_to_zero;
pub use mapped::{MappedModel, map_bytes, map_file};
pub use sequence::longest_sequence;
pub use viewer::{Reader, Tensor, find, pack};
pub use weights::ModelWeights;
