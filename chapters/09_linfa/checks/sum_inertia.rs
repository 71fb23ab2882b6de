//! What `sum_inertia` must do: add up squared distances from the centroids that the model has now.

use super::inertia;
use linfa::prelude::*;
use linfa_clustering::{KMeans, KMeansInit};
use linfa_nn::distance::L2Dist;
use ndarray::{Array2, array};

fn rows() -> Array2<f32> {
    array![
        [0.0, 0.0],
        [0.0, 3.0],
        [3.0, 0.0],
        [10.0, 10.0],
        [10.0, 14.0],
        [13.0, 12.0]
    ]
}

/// Two clusters, started at the first row and the fourth.
fn fit(iterations: u64) -> KMeans<f32, L2Dist> {
    let start = rows().select(ndarray::Axis(0), &[0, 3]);
    KMeans::params(2)
        .init_method(KMeansInit::Precomputed(start))
        .n_runs(1)
        .tolerance(1e-6)
        .max_n_iterations(iterations)
        .fit(&DatasetBase::from(rows()))
        .unwrap()
}

// The figure is scikit-learn's: KMeans(2, init=rows[[0, 3]], n_init=1).fit(rows).inertia_ == 26.0
#[test]
fn it_is_scikit_learns_figure() {
    let got = (inertia(&fit(100), &rows()) * 100.0).round() / 100.0;
    let want = 26.0;
    assert_eq!(got, want, "inertia of 6 rows, to two digits");
}

// One step moves the centroids to (3/4, 3/4) and (43/4, 46/4): linfa counts the start as a row of its cluster.
#[test]
fn it_belongs_to_the_models_centroids() {
    let got = inertia(&fit(1), &rows());
    let want = 27.3125;
    assert_eq!(got, want, "inertia after one step of k-means");
}

#[test]
fn rows_that_are_new_have_one_too() {
    let got = inertia(&fit(1), &array![[0.75, 2.75]]);
    let want = 4.0;
    assert_eq!(got, want, "inertia of one new row, 2 away");
}
