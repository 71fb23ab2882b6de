//! What `checked_shape` must do: make a matrix of whole rows, and answer everything else with an error.

use super::{Matrix, ShapeError};

#[test]
fn whole_rows_make_a_matrix() {
    let got = Matrix::new(vec![1.0; 6], 3).map(|matrix| matrix.rows());
    let want = Ok(2);
    assert_eq!(got, want, "rows of 6 numbers in 3 columns");
}

#[test]
fn a_short_last_row_is_an_error() {
    let got = Matrix::new(vec![1.0; 5], 2);
    let want = Err(ShapeError { len: 5, cols: 2 });
    assert_eq!(got, want, "5 numbers in 2 columns");
}

// The remainder of a division by zero is a panic of its own. And nothing at all in no columns is no matrix either.
#[test]
fn no_columns_are_an_error() {
    for len in [5, 0] {
        let got = Matrix::new(vec![1.0; len], 0);
        let want = Err(ShapeError { len, cols: 0 });
        assert_eq!(got, want, "{len} numbers in 0 columns");
    }
}

#[test]
fn every_length_gets_its_answer() {
    for len in 0..=12 {
        for cols in 1..=5 {
            let got = Matrix::new(vec![1.0; len], cols).map(|matrix| matrix.data.len());
            let want = if len / cols * cols == len {
                Ok(len)
            } else {
                Err(ShapeError { len, cols })
            };
            assert_eq!(got, want, "{len} numbers in {cols} columns");
        }
    }
}
