//! # `weights[(row, col)]`
//!
//! `w[0, 2]` in numpy is a call, `w.__getitem__((0, 2))`, with a tuple as its argument. In Rust it is a call too: of the
//! method `index` of the trait `Index`. It returns a loan, so that the operator can show what lies in the matrix.
//!
//! Run it. Then write the trait's one method, and mind what numpy minds: a column that is not there.

use std::ops::Index;

/// Numbers in rows of `cols`, row after row in one buffer.
struct Matrix {
    data: Vec<f32>,
    cols: usize,
}

// TODO: Write `matrix[(row, col)]`. A row or a column that is not there must panic, as a wrong index of a vector does.
// [starter]
// [solution]
impl Index<(usize, usize)> for Matrix {
    type Output = f32;

    fn index(&self, (row, col): (usize, usize)) -> &f32 {
        assert!(col < self.cols, "column {col} of {}", self.cols);
        &self.data[row * self.cols + col]
    }
}
// [end]

/// The sum of the diagonal of a square matrix.
fn trace(matrix: &Matrix) -> f32 {
    let mut sum = 0.0;
    for place in 0..matrix.cols {
        sum += matrix[(place, place)];
    }
    sum
}

#[path = "../../chapters/03_traits/checks/weight_at.rs"]
mod checks;
