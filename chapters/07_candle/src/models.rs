//! Where the real models are on this machine.

use candle_core::{Result, bail};
use std::path::PathBuf;

/// The folder of the `MiniLM` sentence encoder, all-MiniLM-L6-v2: the one that the variable `WORKBOOK_MINILM` names.
///
/// # Errors
///
/// If the model is not there; the message says how to get it.
pub fn minilm() -> Result<PathBuf> {
    let folder = std::env::var_os("WORKBOOK_MINILM").map(PathBuf::from);
    match folder {
        Some(folder) if folder.join("model.safetensors").is_file() => Ok(folder),
        _ => bail!(
            "the sentence encoder is not on this machine; 'python3 workbook fetch minilm' gets it"
        ),
    }
}
