//! Clusters without a number of clusters, and rows without a cluster: DBSCAN.

use linfa::prelude::*;
use linfa_clustering::{Dbscan, DbscanParamsError};
use linfa_nn::CommonNearestNeighbour::LinearSearch;
use linfa_nn::distance::L2Dist;
use ndarray::{Array1, ArrayView2};

/// The cluster of each row, `None` for noise.
///
/// A row with `min_rows` rows nearer than `radius`, itself among them, is inside a cluster, and takes those along.
///
/// Neighbours are looked for by comparing with every row. A tree, linfa's default, saves nothing in 384 dimensions:
/// hardly any part of it can be ruled out.
///
/// # Errors
///
/// If `radius` is not above 0, or `min_rows` not above 1.
pub fn density_clusters(
    rows: ArrayView2<f32>,
    radius: f32,
    min_rows: usize,
) -> Result<Array1<Option<usize>>, DbscanParamsError> {
    Dbscan::params_with(min_rows, L2Dist, LinearSearch)
        .tolerance(radius)
        .transform(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_row_far_from_all_is_noise() {
        let rows = array![[0.0], [0.5], [1.0], [7.0], [9.0], [9.5]];
        let got = density_clusters(rows.view(), 0.75, 2).unwrap().to_vec();
        assert_eq!(got, [Some(0), Some(0), Some(0), None, Some(1), Some(1)]);
    }

    #[test]
    fn a_radius_of_nothing_is_an_error() {
        assert!(density_clusters(array![[0.0]].view(), 0.0, 2).is_err());
    }
}
