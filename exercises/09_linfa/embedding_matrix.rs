//! # From rows to a matrix
//!
//! An encoder hands out one vector for each text. k-means wants a matrix: one row for each text, one column for each
//! number of an embedding. NumPy's `np.array(rows)` would do it, and would refuse rows of different widths.
//!
//! It compiles, and returns `Ok`. Run it, and find text 0's embedding in what was got. Then ask yourself what would
//! happen with a row that is one number short, and another that is one too long.

use ndarray::{Array2, ShapeError};

/// The embeddings as a matrix of shape (texts, width). An `Err` if they are not all of the first one's width.
fn to_matrix(embeddings: &[Vec<f32>]) -> Result<Array2<f32>, ShapeError> {
    let width = embeddings.first().map_or(0, Vec::len);
    // TODO: One row a text. `push_row` of a matrix takes a view of a row, such as
    // `ndarray::aview1` makes of a slice, and looks at its width.
    Array2::from_shape_vec((width, embeddings.len()), embeddings.concat())
}

#[path = "../../chapters/09_linfa/checks/embedding_matrix.rs"]
mod checks;
