//! What `embedding_rows` must do: refuse rows that have not all the same width, and copy the others as they are.

use super::embedding_column;
use arrow::array::{Array, AsArray};
use arrow::datatypes::Float32Type;

#[test]
fn all_numbers_lie_behind_one_another() {
    let column = embedding_column(&[vec![0.5, 1.5, 2.5], vec![3.5, 4.5, 5.5]]).unwrap();
    let got = column.values().as_primitive::<Float32Type>().values();
    let want = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5];
    assert_eq!(got[..], want, "the numbers of both rows");
    assert_eq!(
        (column.len(), column.value_length()),
        (2, 3),
        "rows, and the width of one"
    );
}

#[test]
fn a_row_that_is_too_short_is_refused() {
    let got = embedding_column(&[vec![1.0, 2.0], vec![3.0]]).map(|column| column.len());
    assert_eq!(got.ok(), None, "rows of 2 and 1 numbers");
}

// 2 + 1 + 3 numbers are as many as three rows of 2 have.
#[test]
fn rows_that_only_fit_together_are_refused() {
    let rows = [vec![1.0, 2.0], vec![3.0], vec![4.0, 5.0, 6.0]];
    let got = embedding_column(&rows).map(|column| column.len());
    assert_eq!(got.ok(), None, "rows of 2, 1 and 3 numbers");
}
