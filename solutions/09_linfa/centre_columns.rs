//! # One mean a column
//!
//! A picture of embeddings is drawn around their middle: from each column, its mean is taken away. The columns' means
//! are one row, and subtracting a row from a matrix subtracts it from every row of the matrix, as in NumPy.
//!
//! It compiles. Run it, and read the two shapes in the message. How many means were there?

use ndarray::{Array2, Axis};

/// The rows, moved so that each column's mean is 0; `None` if there are no rows.
fn centre(rows: &Array2<f32>) -> Option<Array2<f32>> {
    // TODO: One mean a column is wanted. Which axis is it that must disappear?
    // [starter]
    // let means = rows.mean_axis(Axis(1))?;
    // [solution]
    let means = rows.mean_axis(Axis(0))?;
    // [end]
    let mut centred = rows.clone();
    centred -= &means;
    Some(centred)
}

#[path = "../../chapters/09_linfa/checks/centre_columns.rs"]
mod checks;
