//! # How many?
//!
//! k-means was run with several numbers of clusters, and the best is to be kept. This code takes the one that fits its
//! rows most closely.
//!
//! It compiles. Run it, with three groups that anybody can see. Why does it choose as it does, and what would it choose
//! if you offered it as many clusters as there are rows?

use linfa_chapter::Candidate;

/// The number of clusters that separates the rows best; of equally good ones, the smallest. `None` without candidates.
fn best_k(candidates: &[Candidate]) -> Option<usize> {
    // TODO: Each candidate has a second score, and it can fall again. Which one is best by that?
    // [starter]
    // let best = candidates
    //     .iter()
    //     .min_by(|a, b| a.clustering.inertia.total_cmp(&b.clustering.inertia));
    // best.map(|best| best.clustering.centroids.nrows())
    // [solution]
    let clusters = |candidate: &Candidate| candidate.clustering.centroids.nrows();
    let best = candidates.iter().min_by(|a, b| {
        let higher = b.silhouette.total_cmp(&a.silhouette);
        higher.then(clusters(a).cmp(&clusters(b)))
    });
    best.map(clusters)
    // [end]
}

#[path = "../../chapters/09_linfa/checks/choose_k.rs"]
mod checks;
