//! What `update_centroids` must do: means where there are rows, and no movement where there are none.

use super::update;
use linfa_chapter::listed;
use ndarray::array;

#[test]
fn centroids_are_the_means_of_their_rows() {
    let mut got = array![[0.0, 0.0], [9.0, 9.0]];
    let rows = array![[1.0, 2.0], [3.0, 2.0], [8.0, 6.0], [6.0, 8.0]];
    update(&mut got, rows.view(), &[0, 0, 1, 1]);
    let want = [[2.0, 2.0], [7.0, 7.0]];
    assert_eq!(listed(&got), want, "centroids of two rows each");
}

#[test]
fn one_without_rows_stays() {
    let mut got = array![[0.0, 0.0], [9.0, 5.0]];
    let rows = array![[1.0, 2.0], [3.0, 2.0]];
    update(&mut got, rows.view(), &[0, 0]);
    let want = [[2.0, 2.0], [9.0, 5.0]];
    assert_eq!(listed(&got), want, "centroids of two rows and of none");
}
