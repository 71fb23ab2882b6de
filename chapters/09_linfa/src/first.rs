//! The first step: linfa's k-means on made-up numbers.

use linfa::prelude::*;
use linfa_clustering::KMeans;
use ndarray::{Array1, Array2};

/// Groups 100 made-up rows of 10 numbers into 5 clusters, and prints the clusters of the first ten.
///
/// # Errors
///
/// linfa's, if a setting makes no sense; these do.
pub fn kmeans_clustering() -> Result<(), Box<dyn std::error::Error>> {
    let clusters = cluster_rows(made_up_rows(), 5)?;
    println!("Cluster assignments: {:?}", &clusters.to_vec()[..10]);
    Ok(())
}

/// Row `i`, column `j`: `(0.1 i + j) mod 5`. Not a picture of embeddings; enough to see the calls.
fn made_up_rows() -> Array2<f64> {
    Array2::from_shape_fn((100, 10), |(i, j)| (i as f64 * 0.1 + j as f64) % 5.0)
}

/// The cluster of each row.
fn cluster_rows(
    rows: Array2<f64>,
    clusters: usize,
) -> Result<Array1<usize>, Box<dyn std::error::Error>> {
    let dataset = Dataset::from(rows);
    let model = KMeans::params(clusters).tolerance(1e-5).fit(&dataset)?;
    Ok(model.predict(&dataset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_alike_get_one_cluster() {
        let clusters = cluster_rows(made_up_rows(), 5).unwrap();
        // Every 50 rows the numbers repeat.
        assert_eq!(clusters.len(), 100);
        for row in 0..50 {
            assert_eq!(
                clusters[row],
                clusters[row + 50],
                "rows {row} and {}",
                row + 50
            );
        }
        let mut seen = clusters.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn no_cluster_at_all_is_an_error_of_the_fit() {
        let error = cluster_rows(made_up_rows(), 0).unwrap_err();
        assert!(error.to_string().contains("clusters"), "{error}");
    }
}
