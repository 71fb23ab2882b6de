//! Where the real model is on this machine.

use crate::error::{Error, Result};
use std::path::PathBuf;

/// The file of SmolLM2-135M-Instruct in `Q4_1`: the one that the variable `WORKBOOK_SMOLLM2` names.
///
/// # Errors
///
/// If the model is not there; the message says how to get it.
pub fn smollm2() -> Result<PathBuf> {
    match std::env::var_os("WORKBOOK_SMOLLM2").map(PathBuf::from) {
        Some(path) if path.is_file() => Ok(path),
        _ => Err(Error::NoModel),
    }
}
