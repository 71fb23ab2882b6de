#![doc = include_str!("../README.md")]

mod activation;
mod dense;
pub mod gradcheck;
mod layer;
mod softmax;
mod tokenizer;
mod vector;

pub use activation::{
    Activation, GELU, Identity, LeakyReLU, ReLU, Sigmoid, Tanh, apply_activation,
};
pub use dense::Dense;
pub use layer::{Layer, Mlp};
pub use softmax::{softmax, softmax_in_place};
pub use tokenizer::{Bytes, Chars, Tokenizer, round_trip};
pub use vector::Vector;
