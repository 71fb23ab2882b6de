#![doc = include_str!("../README.md")]

mod base64;
mod byte_chars;
mod cache;
mod classes;
mod error;
mod gguf;
mod hub;
mod merge;
mod plain;
mod ranks;
mod specials;
mod split;
mod stream;
#[rustfmt::skip] // Tables, written by `examples/classes.rs`.
mod tables;
mod tokenizer;
mod train;
mod vocabulary;

pub use byte_chars::{byte_of, char_of};
pub use error::TokenizerError;
pub use gguf::{GgufValue, GgufVocabulary, read_gguf_metadata};
pub use plain::{Pair, PlainTokenizer, merge_pair};
pub use specials::Allowed;
pub use split::{Pieces, Split};
pub use stream::StreamDecoder;
pub use tokenizer::Tokenizer;
