//! # Alone
//!
//! The silhouette asks of each document: how far are the others of your cluster, and how far is the nearest other
//! cluster? One document is alone in its cluster.
//!
//! It compiles. Run it: the report's mean is no number. What should be said of a document that has nobody to be compared
//! with? A good score would reward who makes many small clusters.

use ndarray::ArrayView1;

/// The silhouette of one document, as scikit-learn has it. `distances` are those to all documents, itself among them,
/// and `labels` their clusters; its own is `own`, and there is at least one other.
fn silhouette(distances: ArrayView1<f32>, labels: &[usize], own: usize) -> f32 {
    let clusters = labels.iter().max().map_or(0, |last| last + 1);
    let (mut sums, mut sizes) = (vec![0.0; clusters], vec![0_usize; clusters]);
    for (distance, &label) in distances.iter().zip(labels) {
        sums[label] += distance;
        sizes[label] += 1;
    }
    // TODO: The mean distance from the others, where there are others.
    // [starter]
    // let a = sums[own] / (sizes[own] - 1) as f32;
    // [solution]
    if sizes[own] == 1 {
        return 0.0;
    }
    let a = sums[own] / (sizes[own] - 1) as f32;
    // [end]
    let b = (0..clusters)
        .filter(|&cluster| cluster != own && sizes[cluster] > 0)
        .map(|cluster| sums[cluster] / sizes[cluster] as f32)
        .fold(f32::INFINITY, f32::min);
    (b - a) / a.max(b)
}

#[path = "../../chapters/09_linfa/checks/lone_document.rs"]
mod checks;
