//! # Search where it is likely
//!
//! Clusters as an index: a query is compared with the centroids, and then with the documents of the nearest few clusters
//! alone. This version looks into one cluster whatever it is asked for, chooses it by the wrong measure, and returns
//! documents in any order.
//!
//! Nothing new is needed: views of rows, distances, a sort by `total_cmp`. Write it so that the two steps share a
//! function.

use ndarray::{Array2, ArrayView1};

/// Documents, sorted into clusters.
struct Index {
    /// One embedding a document.
    rows: Array2<f32>,
    /// One row a cluster.
    centroids: Array2<f32>,
    /// The places of each cluster's documents in `rows`.
    members: Vec<Vec<usize>>,
}

// TODO: The `count` of `places` that are nearest to the query, nearest first; of equally near ones, the smaller place.
// [starter]
// fn nearest(
//     rows: &Array2<f32>,
//     places: Vec<usize>,
//     query: ArrayView1<f32>,
//     count: usize,
// ) -> Vec<usize> {
//     let mut places = places;
//     places.retain(|&place| rows.row(place).dot(&query) > 0.0);
//     places.truncate(count);
//     places
// }
// [solution]
fn nearest(
    rows: &Array2<f32>,
    places: Vec<usize>,
    query: ArrayView1<f32>,
    count: usize,
) -> Vec<usize> {
    let distance = |place: usize| -> f32 {
        let pairs = rows.row(place).into_iter().zip(query);
        pairs.map(|(x, y)| (x - y) * (x - y)).sum()
    };
    let mut found: Vec<_> = places.into_iter().map(|p| (distance(p), p)).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found
        .into_iter()
        .map(|(_, place)| place)
        .take(count)
        .collect()
}
// [end]

impl Index {
    /// The `hits` nearest documents in the `probes` nearest clusters, nearest first.
    fn search(&self, query: ArrayView1<f32>, probes: usize, hits: usize) -> Vec<usize> {
        // TODO: First the clusters, then their documents.
        // [starter]
        // let _ = probes;
        // let score = |cluster: &usize| self.centroids.row(*cluster).dot(&query);
        // let all = 0..self.members.len();
        // let best = all.max_by(|a, b| score(a).total_cmp(&score(b)));
        // let places = best.map_or_else(Vec::new, |best| self.members[best].clone());
        // nearest(&self.rows, places, query, hits)
        // [solution]
        let all = (0..self.members.len()).collect();
        let clusters = nearest(&self.centroids, all, query, probes);
        let places = clusters.iter().flat_map(|&cluster| &self.members[cluster]);
        nearest(&self.rows, places.copied().collect(), query, hits)
        // [end]
    }
}

#[path = "../../chapters/09_linfa/checks/probe_clusters.rs"]
mod checks;
