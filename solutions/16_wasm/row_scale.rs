//! # A byte a weight
//!
//! 91 MB is too much for a page. With a byte for each weight it is 23 MB: a whole number from -127 to 127, and for each row of
//! the matrix one `f32`, its scale. A weight is then about its byte times the scale of its row.
//!
//! This version takes it for granted that weights lie between -1 and 1. One row of a real matrix reaches to 3 and is cut off;
//! another stays below 0.02, and of its 255 steps five are used. What should the scale go by?

/// A row of weights as bytes, and their scale: `weights[i]` is about `bytes[i] * scale`.
///
/// No weight is off by more than half a step, which is half of the scale.
fn quantised(row: &[f32]) -> (Vec<i8>, f32) {
    // TODO: Let this row's own weights decide the scale. Think of a row of zeros, too.
    // [starter]
    // let scale = 1.0 / 127.0;
    // let bytes = row.iter().map(|weight| (weight / scale).round() as i8);
    // (bytes.collect(), scale)
    // [solution]
    let largest = row
        .iter()
        .fold(0.0_f32, |most, weight| most.max(weight.abs()));
    if largest == 0.0 {
        return (vec![0; row.len()], 0.0);
    }
    let scale = largest / 127.0;
    let bytes = row.iter().map(|weight| (weight / scale).round() as i8);
    (bytes.collect(), scale)
    // [end]
}

#[path = "../../chapters/16_wasm/checks/row_scale.rs"]
mod checks;
