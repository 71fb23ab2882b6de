//! # Rows that belong nowhere
//!
//! DBSCAN leaves a row out if it has too few neighbours. scikit-learn labels such a row −1, and whoever forgets it
//! indexes the last cluster. linfa says `None`, and a number has to be made of that.
//!
//! It compiles. Run it: which cluster has grown?

use ndarray::Array1;

/// The number of rows in each cluster, in the clusters' order, and the number of rows in none.
fn sizes(labels: &Array1<Option<usize>>) -> (Vec<usize>, usize) {
    let clusters = labels.iter().flatten().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0; clusters];
    let mut noise = 0;
    for label in labels {
        // TODO: `None` is no cluster.
        // [starter]
        // sizes[label.unwrap_or_default()] += 1;
        // noise += usize::from(label.is_none());
        // [solution]
        match *label {
            Some(cluster) => sizes[cluster] += 1,
            None => noise += 1,
        }
        // [end]
    }
    (sizes, noise)
}

#[path = "../../chapters/09_linfa/checks/noise_apart.rs"]
mod checks;
