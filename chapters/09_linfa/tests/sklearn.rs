//! The same data, the same start, the same answer: this crate and linfa beside scikit-learn. `make_sklearn.py` has made
//! the figures.

use linfa::prelude::*;
use linfa_chapter::{
    Plane, adjusted_rand, density_clusters, distances, embeddings, inertia, lloyd, normalise_rows,
    silhouettes,
};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::{Array2, Axis};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::Value;

fn found() -> Value {
    serde_json::from_str(include_str!("sklearn.json")).unwrap()
}

fn rows() -> Array2<f32> {
    let mut rows = embeddings();
    normalise_rows(&mut rows);
    rows
}

fn start(rows: &Array2<f32>) -> Array2<f32> {
    let places: Vec<usize> = serde_json::from_value(found()["start"].clone()).unwrap();
    rows.select(Axis(0), &places)
}

fn labels() -> Vec<usize> {
    let digits = found()["labels"].as_str().unwrap().to_string();
    digits
        .bytes()
        .map(|digit| usize::from(digit - b'0'))
        .collect()
}

fn near(got: f64, want: &Value, tolerance: f64) {
    let want = want.as_f64().unwrap();
    assert!(
        (got - want).abs() <= tolerance,
        "{got}, scikit-learn {want}"
    );
}

#[test]
fn every_row_has_scikit_learns_cluster() {
    let (rows, found) = (rows(), found());
    let got = lloyd(rows.view(), start(&rows).view(), 100);
    assert_eq!(got.labels, labels());
    assert_eq!(got.iterations as u64, found["iterations"]);
    near(got.inertia, &found["inertia"], 1e-3);
}

#[test]
fn so_has_every_step_on_the_way() {
    let (rows, found) = (rows(), found());
    let path = found["inertia_by_iterations"].as_array().unwrap();
    for (iterations, want) in (1..).zip(path) {
        let got = lloyd(rows.view(), start(&rows).view(), iterations);
        near(got.inertia, want, 1e-3);
    }
}

// linfa counts the old centroid as one more row of its cluster, so it takes shorter steps, and may settle elsewhere.
#[test]
fn linfa_from_the_same_start_ends_nearby() {
    let (rows, found) = (rows(), found());
    let model = KMeans::params_with_rng(8, Xoshiro256Plus::seed_from_u64(0))
        .init_method(KMeansInit::Precomputed(start(&rows)))
        .n_runs(1)
        .tolerance(1e-4)
        .fit(&DatasetBase::from(rows.view()))
        .unwrap();
    let got = model.predict(&rows).to_vec();
    let sum = inertia(rows.view(), model.centroids().view(), &got);
    let agreement = adjusted_rand(&got, &labels());
    println!(
        "inertia {sum}, scikit-learn {}, agreement {agreement}",
        found["inertia"]
    );
    assert!(agreement > 0.9, "agreement {agreement}");
    near(sum, &found["inertia"], 1.0);
    // What linfa calls the inertia is the mean of what scikit-learn calls so.
    near(f64::from(model.inertia()) * 726.0, &found["inertia"], 1.0);
}

#[test]
fn silhouettes_are_scikit_learns() {
    let (rows, found) = (rows(), found());
    let got = silhouettes(distances(rows.view()).view(), &labels()).unwrap();
    for (got, want) in got.iter().zip(found["silhouettes"].as_array().unwrap()) {
        near(f64::from(*got), want, 1e-5);
    }
    let mean = got.iter().map(|x| f64::from(*x)).sum::<f64>() / got.len() as f64;
    near(mean, &found["silhouette"], 1e-5);
}

#[test]
fn the_plane_is_scikit_learns() {
    let (rows, found) = (rows(), found());
    let plane = Plane::fit(rows.view());
    let coordinates = plane.project(rows.view());
    for axis in 0..2 {
        near(plane.shares()[axis], &found["shares"][axis], 1e-6);
        for row in 0..10 {
            near(
                coordinates[[row, axis]],
                &found["coordinates"][row][axis],
                1e-5,
            );
        }
    }
}

// Clusters are numbered in the order in which they are found, by both.
#[test]
fn density_clusters_are_scikit_learns() {
    let (rows, found) = (rows(), found());
    let radius = found["radius"].as_f64().unwrap() as f32;
    let least = found["min_rows"].as_u64().unwrap() as usize;
    let got = density_clusters(rows.view(), radius, least).unwrap();
    let want: Vec<i64> = serde_json::from_value(found["density_labels"].clone()).unwrap();
    let want = want.into_iter().map(|label| usize::try_from(label).ok()); // −1 is noise
    let want: Vec<Option<usize>> = want.collect();
    let different: Vec<usize> = (0..got.len())
        .filter(|row| got[*row] != want[*row])
        .collect();
    assert_eq!(different, [0; 0], "rows with another label");
}
