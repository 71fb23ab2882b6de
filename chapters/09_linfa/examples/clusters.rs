//! Hands clusterings on to Python: one JSON object a line, for each number of clusters from 2 to 12.
//!
//! ```text
//! cargo run -q -p linfa-chapter --example clusters
//! ```
//!
//! Each has `inertia`, `silhouette` and `labels`, one label a document.

use linfa_chapter::{candidates, embeddings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for candidate in candidates(embeddings().view(), 2..=12, 9)? {
        let found = candidate.clustering;
        println!(
            r#"{{"clusters": {}, "inertia": {:.3}, "silhouette": {:.5}, "labels": {:?}}}"#,
            found.centroids.nrows(),
            found.inertia,
            candidate.silhouette,
            found.labels
        );
    }
    Ok(())
}
