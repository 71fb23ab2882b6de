//! What `weight_at` must do: find each number where it lies, and refuse a place that is not there.

use super::{Matrix, trace};
use std::panic::catch_unwind;
use std::ptr::from_ref;

/// [1 2 3; 4 5 6]
fn matrix() -> Matrix {
    let data = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    Matrix { data, cols: 3 }
}

#[test]
fn row_first_then_column() {
    let got = [matrix()[(0, 2)], matrix()[(1, 0)]];
    let want = [3.0, 4.0];
    assert_eq!(got, want, "[1 2 3; 4 5 6] at (0, 2) and at (1, 0)");
}

#[test]
fn every_place_is_found() {
    let matrix = matrix();
    let mut got = Vec::new();
    for row in 0..2 {
        for col in 0..3 {
            got.push(matrix[(row, col)]);
        }
    }
    let want = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_eq!(got, want, "[1 2 3; 4 5 6], read place by place");
}

#[test]
fn the_trace_is_the_sum_of_the_diagonal() {
    let data = vec![1.0, 9.0, 9.0, 2.0];
    let got = trace(&Matrix { data, cols: 2 });
    let want = 3.0;
    assert_eq!(got, want, "trace of [1 9; 9 2]");
}

#[test]
fn shows_the_number_where_it_lies() {
    let matrix = matrix();
    let got = from_ref(&matrix[(1, 2)]);
    let want = matrix.data[5..].as_ptr();
    assert_eq!(got, want, "address of the last number");
}

// Column 3 of row 0 is where row 1 begins: the wrong number, and no complaint, unless somebody looks.
#[test]
fn a_column_that_is_not_there_panics() {
    let got = catch_unwind(|| matrix()[(0, 3)]).ok();
    let want = None;
    assert_eq!(got, want, "what is at (0, 3) of [1 2 3; 4 5 6]");
}
