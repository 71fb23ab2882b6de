//! # Rows of length one
//!
//! k-means knows distances. Between rows of length 1 the distance says how similar they are in direction, which is what
//! embeddings are compared by, so the rows are scaled before anything else; in their place, since there may be gigabytes
//! of them.
//!
//! It compiles, it works, and the caller sees nothing of it. What was it that got scaled?

use ndarray::Array2;

/// Scales each row to length 1, in place. A row of zeros stays as it is.
fn normalise(rows: &mut Array2<f32>) {
    // TODO: Scale the rows themselves, and mind a row without a direction.
    // [starter]
    // for row in rows.rows() {
    //     let mut row = row.to_owned();
    //     let length = row.dot(&row).sqrt();
    //     row /= length;
    // }
    // [solution]
    for mut row in rows.rows_mut() {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    // [end]
}

#[path = "../../chapters/09_linfa/checks/unit_rows.rs"]
mod checks;
