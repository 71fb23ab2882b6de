//! How many clusters? Every number is tried, and two scores are laid side by side.

use crate::{Clustering, SilhouetteError, assign, distances, inertia, silhouettes};
use linfa::prelude::*;
use linfa_clustering::{KMeans, KMeansError};
use ndarray::ArrayView2;
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

/// What one number of clusters gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The clusters. `iterations` is 0: linfa does not say.
    pub clustering: Clustering,
    /// The mean silhouette of all rows.
    pub silhouette: f64,
}

/// Why there is no candidate.
#[derive(Debug, thiserror::Error)]
pub enum ChoiceError {
    /// A setting that linfa refuses, or numbers that are not finite.
    #[error(transparent)]
    KMeans(#[from] KMeansError),
    /// Too few clusters, or too many.
    #[error(transparent)]
    Silhouette(#[from] SilhouetteError),
}

/// linfa's k-means from `restarts` starts, the best of which is kept. One seed, one answer.
///
/// # Errors
///
/// If `clusters` or `restarts` is 0, or if the rows hold numbers that are not finite.
pub fn fit(
    rows: ArrayView2<f32>,
    clusters: usize,
    restarts: usize,
    seed: u64,
) -> Result<Clustering, KMeansError> {
    let generator = Xoshiro256Plus::seed_from_u64(seed);
    let model = KMeans::params_with_rng(clusters, generator)
        .n_runs(restarts)
        .tolerance(1e-4)
        .fit(&DatasetBase::from(rows))?;
    let centroids = model.centroids().clone();
    // Not `model.inertia()`, which is a mean, and was taken before the centroids moved for the last time.
    let labels = assign(rows, centroids.view());
    Ok(Clustering {
        inertia: inertia(rows, centroids.view(), &labels),
        centroids,
        labels,
        iterations: 0,
    })
}

/// One candidate for each number in `clusters`, in its order, from ten starts each.
///
/// # Errors
///
/// If one of them cannot be fitted, or has no silhouette.
pub fn candidates(
    rows: ArrayView2<f32>,
    clusters: impl IntoIterator<Item = usize>,
    seed: u64,
) -> Result<Vec<Candidate>, ChoiceError> {
    let distances = distances(rows);
    let candidate = |k| {
        let clustering = fit(rows, k, 10, seed)?;
        let each = silhouettes(distances.view(), &clustering.labels)?;
        let sum: f64 = each.iter().map(|x| f64::from(*x)).sum();
        Ok(Candidate {
            clustering,
            silhouette: sum / each.len() as f64,
        })
    };
    clusters.into_iter().map(candidate).collect()
}

/// How far two groupings of the same things agree: the adjusted Rand index (Hubert and Arabie, 1985).
///
/// 1 if they are the same but for the groups' names, about 0 if they have nothing to do with each other.
///
/// # Panics
///
/// If they are not of the same length.
pub fn adjusted_rand<A: Ord, B: Ord>(a: &[A], b: &[B]) -> f64 {
    use std::collections::BTreeMap;

    assert_eq!(a.len(), b.len(), "two groupings of the same things");
    let pairs = |counts: Vec<u64>| -> f64 {
        counts
            .iter()
            .map(|n| (n * n.saturating_sub(1) / 2) as f64)
            .sum()
    };
    let (mut both, mut left, mut right) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for pair in a.iter().zip(b) {
        *both.entry(pair).or_default() += 1;
        *left.entry(pair.0).or_default() += 1;
        *right.entry(pair.1).or_default() += 1;
    }
    let together = pairs(both.into_values().collect());
    let (left, right) = (
        pairs(left.into_values().collect()),
        pairs(right.into_values().collect()),
    );
    let by_chance = left * right / pairs(vec![a.len() as u64]);
    let most = f64::midpoint(left, right);
    if most == by_chance {
        1.0
    } else {
        (together - by_chance) / (most - by_chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn three_groups_are_three() {
        let rows = array![[0.0], [1.0], [10.0], [11.0], [50.0], [51.0]];
        let got = candidates(rows.view(), 2..5, 9).unwrap();
        let best = got
            .iter()
            .max_by(|a, b| a.silhouette.total_cmp(&b.silhouette))
            .unwrap();
        assert_eq!(best.clustering.centroids.nrows(), 3);
        assert_eq!(best.clustering.inertia.round(), 2.0, "three times 2 · 0.5²");
        assert!(got.is_sorted_by(|a, b| a.clustering.inertia >= b.clustering.inertia));
    }

    #[test]
    fn agreement_does_not_depend_on_names() {
        assert_eq!(adjusted_rand(&[0, 0, 1, 1], &["b", "b", "a", "a"]), 1.0);
        // scikit-learn: adjusted_rand_score([0, 0, 1, 1], [0, 0, 1, 2]) == 0.5714285714285714
        let got = adjusted_rand(&[0, 0, 1, 1], &[0, 0, 1, 2]);
        assert!((got - 4.0 / 7.0).abs() < 1e-12);
        let got = adjusted_rand(&[0, 1, 0, 1], &[0, 0, 1, 1]);
        assert!((got + 0.5).abs() < 1e-12);
    }
}
