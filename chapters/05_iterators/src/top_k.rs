//! The best `k` scores without sorting all of them: twice, for a stream and for a slice.

use crate::Hit;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The `k` best of `scores`, the best first; fewer if there are fewer scores.
///
/// Reads the scores once, from wherever they come, and keeps `k` of them in memory. Of a long list in random order most
/// scores cost one comparison. Ties and NaN are decided as [`Hit`] says.
///
/// ```
/// let best = iterators::top_k([0.1, 0.9, 0.5, 0.9], 3);
/// let places: Vec<usize> = best.iter().map(|hit| hit.place).collect();
/// assert_eq!(places, [1, 3, 2]);
/// ```
pub fn top_k(scores: impl IntoIterator<Item = f32>, k: usize) -> Vec<Hit> {
    // `BinaryHeap` shows its greatest item. `Reverse` turns the order round, so that it shows the worst that was kept.
    let mut kept: BinaryHeap<Reverse<Hit>> = BinaryHeap::new();
    for (place, score) in scores.into_iter().enumerate() {
        let hit = Hit { place, score };
        if kept.len() < k {
            kept.push(Reverse(hit));
        } else if let Some(mut worst) = kept.peek_mut()
            && hit > worst.0
        {
            // Most scores of a long list end at the comparison. The heap mends itself when `worst` is dropped.
            *worst = Reverse(hit);
        }
    }
    // In the reversed order, ascending means the best first.
    kept.into_sorted_vec()
        .into_iter()
        .map(|Reverse(hit)| hit)
        .collect()
}

/// As [`top_k`], for scores that are all there: gathers the best `k` at the front and sorts only those.
///
/// Needs a list of all hits, and about `2 n` comparisons whatever `k` is.
pub fn top_k_of_slice(scores: &[f32], k: usize) -> Vec<Hit> {
    let mut hits: Vec<Hit> = scores
        .iter()
        .enumerate()
        .map(|(place, &score)| Hit { place, score })
        .collect();
    if k < hits.len() {
        hits.select_nth_unstable_by(k, |a, b| b.cmp(a));
        hits.truncate(k);
    }
    // 'Unstable' is no loss: no two hits are equal, since their places differ.
    hits.sort_unstable_by(|a, b| b.cmp(a));
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;
    use std::cell::Cell;
    use std::cmp::Ordering;

    /// What both must agree with: a stable sort by score, so that ties keep their order.
    fn by_sorting(scores: &[f32], k: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = scores
            .iter()
            .enumerate()
            .map(|(place, &score)| Hit { place, score })
            .collect();
        let rank = |hit: &Hit| {
            if hit.score.is_nan() {
                f32::NEG_INFINITY
            } else {
                hit.score
            }
        };
        hits.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        hits.truncate(k);
        hits
    }

    #[test]
    fn keeps_k_scores_of_a_stream() {
        let used = measure(|| {
            top_k((0..100_000).map(|n| (n % 977) as f32), 10);
        });
        assert!(used.bytes_max <= 1_024, "{} bytes", used.bytes_max);
    }

    #[test]
    fn selecting_compares_less_than_sorting() {
        // A fixed shuffle of 0..4,099, which is a prime.
        let items = || {
            (0..4_099_u64)
                .map(|n| n * 1_234 % 4_099)
                .collect::<Vec<_>>()
        };
        let compared = Cell::new(0);
        let compare = |a: &u64, b: &u64| -> Ordering {
            compared.set(compared.get() + 1);
            b.cmp(a)
        };
        items().sort_by(compare);
        let sorting = compared.take();
        items().select_nth_unstable_by(10, compare);
        let selecting = compared.take();
        assert!(selecting * 2 < sorting, "{selecting} against {sorting}");
    }

    /// Few scores, so that there are ties.
    fn score() -> impl Strategy<Value = f32> {
        prop::sample::select(vec![-2.0, 0.0, 0.5, 0.75, 3.0, f32::NAN, -f32::NAN])
    }

    proptest! {
        #[test]
        fn all_three_agree(
            scores in prop::collection::vec(score(), 0..60),
            k in 0_usize..70,
        ) {
            let want = by_sorting(&scores, k);
            prop_assert_eq!(&top_k(scores.iter().copied(), k), &want);
            prop_assert_eq!(&top_k_of_slice(&scores, k), &want);
        }
    }
}
