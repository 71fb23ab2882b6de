//! What `row_means` must do: one number a row, whatever the number of rows.

use super::row_means;
use burn::prelude::*;

/// The means of `rows`, as numbers.
fn means<const R: usize>(rows: [[f32; 2]; R]) -> Vec<f32> {
    let rows = Tensor::from_floats(rows, &Device::flex());
    row_means(rows).try_into_vec_as().unwrap()
}

#[test]
fn gives_one_mean_a_row() {
    let got = means([[1.0, 3.0], [5.0, 7.0], [0.0, 1.0]]);
    let want = [2.0, 6.0, 0.5];
    assert_eq!(got, want, "means of [1, 3], [5, 7] and [0, 1]");
}

// The last batch of an epoch may have one row. What is dropped is the axis that was asked for, and no other.
#[test]
fn a_batch_of_one_is_a_batch() {
    let got = means([[1.0, 3.0]]);
    let want = [2.0];
    assert_eq!(got, want, "means of the single row [1, 3]");
}
