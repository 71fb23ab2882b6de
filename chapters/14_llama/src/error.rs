//! What can go wrong, in sentences for the person who typed the command.

use std::path::PathBuf;

/// Why a model could not be loaded, or a token not be computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be opened or mapped.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The model of the course is not on this machine.
    #[error(transparent)]
    NoModel(#[from] workbook_models::NotHere),
    /// The first four bytes are not `GGUF`.
    #[error("this is not a GGUF file: it begins with {0:?}, not with \"GGUF\"")]
    NotGguf(String),
    /// A layout of the file that this reader does not know.
    #[error("GGUF version {0} is not supported; versions 2 and 3 are")]
    Version(u32),
    /// The file ends before what it promises.
    #[error("the file is cut off: {what} needs {need} bytes at byte {at}, and the file has {size}")]
    Cut {
        /// What was to be read.
        what: String,
        /// Where it begins.
        at: usize,
        /// How long it is.
        need: u64,
        /// The length of the file.
        size: usize,
    },
    /// The file contradicts itself, or what a Llama is.
    #[error("the file is malformed: {0}")]
    Malformed(String),
    /// The file is sound, and this program cannot run what is in it.
    #[error("{0}")]
    Unsupported(String),
    /// A sequence would be longer than its cache.
    #[error(
        "the context is full: {used} tokens are in it and {more} more do not fit into {capacity}"
    )]
    ContextFull {
        /// Tokens that are there.
        used: usize,
        /// Tokens that were to be added.
        more: usize,
        /// What there is room for.
        capacity: usize,
    },
    /// A token id that the model does not have.
    #[error("token {token} is not one of the model's {size}")]
    NoSuchToken {
        /// The id.
        token: u32,
        /// How many the model has.
        size: usize,
    },
    /// A request that asks for nothing or for the impossible.
    #[error("{0}")]
    Request(String),
    /// The model's chat template failed on these messages.
    #[error("the model's chat template failed: {0}")]
    Template(#[from] minijinja::Error),
    /// The Candle version of the model failed.
    #[cfg(feature = "candle")]
    #[error(transparent)]
    Candle(#[from] candle_core::Error),
}

/// What most functions here return.
pub type Result<T> = std::result::Result<T, Error>;

/// Shorthand for a file that contradicts itself.
pub(crate) fn malformed<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::Malformed(what.into()))
}
