//! What `fit_dataset` must do: fit a model to borrowed rows, and hand on an error.

use super::centroids;
use allocation_counter::measure;
use ndarray::{Array2, array};

#[test]
fn finds_the_middle_of_each_group() {
    let rows = array![[0.0, 1.0], [0.0, 3.0], [9.0, 1.0], [9.0, 3.0]];
    let mut got = centroids(&rows, 2)
        .unwrap()
        .mapv(f32::round)
        .into_raw_vec_and_offset()
        .0;
    if got[0] > got[2] {
        got.rotate_left(2); // which cluster is first is left open
    }
    let want = [0.0, 2.0, 9.0, 2.0];
    assert_eq!(got, want, "centroids of two groups, rounded");
}

#[test]
fn no_cluster_is_an_error() {
    let got = centroids(&array![[0.0], [1.0]], 0).is_err();
    let want = true;
    assert_eq!(got, want, "whether 0 clusters are an error");
}

// The fit needs a few numbers a row for itself. The rows are 128 numbers each.
#[test]
fn the_rows_are_lent() {
    let rows = Array2::from_shape_fn((400, 128), |(i, j)| ((i % 2 * 5 + j) % 7) as f32);
    let used = measure(|| _ = centroids(&rows, 2)).bytes_max;
    let got = used < 400 * 128 * 4;
    let want = true;
    assert_eq!(got, want, "whether it needs less than the rows again");
}
