//! What can go wrong, for whoever has to tell a user.

use std::path::{Path, PathBuf};

/// Why a tokenizer could not be made, or not used.
#[derive(Debug, thiserror::Error)]
pub enum TokenizerError {
    /// A vocabulary has a token for each byte, so it has at least 256.
    #[error("a byte-level vocabulary has at least 256 tokens")]
    TooSmall,
    /// Whoever asked for a training did not want it any more.
    #[error("the training was stopped")]
    Stopped,
    /// An id that stands for nothing.
    #[error("no token has the id {0}")]
    UnknownId(u32),
    /// A special token was asked for that this tokenizer does not have.
    #[error("no special token '{asked}'; there are {known:?}")]
    UnknownSpecial {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A special token that cannot be one: empty, or there twice.
    #[error("'{0}' cannot be a special token: it is empty, or there already")]
    BadSpecial(String),
    /// The file says something that contradicts its format or itself.
    #[error("{0}")]
    Malformed(String),
    /// The file is in order, and asks for what this crate does not do.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// Not the JSON of a tokenizer.
    #[error("no tokenizer.json: {0}")]
    Json(#[from] serde_json::Error),
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

impl TokenizerError {
    pub(crate) fn malformed(text: impl Into<String>) -> Self {
        Self::Malformed(text.into())
    }

    /// For `map_err` on what reads or writes the file at `path`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        |error| Self::Io { path, error }
    }
}
