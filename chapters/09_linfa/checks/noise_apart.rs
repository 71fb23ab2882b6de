//! What `noise_apart` must do: count each cluster's rows, and the rows of none.

use super::sizes;
use linfa_chapter::density_clusters;
use ndarray::{Array1, array};

#[test]
fn without_noise_the_sizes_are_all() {
    let got = sizes(&array![Some(1), Some(0), Some(1)]);
    let want = (vec![1, 2], 0);
    assert_eq!(got, want, "sizes of clusters 1, 0 and 1");
}

#[test]
fn noise_is_in_no_cluster() {
    let rows = array![[0.0], [0.5], [1.0], [7.0], [9.0], [9.5], [20.0]];
    let got = sizes(&density_clusters(rows.view(), 0.75, 2).unwrap());
    let want = (vec![3, 2], 2);
    assert_eq!(got, want, "sizes of two groups with two rows aside");
}

#[test]
fn noise_alone_is_no_cluster() {
    let got = sizes(&Array1::from_elem(4, None));
    let want = (vec![], 4);
    assert_eq!(got, want, "sizes where all 4 rows are noise");
}
