//! # Two kinds of failure, one question mark
//!
//! A server reads its settings from the environment, as text: `MAX_TOKENS=64`, `TEMPERATURE=0.5`. Reading the one may
//! fail with a `ParseIntError`, the other with a `ParseFloatError`, and `settings` can return only one type of error.
//! So it has one with room for both. Somebody must put them in.
//!
//! Run it. What does `?` do with an error on its way out, and which trait does it need for that?

use std::num::{ParseFloatError, ParseIntError};

#[derive(Debug, PartialEq)]
struct Settings {
    max_tokens: usize,
    temperature: f32,
}

/// Why the settings cannot be read.
#[derive(Debug, PartialEq)]
enum SettingsError {
    MaxTokens(ParseIntError),
    Temperature(ParseFloatError),
}

// TODO: Teach `SettingsError` to be made from each of the two errors.
// [starter]
// [solution]
impl From<ParseIntError> for SettingsError {
    fn from(error: ParseIntError) -> Self {
        SettingsError::MaxTokens(error)
    }
}

impl From<ParseFloatError> for SettingsError {
    fn from(error: ParseFloatError) -> Self {
        SettingsError::Temperature(error)
    }
}
// [end]

/// Reads the settings from the texts in which the environment has them.
fn settings(max_tokens: &str, temperature: &str) -> Result<Settings, SettingsError> {
    let max_tokens = max_tokens.parse::<usize>()?;
    let temperature = temperature.parse::<f32>()?;
    Ok(Settings {
        max_tokens,
        temperature,
    })
}

#[path = "../../chapters/04_errors/checks/convert_error.rs"]
mod checks;
