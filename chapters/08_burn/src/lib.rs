#![doc = include_str!("../README.md")]

mod batch;
mod features;
mod net;
mod seeds;
mod training;

pub use batch::{Batch, DigitBatcher, Item, items};
pub use features::{FEATURES, GRID, features, labels};
pub use net::SimpleNet;
pub use seeds::Seeds;
pub use training::{Plan, accuracy, train};
