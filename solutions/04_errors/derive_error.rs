//! # Let a macro write it
//!
//! `thiserror` writes `Display`, `Error`, `source` and `From` from attributes. Somebody gave each variant of
//! `ModelError` the shortest text that compiles. On call at night you get 'cannot read a file', and no more.
//!
//! Run it. The checks show what reaches the log, and what does not.

use std::fs;
use std::io;
use thiserror::Error;

/// Why a model cannot be loaded.
// TODO: Let each text say which. And one field is the error below this one: mark it, so that it can be asked for.
// [starter]
// #[derive(Debug, Error)]
// enum ModelError {
//     #[error("cannot read a file")]
//     Read { path: String, error: io::Error },
//     #[error("a layer has the wrong width")]
//     Width {
//         layer: String,
//         wanted: usize,
//         found: usize,
//     },
// }
// [solution]
#[derive(Debug, Error)]
enum ModelError {
    #[error("cannot read {path}")]
    Read {
        path: String,
        #[source]
        error: io::Error,
    },
    #[error("layer {layer} has width {found}, wanted {wanted}")]
    Width {
        layer: String,
        wanted: usize,
        found: usize,
    },
}
// [end]

/// Reads a file of weights, one byte each.
fn read(path: &str) -> Result<Vec<u8>, ModelError> {
    match fs::read(path) {
        Ok(weights) => Ok(weights),
        Err(error) => {
            let path = path.to_string();
            Err(ModelError::Read { path, error })
        }
    }
}

/// Checks that a layer has the width that the one before it asks for.
fn check_width(layer: &str, found: usize, wanted: usize) -> Result<(), ModelError> {
    if found == wanted {
        return Ok(());
    }
    Err(ModelError::Width {
        layer: layer.to_string(),
        wanted,
        found,
    })
}

#[path = "../../chapters/04_errors/checks/derive_error.rs"]
mod checks;
