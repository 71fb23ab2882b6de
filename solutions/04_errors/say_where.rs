//! # Say where
//!
//! A file of scores has 40,000 lines, and one of them is broken. `?` is content as soon as there is a `From`, so
//! somebody wrote one. But a `From` sees the error and nothing else: which line it was it can only make up. 'line 0:
//! '' is not a score' is what the log says now.
//!
//! The loop knows line and text. Let it put them into the error, before `?` hands it up.

use std::num::ParseFloatError;
use thiserror::Error;

/// A score that cannot be read. Lines count from 1.
#[derive(Debug, Error)]
#[error("line {line}: '{text}' is not a score")]
struct ScoreError {
    line: usize,
    text: String,
    source: ParseFloatError,
}

// TODO: Take the `From` away, and make the error where line and text are known.
// [starter]
// impl From<ParseFloatError> for ScoreError {
//     fn from(source: ParseFloatError) -> Self {
//         ScoreError {
//             line: 0,
//             text: String::new(),
//             source,
//         }
//     }
// }
//
// /// Reads one score a line.
// fn scores(file: &str) -> Result<Vec<f32>, ScoreError> {
//     let mut scores = Vec::new();
//     for (index, text) in file.lines().enumerate() {
//         scores.push(text.parse()?);
//     }
//     Ok(scores)
// }
// [solution]
/// Reads one score a line.
fn scores(file: &str) -> Result<Vec<f32>, ScoreError> {
    let mut scores = Vec::new();
    for (index, text) in file.lines().enumerate() {
        scores.push(text.parse().map_err(|source| ScoreError {
            line: index + 1,
            text: text.to_string(),
            source,
        })?);
    }
    Ok(scores)
}
// [end]

#[path = "../../chapters/04_errors/checks/say_where.rs"]
mod checks;
