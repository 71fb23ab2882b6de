//! # The mean of no rows
//!
//! Half of k-means: each centroid moves to the mean of its rows. Now and then a cluster loses its last row to its
//! neighbours.
//!
//! It compiles, and works for weeks. Run it: what becomes of a centroid without rows, and of every distance from it?

use ndarray::{Array2, ArrayView2};

/// Moves each centroid to the mean of the rows that carry its number. A centroid without rows stays where it is.
fn update(centroids: &mut Array2<f32>, rows: ArrayView2<f32>, labels: &[usize]) {
    let mut sums: Array2<f32> = Array2::zeros(centroids.raw_dim());
    let mut counts = vec![0_usize; centroids.nrows()];
    for (row, &label) in rows.outer_iter().zip(labels) {
        let mut sum = sums.row_mut(label);
        sum += &row;
        counts[label] += 1;
    }
    for (label, &count) in counts.iter().enumerate() {
        // TODO: Zero rows have no mean.
        // [starter]
        // let mean = &sums.row(label) / count as f32;
        // centroids.row_mut(label).assign(&mean);
        // [solution]
        if count > 0 {
            let mean = &sums.row(label) / count as f32;
            centroids.row_mut(label).assign(&mean);
        }
        // [end]
    }
}

#[path = "../../chapters/09_linfa/checks/update_centroids.rs"]
mod checks;
