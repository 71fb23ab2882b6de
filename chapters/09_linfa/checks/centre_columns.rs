//! What `centre_columns` must do: take each column's mean away from that column.

use super::centre;
use linfa_chapter::listed;
use ndarray::{Array2, array};

#[test]
fn each_column_has_the_mean_zero() {
    let rows = array![
        [1.0, 0.0, 5.0],
        [3.0, 0.0, 7.0],
        [1.0, 8.0, 5.0],
        [3.0, 8.0, 7.0]
    ];
    let got = centre(&rows).map(|rows| listed(&rows)).unwrap();
    let want = [
        [-1.0, -4.0, -1.0],
        [1.0, -4.0, 1.0],
        [-1.0, 4.0, -1.0],
        [1.0, 4.0, 1.0],
    ];
    assert_eq!(got, want, "4 rows of 3 numbers, centred");
}

// With as many columns as rows, the wrong axis gives no message.
#[test]
fn so_have_those_of_a_square_matrix() {
    let got = centre(&array![[1.0, 10.0], [3.0, 30.0]])
        .map(|rows| listed(&rows))
        .unwrap();
    let want = [[-1.0, -10.0], [1.0, 10.0]];
    assert_eq!(got, want, "[[1, 10], [3, 30]], centred");
}

#[test]
fn no_rows_have_no_mean() {
    let got = centre(&Array2::zeros((0, 3)));
    let want = None;
    assert_eq!(got, want, "0 rows of 3 numbers");
}
