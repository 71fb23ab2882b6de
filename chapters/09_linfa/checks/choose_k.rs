//! What `choose_k` must do: keep the candidate with the best silhouette, whatever fits most closely.

use super::best_k;
use linfa_chapter::{Candidate, Clustering, candidates};
use ndarray::Array2;

fn candidate(clusters: usize, inertia: f64, silhouette: f64) -> Candidate {
    let clustering = Clustering {
        centroids: Array2::zeros((clusters, 1)),
        labels: Vec::new(),
        inertia,
        iterations: 0,
    };
    Candidate {
        clustering,
        silhouette,
    }
}

#[test]
fn three_groups_are_three() {
    let line = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 30.0, 31.0, 32.0];
    let rows = Array2::from_shape_vec((9, 1), line.to_vec()).unwrap();
    let got = best_k(&candidates(rows.view(), 2..7, 9).unwrap());
    let want = Some(3);
    assert_eq!(got, want, "clusters for three groups on a line");
}

// From 2 to 3 clusters the inertia falls most, and from 3 to 4 the silhouette still rises.
#[test]
fn the_largest_fall_decides_nothing() {
    let offered = [
        (2, 900.0, 0.4),
        (3, 300.0, 0.5),
        (4, 200.0, 0.6),
        (5, 150.0, 0.3),
    ];
    let got = best_k(&offered.map(|(k, inertia, score)| candidate(k, inertia, score)));
    let want = Some(4);
    assert_eq!(got, want, "clusters by silhouettes 0.4 0.5 0.6 0.3");
}

#[test]
fn of_equals_the_smallest() {
    let offered = [(6, 1.0, 0.5), (3, 4.0, 0.5), (4, 3.0, 0.5), (2, 5.0, 0.1)];
    let got = best_k(&offered.map(|(k, inertia, score)| candidate(k, inertia, score)));
    let want = Some(3);
    assert_eq!(got, want, "clusters, where 6, 3 and 4 are equally good");
}

#[test]
fn nothing_comes_of_nothing() {
    let got = best_k(&[]);
    let want = None;
    assert_eq!(got, want, "clusters, without candidates");
}
