//! What `unit_rows` must do: scale the caller's own rows to length 1, where they are.

use super::normalise;
use allocation_counter::measure;
use linfa_chapter::listed;
use ndarray::{Array2, array};

#[test]
fn the_callers_rows_have_length_one() {
    let mut got = array![[3.0, 4.0], [0.0, -2.0], [8.0, 6.0]];
    normalise(&mut got);
    let want = [[0.6, 0.8], [0.0, -1.0], [0.8, 0.6]];
    assert_eq!(listed(&got), want, "[3, 4], [0, -2] and [8, 6], scaled");
}

// 0 / 0 is NaN, and one NaN is enough for every mean that it goes into.
#[test]
fn a_row_of_zeros_stays() {
    let mut got = array![[0.0, 0.0], [0.0, 5.0]];
    normalise(&mut got);
    let want = [[0.0, 0.0], [0.0, 1.0]];
    assert_eq!(listed(&got), want, "[0, 0] and [0, 5], scaled");
}

#[test]
fn no_row_is_copied() {
    let mut rows = Array2::ones((100, 16));
    let got = measure(|| normalise(&mut rows)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 100 rows");
}
