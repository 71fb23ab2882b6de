//! Documents that are nearly the same: the loop that a profile shows, and that is worth moving.

use rayon::prelude::*;

/// How much two sorted sets have in common: the share of all their elements that is in both. Two empty sets: 1.
///
/// ```
/// assert_eq!(case_studies::jaccard(&[1, 2, 3], &[2, 3, 4]), 0.5);
/// ```
pub fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        let order = a[i].cmp(&b[j]);
        common += usize::from(order.is_eq());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    let all = a.len() + b.len() - common;
    if all == 0 {
        1.0
    } else {
        common as f64 / all as f64
    }
}

/// The pairs of documents (sorted sets) with at least `threshold` in common, in order. All cores; the result does not
/// depend on their number. Time grows with the square of the documents.
pub fn near_duplicates(documents: &[Vec<u32>], threshold: f64) -> Vec<(usize, usize)> {
    let partners = |first: usize| -> Vec<(usize, usize)> {
        (first + 1..documents.len())
            .filter(|second| jaccard(&documents[first], &documents[*second]) >= threshold)
            .map(|second| (first, second))
            .collect()
    };
    (0..documents.len())
        .into_par_iter()
        .flat_map_iter(partners)
        .collect()
}
