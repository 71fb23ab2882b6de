//! What `lone_document` must do: score as scikit-learn does, and give nothing to a document that is alone.

use super::silhouette;
use linfa_chapter::distances;
use ndarray::{Array2, array};

const LABELS: [usize; 6] = [0, 0, 0, 1, 1, 2];

/// From scikit-learn: `silhouette_samples(rows, labels)`.
const SCIKIT_LEARN: [f32; 6] = [0.830_555, 0.797_746, 0.722_650, 0.850_929, 0.841_886, 0.0];

fn score(rows: &Array2<f32>, place: usize) -> f32 {
    let distances = distances(rows.view());
    silhouette(distances.row(place), &LABELS, LABELS[place])
}

fn rows() -> Array2<f32> {
    array![
        [0.0, 0.0],
        [1.0, 0.0],
        [0.0, 2.0],
        [6.0, 6.0],
        [7.0, 6.0],
        [9.0, 0.0]
    ]
}

#[test]
fn documents_in_company_score_as_in_scikit_learn() {
    for place in [0, 1, 2, 3, 4] {
        let got = score(&rows(), place);
        let want = SCIKIT_LEARN[place];
        assert!(
            (got - want).abs() < 1e-5,
            "silhouette of document {place}: {got}, scikit-learn has {want}"
        );
    }
}

#[test]
fn who_is_alone_scores_nothing() {
    let got = score(&rows(), 5);
    let want = 0.0;
    assert_eq!(got, want, "silhouette of the only document in cluster 2");
}
