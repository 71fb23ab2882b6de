//! k-means as the textbook and scikit-learn have it: Lloyd's algorithm, from a start that the caller chooses.

use crate::rows::squared_distance;
use ndarray::parallel::prelude::*;
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// What k-means found.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// One row a cluster: the mean of its members.
    pub centroids: Array2<f32>,
    /// The cluster of each row.
    pub labels: Vec<usize>,
    /// The sum of all squared distances of a row from its cluster's centroid: scikit-learn's `inertia_`.
    pub inertia: f64,
    /// How often rows were assigned and centroids moved.
    pub iterations: usize,
}

/// Moves `start` until no row changes its cluster, at most `iterations` times.
///
/// A cluster that loses all its rows keeps its centroid. (scikit-learn moves it to the row that is farthest from its
/// own; linfa counts each centroid as one more row of its cluster, so that there is always something to take the mean
/// of.)
///
/// # Panics
///
/// If `start` has no row, or rows of another width than `rows`.
pub fn lloyd(rows: ArrayView2<f32>, start: ArrayView2<f32>, iterations: usize) -> Clustering {
    let mut centroids = start.to_owned();
    let mut labels = Vec::new();
    let mut done = 0;
    let mut settled = false;
    while !settled && done < iterations {
        let assigned = assign(rows, centroids.view());
        centroids = means(rows, &assigned, centroids.view());
        settled = assigned == labels;
        labels = assigned;
        done += 1;
    }
    if !settled {
        labels = assign(rows, centroids.view());
    }
    Clustering {
        inertia: inertia(rows, centroids.view(), &labels),
        centroids,
        labels,
        iterations: done,
    }
}

/// The nearest centroid of each row; of equally near ones, the first.
///
/// `|x − c|² = |x|² − 2 x·c + |c|²`, and `|x|²` is the same for all centroids. So what is to be compared is one matrix
/// product, which is several times as fast as a loop over distances, and rounds a little differently. It is computed on
/// all cores.
///
/// # Panics
///
/// If there is no centroid, or if the widths differ.
pub fn assign(rows: ArrayView2<f32>, centroids: ArrayView2<f32>) -> Vec<usize> {
    assert!(centroids.nrows() > 0, "no centroid to be near to");
    let squares: Array1<f32> = centroids.map_axis(Axis(1), |centroid| centroid.dot(&centroid));
    // A piece's scores fit into a cache, and each core takes the next piece. Each row is one core's work from end to
    // end, so the pieces change nothing in the result.
    let pieces = rows.axis_chunks_iter(Axis(0), 256).into_par_iter();
    let labels: Vec<Vec<usize>> = pieces
        .map(|rows| {
            let mut scores = rows.dot(&centroids.t());
            scores *= -2.0;
            scores += &squares;
            scores
                .outer_iter()
                .map(|scores| smallest(scores.iter().copied()))
                .collect()
        })
        .collect();
    labels.concat()
}

/// The place of the smallest number; of equal ones, the first.
fn smallest(numbers: impl Iterator<Item = f32>) -> usize {
    let least = numbers.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
    least.map_or(0, |(place, _)| place)
}

/// The mean of each cluster's rows. A cluster without rows keeps its centroid.
///
/// # Panics
///
/// If a label is not the number of a row of `centroids`, or if the widths differ.
pub fn means(rows: ArrayView2<f32>, labels: &[usize], centroids: ArrayView2<f32>) -> Array2<f32> {
    let mut sums: Array2<f32> = Array2::zeros(centroids.raw_dim());
    let mut counts = vec![0_usize; centroids.nrows()];
    for (row, &label) in rows.outer_iter().zip(labels) {
        let mut sum = sums.row_mut(label);
        sum += &row;
        counts[label] += 1;
    }
    for (label, &count) in counts.iter().enumerate() {
        let mut mean = sums.row_mut(label);
        if count == 0 {
            mean.assign(&centroids.row(label));
        } else {
            mean /= count as f32;
        }
    }
    sums
}

/// The sum of the squared distances of all rows from their centroids, added up in `f64`.
///
/// # Panics
///
/// If a label is not the number of a row of `centroids`.
pub fn inertia(rows: ArrayView2<f32>, centroids: ArrayView2<f32>, labels: &[usize]) -> f64 {
    let squares = rows
        .outer_iter()
        .zip(labels)
        .map(|(row, &label)| f64::from(squared_distance(row, centroids.row(label))));
    squares.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{embeddings, normalise_rows};
    use ndarray::{array, s};

    /// The same as `assign`, straight from the definition.
    fn assign_by_distance(rows: ArrayView2<f32>, centroids: ArrayView2<f32>) -> Vec<usize> {
        let nearest = |row: ndarray::ArrayView1<f32>| {
            smallest(
                centroids
                    .outer_iter()
                    .map(|centroid| squared_distance(row, centroid)),
            )
        };
        rows.outer_iter().map(nearest).collect()
    }

    #[test]
    fn two_groups_are_found_from_a_bad_start() {
        let rows = array![[0.0, 0.0], [0.0, 2.0], [10.0, 0.0], [10.0, 2.0]];
        let got = lloyd(rows.view(), rows.slice(s![..2, ..]), 100);
        // Started at the two rows on the left, it settles with one cluster above and one below: a local minimum.
        assert_eq!((got.labels, got.inertia), (vec![0, 1, 0, 1], 100.0));
        let got = lloyd(rows.view(), rows.slice(s![1..3, ..]), 100);
        assert_eq!((got.labels, got.inertia), (vec![0, 0, 1, 1], 4.0));
        assert_eq!(got.centroids, array![[0.0, 1.0], [10.0, 1.0]]);
    }

    #[test]
    fn products_and_distances_agree_on_real_embeddings() {
        let mut rows = embeddings();
        normalise_rows(&mut rows);
        let centroids = rows.slice(s![..20, ..]);
        assert_eq!(
            assign(rows.view(), centroids),
            assign_by_distance(rows.view(), centroids)
        );
    }

    #[test]
    fn an_empty_cluster_keeps_its_centroid() {
        let got = means(
            array![[1.0], [3.0]].view(),
            &[0, 0],
            array![[0.0], [9.0]].view(),
        );
        assert_eq!(got, array![[2.0], [9.0]]);
    }

    #[test]
    fn the_inertia_never_rises() {
        let rows = embeddings();
        let start = rows.slice(s![..8, ..]);
        let path = [0, 1, 2, 5, 100].map(|n| lloyd(rows.view(), start, n).inertia);
        assert!(path.is_sorted_by(|a, b| a >= b), "{path:?}");
    }
}
