//! Clusters as a search index: look only where the answer is likely.

use crate::rows::squared_distance;
use crate::{Clustering, lloyd};
use ndarray::{Array2, ArrayView1, ArrayView2};

/// Rows sorted into clusters. A query is compared with the rows of the nearest few.
///
/// This is what FAISS calls `IndexIVFFlat`. With all clusters probed, it is the exact search.
pub struct ClusterIndex {
    rows: Array2<f32>,
    centroids: Array2<f32>,
    members: Vec<Vec<usize>>,
}

impl ClusterIndex {
    /// Sorts the rows into clusters, started at the rows whose places `start` holds.
    ///
    /// # Panics
    ///
    /// If `start` is empty, or holds a place where no row is.
    pub fn new(rows: Array2<f32>, start: &[usize]) -> Self {
        let centroids = rows.select(ndarray::Axis(0), start);
        let Clustering {
            centroids, labels, ..
        } = lloyd(rows.view(), centroids.view(), 100);
        let mut members = vec![Vec::new(); centroids.nrows()];
        for (row, &label) in labels.iter().enumerate() {
            members[label].push(row);
        }
        Self {
            rows,
            centroids,
            members,
        }
    }

    /// The places of the `hits` nearest rows in the `probes` nearest clusters, nearest first; and how many rows were
    /// looked at.
    ///
    /// # Panics
    ///
    /// If `query` has another width than the rows.
    pub fn search(
        &self,
        query: ArrayView1<f32>,
        probes: usize,
        hits: usize,
    ) -> (Vec<usize>, usize) {
        assert_eq!(query.len(), self.rows.ncols(), "the width of the query");
        let clusters = nearest(
            self.centroids.view(),
            0..self.centroids.nrows(),
            query,
            probes,
        );
        let places: Vec<usize> = clusters
            .iter()
            .flat_map(|&cluster| self.members[cluster].iter().copied())
            .collect();
        let seen = places.len();
        (nearest(self.rows.view(), places, query, hits), seen)
    }
}

/// The `count` nearest of the rows at `places`, nearest first; of equally near ones, the one with the smaller place.
fn nearest(
    rows: ArrayView2<f32>,
    places: impl IntoIterator<Item = usize>,
    query: ArrayView1<f32>,
    count: usize,
) -> Vec<usize> {
    let distance = |place| squared_distance(rows.row(place), query);
    let mut found: Vec<(f32, usize)> = places
        .into_iter()
        .map(|place| (distance(place), place))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found.truncate(count);
    found.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{embeddings, normalise_rows};
    use ndarray::array;

    #[test]
    fn only_the_nearest_cluster_is_looked_at() {
        let rows = array![[0.0], [1.0], [10.0], [11.0], [12.0]];
        let index = ClusterIndex::new(rows, &[0, 4]);
        assert_eq!(index.search(array![9.0].view(), 1, 2), (vec![2, 3], 3));
        assert_eq!(
            index.search(array![9.0].view(), 2, 9),
            (vec![2, 3, 4, 1, 0], 5)
        );
    }

    #[test]
    fn all_clusters_probed_is_the_exact_search() {
        let mut rows = embeddings();
        normalise_rows(&mut rows);
        let index = ClusterIndex::new(rows.clone(), &[0, 100, 200, 300]);
        for place in (0..726).step_by(50) {
            let exact = nearest(rows.view(), 0..726, rows.row(place), 5);
            assert_eq!(index.search(rows.row(place), 4, 5), (exact, 726));
        }
    }
}
