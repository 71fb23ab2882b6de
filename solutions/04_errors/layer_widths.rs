//! # Hand the error up
//!
//! A network's layers are given on the command line: `784,256,10`. Somebody will type `784,256,ten`. In Python the
//! `ValueError` would climb through both functions below without being mentioned in either. In Rust it climbs where
//! there is a `?`, and only through functions that say they may fail.
//!
//! Run it. Both messages are about one `?` each. Which function's signature has to change?

use std::num::ParseIntError;

/// Reads the widths of a network's layers.
// TODO: `?` leaves this function with an error. Let the signature say that it may, and the last line that all went well.
// [starter]
// fn widths(text: &str) -> Vec<usize> {
//     let mut widths = Vec::new();
//     for part in text.split(',') {
//         widths.push(part.trim().parse()?);
//     }
//     widths
// }
// [solution]
fn widths(text: &str) -> Result<Vec<usize>, ParseIntError> {
    let mut widths = Vec::new();
    for part in text.split(',') {
        widths.push(part.trim().parse()?);
    }
    Ok(widths)
}
// [end]

/// How many weights and biases a network with these layers has.
fn parameters(text: &str) -> Result<usize, ParseIntError> {
    let widths = widths(text)?;
    let mut count = 0;
    for (inputs, outputs) in widths.iter().zip(&widths[1..]) {
        count += inputs * outputs + outputs;
    }
    Ok(count)
}

#[path = "../../chapters/04_errors/checks/layer_widths.rs"]
mod checks;
