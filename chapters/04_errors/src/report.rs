//! At the edge of a program: an error and all that lies below it, for people.

use std::error::Error;

/// The error's text, and below it the text of each source, one a line.
///
/// ```
/// let error = std::fs::read("no/such/file").map_err(|source| errors::ModelError::Read {
///     path: "no/such/file".into(),
///     source,
/// });
/// let text = errors::report(&error.unwrap_err());
/// assert!(text.starts_with("cannot read no/such/file\n  because: "));
/// ```
pub fn report(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str("\n  because: ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}
