//! Where the real model is on this machine.

use crate::error::Result;
use std::path::PathBuf;

/// The file of SmolLM2-135M-Instruct in `Q4_1`: the one that the variable `WORKBOOK_SMOLLM2` names, else the one that
/// `python3 workbook fetch smollm2` has put into the user's cache.
///
/// # Errors
///
/// If the model is not there; the message says how to get it.
pub fn smollm2() -> Result<PathBuf> {
    Ok(workbook_models::path("smollm2")?)
}
