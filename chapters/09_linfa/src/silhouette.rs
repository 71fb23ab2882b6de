//! How well each row lies in its cluster (Rousseeuw, 1987), with scikit-learn's rules for the cases without an answer.

use ndarray::ArrayView2;

/// Why there is no silhouette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SilhouetteError {
    /// One cluster has no other to be compared with, and where each row is a cluster there is nothing inside one.
    #[error(
        "{clusters} clusters of {rows} rows: a silhouette needs at least 2, and fewer than rows"
    )]
    Clusters {
        /// Clusters that have a row.
        clusters: usize,
        /// All rows.
        rows: usize,
    },
}

/// The silhouette of each row, from −1 to 1: `(b − a) / max(a, b)`.
///
/// `a` is the row's mean distance from the others of its cluster, `b` that from the nearest other cluster. A row that is
/// alone has no `a`; its silhouette is 0, and so is that of a row for which both are 0.
///
/// `distances` is a square matrix, as [`distances`](crate::distances) makes it: it is the same for every clustering.
///
/// # Errors
///
/// If there are fewer than two clusters, or as many as rows.
///
/// # Panics
///
/// If there are not as many labels as rows.
pub fn silhouettes(
    distances: ArrayView2<f32>,
    labels: &[usize],
) -> Result<Vec<f32>, SilhouetteError> {
    assert_eq!(labels.len(), distances.nrows(), "one label a row");
    let mut sizes = vec![0_usize; labels.iter().max().map_or(0, |last| last + 1)];
    for &label in labels {
        sizes[label] += 1;
    }
    let (clusters, rows) = (sizes.iter().filter(|size| **size > 0).count(), labels.len());
    if clusters < 2 || clusters >= rows {
        return Err(SilhouetteError::Clusters { clusters, rows });
    }
    let silhouettes = distances.outer_iter().zip(labels).map(|(row, &own)| {
        let mut sums = vec![0.0; sizes.len()];
        for (distance, &label) in row.iter().zip(labels) {
            sums[label] += distance;
        }
        silhouette(&sums, &sizes, own)
    });
    Ok(silhouettes.collect())
}

/// One row's silhouette, from the sums of its distances to each cluster's rows.
fn silhouette(sums: &[f32], sizes: &[usize], own: usize) -> f32 {
    if sizes[own] == 1 {
        return 0.0;
    }
    // The row's distance from itself is 0 and adds nothing, so it must not be counted either.
    let a = sums[own] / (sizes[own] - 1) as f32;
    let b = (0..sizes.len())
        .filter(|&cluster| cluster != own && sizes[cluster] > 0)
        .map(|cluster| sums[cluster] / sizes[cluster] as f32)
        .fold(f32::INFINITY, f32::min);
    let larger = a.max(b);
    if larger > 0.0 { (b - a) / larger } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distances;
    use ndarray::array;

    #[test]
    fn a_lone_row_scores_nothing() {
        let rows = array![[0.0], [1.0], [9.0]];
        let got = silhouettes(distances(rows.view()).view(), &[0, 0, 1]).unwrap();
        assert_eq!(got, [8.0 / 9.0, 7.0 / 8.0, 0.0]);
    }

    #[test]
    fn equal_rows_in_two_clusters_score_nothing() {
        let rows = array![[1.0], [1.0], [1.0], [1.0]];
        let got = silhouettes(distances(rows.view()).view(), &[0, 0, 1, 1]);
        assert_eq!(got, Ok(vec![0.0; 4]));
    }

    #[test]
    fn one_cluster_is_an_error_and_so_is_a_cluster_a_row() {
        let distances = distances(array![[0.0], [1.0], [9.0]].view());
        for (labels, clusters) in [([0, 0, 0], 1), ([0, 1, 2], 3)] {
            let got = silhouettes(distances.view(), &labels);
            assert_eq!(got, Err(SilhouetteError::Clusters { clusters, rows: 3 }));
        }
    }
}
