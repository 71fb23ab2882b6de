//! # An error for people
//!
//! `RowError` knows everything that went wrong in a file of embeddings. It cannot tell anybody: it has no text for
//! people, and to the standard library it is not an error but some enum. `load` stands at the program's edge and takes
//! any error, in a box; this one it does not take.
//!
//! Run it. The message names the trait that `RowError` lacks. Write it by hand, once; the next exercises
//! have it written.

use std::error::Error;
use std::fmt;
use std::num::ParseFloatError;

/// What can be wrong with a file of embeddings.
#[derive(Debug)]
enum RowError {
    /// Something that is no number. `source` is what the parser of numbers said.
    Number {
        line: usize,
        text: String,
        source: ParseFloatError,
    },
    /// A row that is longer or shorter than the first.
    Width {
        line: usize,
        wanted: usize,
        found: usize,
    },
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        // TODO: Say what is wrong and where: "line 2: 'x' is not a number", "line 2: 3 numbers, line 1 has 2".
        write!(f, "bad row")
    }
}

// TODO: Make it an `Error`. Its method `source` returns the error below this one, if there is one.

/// Reads one embedding a line, numbers separated by spaces.
fn parse(text: &str) -> Result<Vec<Vec<f32>>, RowError> {
    let mut rows: Vec<Vec<f32>> = Vec::new();
    for (index, content) in text.lines().enumerate() {
        let line = index + 1;
        let mut row = Vec::new();
        for text in content.split_whitespace() {
            match text.parse() {
                Ok(number) => row.push(number),
                Err(source) => {
                    let text = text.to_string();
                    return Err(RowError::Number { line, text, source });
                }
            }
        }
        let found = row.len();
        let wanted = match rows.first() {
            Some(first) => first.len(),
            None => found,
        };
        if found != wanted {
            return Err(RowError::Width {
                line,
                wanted,
                found,
            });
        }
        rows.push(row);
    }
    Ok(rows)
}

/// How many embeddings the file has. Any error may leave the program here.
fn load(text: &str) -> Result<usize, Box<dyn Error>> {
    let rows = parse(text)?;
    Ok(rows.len())
}

#[path = "../../chapters/04_errors/checks/error_by_hand.rs"]
mod checks;
