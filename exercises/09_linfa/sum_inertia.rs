//! # One word, two numbers
//!
//! A report compares clusterings with those of a colleague, who uses scikit-learn. Both call it the inertia; for the same
//! rows and the same clusters, his is six times ours.
//!
//! It compiles. Run it: how many rows are there? And after a single step of k-means, is it only that factor?

use linfa::prelude::*; // `transform` is a method of one of its traits
use linfa_clustering::KMeans;
use linfa_nn::distance::L2Dist;
use ndarray::Array2;

/// What scikit-learn calls `inertia_`: the sum, over all rows, of the squared distance from the nearest of the model's
/// centroids.
fn inertia(model: &KMeans<f32, L2Dist>, rows: &Array2<f32>) -> f32 {
    // TODO: `model.transform(rows)` has one number a row. What does the lesson say that it is?
    let _ = rows;
    model.inertia()
}

#[path = "../../chapters/09_linfa/checks/sum_inertia.rs"]
mod checks;
